"""Calendars as people write them: ``09:00-14:00``, a zone, a country for its holidays."""

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from ..errors import Invalid
from .calendars import DAY, Calendar, Interval, holidays_of

TIMES = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")

#: Intervals of one day, and days that are different, at most.
INTERVALS, EXCEPTIONS = 6, 120


def read(data: dict[str, Any]) -> Calendar:
    """Return the calendar that settings describe; raise :exc:`Invalid` naming what is wrong."""
    week = data.get("week") or [[]] * 7
    if not isinstance(week, list) or len(week) != 7:
        raise Invalid(fields={"week": ["Seven days, Monday first."]})
    calendar = Calendar(
        zone=_zone(data.get("zone")),
        week=tuple(intervals(day, f"week.{number}") for number, day in enumerate(week)),
        exceptions=_exceptions(data.get("exceptions") or {}),
        country=(data.get("country") or None),
        region=(data.get("region") or None),
    )
    if calendar.country:
        try:
            holidays_of(calendar.country, calendar.region, 2026)
        except ValueError as error:
            raise Invalid(fields={"country": [str(error)]}) from error
    return calendar


def intervals(written: Any, field: str) -> tuple[Interval, ...]:
    """Return ``["09:00-14:00"]`` in minutes. An end at or before its start is on the next day."""
    if not isinstance(written, list) or len(written) > INTERVALS:
        raise Invalid(fields={field: [f"At most {INTERVALS} intervals a day."]})
    found = []
    for text in written:
        match = TIMES.fullmatch(str(text).strip())
        if match is None:
            raise Invalid(fields={field: [f"Write 09:00-14:00, not {text!r}."]})
        hour, minute, to_hour, to_minute = map(int, match.groups())
        start, end = hour * 60 + minute, to_hour * 60 + to_minute
        if minute > 59 or to_minute > 59 or start >= DAY or end > DAY:
            raise Invalid(fields={field: [f"{text!r} is no time of day."]})
        if start == end:
            raise Invalid(fields={field: [f"{text!r} has no length; all day is 00:00-24:00."]})
        found.append((start, end))
    return tuple(found)


def _zone(name: Any) -> str:
    if not isinstance(name, str) or name not in available_timezones():
        raise Invalid(fields={"zone": ["Pick a time zone such as Europe/Madrid."]})
    return str(ZoneInfo(name).key)


def _exceptions(written: Any) -> dict[date, tuple[Interval, ...]]:
    if not isinstance(written, dict) or len(written) > EXCEPTIONS:
        raise Invalid(fields={"exceptions": [f"At most {EXCEPTIONS} days."]})
    found = {}
    for text, hours in written.items():
        try:
            day = date.fromisoformat(text)
        except (ValueError, TypeError) as error:
            raise Invalid(fields={"exceptions": [f"{text!r} is no date."]}) from error
        found[day] = intervals(hours, f"exceptions.{text}")
    return found
