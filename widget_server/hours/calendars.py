"""When somebody is there: a week of hours in a time zone, holidays, and days that are different.

Pure functions of a calendar and a moment. An interval runs from the first moment its zone's clocks
show the start to the last moment they show less than the end, so that a night the clocks change has
one interval, shorter or longer, and never two.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 1_440

#: Days looked ahead for a change; a calendar closed for longer has none worth telling.
HORIZON = 400

#: Minutes after midnight, start and end; an end at or before the start is on the next day.
Interval = tuple[int, int]
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Calendar:
    """Hours by weekday (0 is Monday); ``exceptions`` replace a day's hours, empty is closed."""

    zone: str
    week: tuple[tuple[Interval, ...], ...] = ((),) * 7
    exceptions: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    country: str | None = None
    region: str | None = None

    def of(self, day: date) -> tuple[Interval, ...]:
        """Return the intervals that begin on a day."""
        if day in self.exceptions:
            return self.exceptions[day]
        if self.country and day in holidays_of(self.country, self.region, day.year):
            return ()
        return self.week[day.weekday()]


@lru_cache(maxsize=512)
def holidays_of(
    country: str, region: str | None, year: int, language: str | None = None
) -> Mapping[date, str]:
    """Return a year's public holidays by date, named in ``language`` where names are known in it.

    Raises :exc:`ValueError` for an unknown place.
    """
    import holidays  # Large, and only calendars that name a country need it.

    try:
        found = holidays.country_holidays(country, subdiv=region, years=year, language=language)
    except NotImplementedError as error:
        place = f"{country}-{region}" if region else country
        raise ValueError(f"No holidays are known for {place}.") from error
    return dict(found.items())


def state(calendar: Calendar, at: datetime) -> bool:
    """Is it open at ``at``?"""
    return any(begin <= at < end for begin, end in _around(calendar, at))


def next_change(calendar: Calendar, at: datetime) -> datetime | None:
    """Return when open turns closed or closed open, later than ``at``; ``None`` if it does not."""
    first = _local(calendar, at).date() - timedelta(days=2)
    for begin, end in spans(calendar, first, first + timedelta(days=HORIZON)):
        if begin > at:
            return begin
        if end > at:
            return end if (end - at).days < HORIZON - 3 else None
    return None


def spans(calendar: Calendar, first: date, last: date) -> Iterator[Span]:
    """Yield the open times that begin between two days, in UTC, those that touch joined."""
    waiting: Span | None = None
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for start, end in sorted(calendar.of(day)):
            until = end if end > start else end + DAY
            span = (_instant(calendar.zone, day, start), _instant(calendar.zone, day, until, True))
            if span[0] >= span[1]:
                continue  # The clocks jumped over it.
            if waiting is None:
                waiting = span
            elif span[0] <= waiting[1]:
                waiting = (waiting[0], max(waiting[1], span[1]))
            else:
                yield waiting
                waiting = span
    if waiting is not None:
        yield waiting


def add_working_time(calendar: Calendar, at: datetime, seconds: float) -> datetime | None:
    """Return when ``seconds`` of open time have passed; ``None`` if the calendar never opens."""
    left = timedelta(seconds=seconds)
    first = _local(calendar, at).date() - timedelta(days=2)
    for begin, end in spans(calendar, first, first + timedelta(days=HORIZON)):
        begin = max(begin, at)
        if begin >= end:
            continue
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return None


def add_working_days(calendar: Calendar, day: date, count: int) -> date | None:
    """Return the ``count``-th day with hours after ``day``; ``None`` if there is none in time."""
    found = day
    while count > 0:
        found += timedelta(days=1)
        if (found - day).days > HORIZON * 5:
            return None
        count -= bool(calendar.of(found))
    return found


def _around(calendar: Calendar, at: datetime) -> Iterator[Span]:
    day = _local(calendar, at).date()
    return spans(calendar, day - timedelta(days=2), day + timedelta(days=1))


def _local(calendar: Calendar, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(calendar.zone))


@lru_cache(maxsize=8_192)
def _instant(zone: str, day: date, minutes: int, last: bool = False) -> datetime:
    """Return the moment clocks show a time: the first, or the last if they show it twice.

    A time they jump over is the moment of the jump.
    """
    place = ZoneInfo(zone)
    shown = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    moment = shown.replace(tzinfo=place, fold=int(last)).astimezone(UTC)
    if last and (moment - timedelta(seconds=1)).astimezone(place).replace(tzinfo=None) > shown:
        # With this time the clocks are set back: later they show nothing less.
        return shown.replace(tzinfo=place).astimezone(UTC)
    if moment.astimezone(place).replace(tzinfo=None) == shown:
        return moment
    # In a gap the two readings lie on both sides of the jump.
    low = shown.replace(tzinfo=place, fold=1).astimezone(UTC)
    high = shown.replace(tzinfo=place, fold=0).astimezone(UTC)
    before = low.astimezone(place).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(place).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
