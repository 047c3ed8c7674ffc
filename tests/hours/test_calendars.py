"""Calendars agree, to the minute, with a slow model that looks at a clock on the wall."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget_server.hours.calendars import (
    DAY,
    Calendar,
    add_working_days,
    add_working_time,
    holidays_of,
    next_change,
    state,
)

MINUTE = timedelta(minutes=1)
ZONES = ["Europe/Madrid", "America/Santiago", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]
#: Around nights the clocks change in one of the zones.
MOMENTS = [
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 4, 5, tzinfo=UTC),
    datetime(2026, 9, 6, tzinfo=UTC),
    datetime(2026, 10, 4, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
]

intervals = st.lists(
    st.tuples(st.integers(0, DAY - 1), st.integers(1, DAY)).map(lambda pair: pair), max_size=3
).map(tuple)
weeks = st.lists(intervals, min_size=7, max_size=7).map(tuple)


@st.composite
def calendars(draw):
    day = draw(st.sampled_from(MOMENTS)).date()
    exceptions = draw(
        st.dictionaries(
            st.integers(-2, 3).map(lambda n: day + timedelta(days=n)), intervals, max_size=2
        )
    )
    return Calendar(draw(st.sampled_from(ZONES)), draw(weeks), exceptions)


@st.composite
def moments(draw):
    return draw(st.sampled_from(MOMENTS)) + timedelta(minutes=draw(st.integers(-2_000, 2_000)))


def open_minutes(calendar, first, last):
    """The slow model: every minute from ``first`` on, is some interval of some day running?"""
    zone = ZoneInfo(calendar.zone)
    begin = first - timedelta(days=4)
    minutes = [begin + MINUTE * n for n in range(int((last - begin) / MINUTE) + 3 * DAY)]
    shown = [at.astimezone(zone).replace(tzinfo=None) for at in minutes]
    opened = [False] * len(minutes)
    day = shown[0].date() + timedelta(days=1)
    while day < shown[-1].date() - timedelta(days=1):
        midnight = datetime.combine(day, datetime.min.time())
        for start, end in calendar.of(day):
            from_ = midnight + MINUTE * start
            until = midnight + MINUTE * (end if end > start else end + DAY)
            first_at = next(n for n, clock in enumerate(shown) if clock >= from_)
            last_at = max(n for n, clock in enumerate(shown) if clock < until)
            for number in range(first_at, last_at + 1):
                opened[number] = True
        day += timedelta(days=1)
    at = int((first - begin) / MINUTE)
    return opened[at : at + int((last - first) / MINUTE)]


@settings(deadline=None, max_examples=120)
@given(calendar=calendars(), at=moments())
def test_state_and_next_change_agree_with_the_clock_on_the_wall(calendar, at):
    opened = open_minutes(calendar, at, at + timedelta(days=3))
    assert state(calendar, at) is opened[0]
    change = next_change(calendar, at)
    model = next((n for n, now in enumerate(opened) if now is not opened[0]), None)
    if model is not None:
        assert change == at + MINUTE * model
    elif change is not None:
        assert change >= at + timedelta(days=3)


@settings(deadline=None, max_examples=200)
@given(calendar=calendars(), at=moments())
def test_a_change_is_later_and_a_real_change(calendar, at):
    change = next_change(calendar, at)
    if change is not None:
        assert change > at
        assert state(calendar, change) is not state(calendar, at)
        assert state(calendar, change - timedelta(seconds=1)) is state(calendar, at)


@settings(deadline=None, max_examples=80)
@given(calendar=calendars(), at=moments(), minutes=st.integers(1, 600))
def test_working_time_is_the_open_minutes_that_passed(calendar, at, minutes):
    end = add_working_time(calendar, at, minutes * 60)
    if end is None or end - at > timedelta(days=3):
        return
    opened = open_minutes(calendar, at, at + timedelta(days=3))
    assert sum(opened[: int((end - at) / MINUTE)]) == minutes
    assert opened[int((end - at) / MINUTE) - 1]


@settings(deadline=None, max_examples=200)
@given(calendar=calendars(), day=st.sampled_from(MOMENTS), count=st.integers(1, 30))
def test_working_days_are_the_days_with_hours(calendar, day, count):
    found = add_working_days(calendar, day.date(), count)
    days = [day.date() + timedelta(days=n) for n in range(1, 3_000)]
    worked = [each for each in days if calendar.of(each)]
    assert found == (worked[count - 1] if len(worked) >= count and found else found)
    if found is not None:
        assert sum(bool(calendar.of(each)) for each in days if each <= found) == count


OFFICE = Calendar("Europe/Madrid", (((540, 1_080),),) * 5 + ((), ()), country="ES", region="MD")


def at(text, zone="Europe/Madrid"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_the_office_closes_at_six_and_opens_on_monday():
    assert state(OFFICE, at("2026-11-20T17:59:59"))
    assert next_change(OFFICE, at("2026-11-20T17:59:50")) == at("2026-11-20T18:00")
    assert not state(OFFICE, at("2026-11-20T18:00"))
    assert next_change(OFFICE, at("2026-11-20T18:00")) == at("2026-11-23T09:00")


def test_a_holiday_on_monday_is_closed():
    assert date(2026, 10, 12) in holidays_of("ES", "MD", 2026)
    assert next_change(OFFICE, at("2026-10-09T18:00")) == at("2026-10-13T09:00")
    assert add_working_days(OFFICE, date(2026, 10, 9), 1) == date(2026, 10, 13)


def test_a_place_nobody_knows_is_an_error():
    with pytest.raises(ValueError, match="No holidays are known for XX"):
        holidays_of("XX", None, 2026)


@pytest.mark.parametrize(
    ("zone", "night", "hours"),
    [
        ("Europe/Madrid", "2026-03-28", 3),
        ("Europe/Madrid", "2026-10-24", 5),
        ("America/Santiago", "2026-04-04", 5),
        ("America/Santiago", "2026-09-05", 3),
        ("Australia/Lord_Howe", "2026-04-04", 4.5),
        ("Australia/Lord_Howe", "2026-10-03", 3.5),
        ("Europe/Madrid", "2026-11-20", 4),
    ],
)
def test_a_shift_from_ten_to_two_lasts_what_the_night_lasts(zone, night, hours):
    # On these nights the clocks change between ten in the evening and four in the morning.
    end = 240 if zone == "Europe/Madrid" or zone == "Australia/Lord_Howe" else 120
    start = 0 if end == 240 else 1_320
    day = date.fromisoformat(night) + timedelta(days=1) if end == 240 else date.fromisoformat(night)
    calendar = Calendar(zone, exceptions={day: ((start, end),)})
    noon = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)) - timedelta(hours=3)
    begin = next_change(calendar, noon.astimezone(UTC))
    assert (next_change(calendar, begin) - begin) == timedelta(hours=hours)


def test_a_calendar_that_never_opens_or_never_closes_has_no_change():
    assert next_change(Calendar("UTC"), MOMENTS[0]) is None
    assert add_working_time(Calendar("UTC"), MOMENTS[0], 60) is None
    assert add_working_days(Calendar("UTC"), MOMENTS[0].date(), 1) is None
    always = Calendar("UTC", (((0, DAY),),) * 7)
    assert state(always, MOMENTS[0])
    assert next_change(always, MOMENTS[0]) is None


@pytest.mark.parametrize(
    ("zone", "hours", "closes"),
    [
        ("Europe/Madrid", (1_200, 120), "2026-10-25T02:00+02:00"),
        ("Europe/London", (1_200, 60), "2026-10-25T01:00+01:00"),
        ("Atlantic/Azores", (540, DAY), "2026-10-25T00:00+00:00"),
    ],
)
def test_an_hour_shown_twice_is_after_what_ends_when_it_begins(zone, hours, closes):
    calendar = Calendar(zone, exceptions={date(2026, 10, 24): (hours,)})
    opens = next_change(calendar, at("2026-10-24T00:00", zone))
    assert next_change(calendar, opens) == datetime.fromisoformat(closes).astimezone(UTC)


@pytest.mark.parametrize(("start", "end"), [(150, 600), (60, 150)])
def test_what_the_clocks_jump_over_is_the_moment_they_jump(start, end):
    calendar = Calendar("Europe/Madrid", exceptions={date(2026, 3, 29): ((start, end),)})
    opens = next_change(calendar, at("2026-03-28T12:00"))
    assert at("2026-03-29T03:00") in (opens, next_change(calendar, opens))
