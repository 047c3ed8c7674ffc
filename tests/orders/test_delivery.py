"""When work is done: working days of the site's calendar, from payment or from today."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from widget_server.clock import parse
from widget_server.orders import delivery
from widget_server.sites.look import complete

from .conftest import MADRID

SETTINGS = complete(MADRID)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@effort(deadline=None)
@given(days, st.integers(0, 250))
def test_as_many_working_days_lie_between_as_promised(start, lead):
    ready = delivery.ready_on(SETTINGS, start, lead)
    calendar = delivery.calendar_of(SETTINGS)
    assert calendar.of(ready)
    between = [start + timedelta(days=n) for n in range(1, (ready - start).days + 1)]
    worked = sum(bool(calendar.of(day)) for day in between)
    assert worked == lead if lead else worked <= 1


@effort(deadline=None)
@given(days, st.integers(0, 250))
def test_a_later_start_is_never_done_earlier(start, lead):
    assert delivery.ready_on(SETTINGS, start + timedelta(days=1), lead) >= delivery.ready_on(
        SETTINGS, start, lead
    )


def test_holidays_and_weekends_are_skipped():
    friday = date(2026, 12, 4)
    assert delivery.ready_on(SETTINGS, friday, 2) == date(2026, 12, 9)


def test_without_a_calendar_weekdays_count():
    assert delivery.ready_on(complete({}), date(2026, 12, 4), 1) == date(2026, 12, 7)


def test_a_calendar_that_never_opens_promises_nothing():
    never = complete({"calendars": [{"id": "a", "zone": "UTC", "week": [[]] * 7}]})
    assert delivery.ready_on(never, date(2026, 12, 4), 1) is None


@effort(deadline=None)
@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_day_ends_at_the_sites_midnight(day):
    end = delivery.end_of(SETTINGS, day)
    assert delivery.today(SETTINGS, parse(end)) == day + timedelta(days=1)
    before = parse(end) - timedelta(microseconds=1)
    assert delivery.today(SETTINGS, before) == day
