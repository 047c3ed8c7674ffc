"""Days of a site: what today is there, when an offer ends, when work is done."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..clock import stamp, utcnow
from ..errors import Invalid
from ..hours.calendars import Calendar, add_working_days
from ..sites import contact

#: Monday to Friday, for a site that says nothing else.
WEEK: tuple[tuple[tuple[int, int], ...], ...] = (((540, 1_080),),) * 5 + ((), ())

#: Working days of lead time at most.
LONGEST_LEAD = 250


def calendar_of(settings: dict[str, Any]) -> Calendar:
    """Return whose days are working days: the calendar chosen for orders, the promise's, any."""
    known = contact.calendars(settings)
    names = (
        (settings.get("orders") or {}).get("calendar"),
        (settings.get("contact") or {}).get("answer_calendar"),
    )
    chosen = next((known[name] for name in names if name in known), None)
    return chosen or next(iter(known.values()), None) or Calendar("UTC", WEEK)


def zone(settings: dict[str, Any]) -> ZoneInfo:
    return ZoneInfo(calendar_of(settings).zone)


def today(settings: dict[str, Any], at: datetime | None = None) -> date:
    """Return the day it is at the site."""
    return (at or utcnow()).astimezone(zone(settings)).date()


def ready_on(settings: dict[str, Any], start: date, lead_days: int) -> date | None:
    """Return when work begun on a day is done; ``None`` for a calendar without working days.

    With no lead time it is the day itself, or the first working day after it.
    """
    calendar = calendar_of(settings)
    if lead_days == 0:
        return add_working_days(calendar, start - timedelta(days=1), 1)
    return add_working_days(calendar, start, lead_days)


def noon_of(settings: dict[str, Any], day: date) -> str:
    return stamp(datetime.combine(day, time(12)).replace(tzinfo=zone(settings)))


def arrived(settings: dict[str, Any], day: date | None, ordered: datetime) -> str:
    """Return when a transfer came: now, or at noon of a day since the order was made.

    Raises :exc:`Invalid` for any other day.
    """
    now = today(settings)
    if day is None or day == now:
        return stamp()
    first = today(settings, ordered)
    if not first <= day < now:
        raise Invalid(fields={"on": [f"A day from {first.isoformat()} to {now.isoformat()}."]})
    return noon_of(settings, day)


def end_of(settings: dict[str, Any], day: date) -> str:
    """Return the moment a day is over at the site: its midnight, whatever the clocks do."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    return stamp(midnight.replace(tzinfo=zone(settings)))
