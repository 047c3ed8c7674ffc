"""Hours and channels as a form, and back; and what the hours mean for the next fourteen days."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_skeleton

from ...errors import Invalid
from ...hours.calendars import DAY, Calendar, holidays_of
from ...sites.models import Site
from ..language import Words

#: Days shown ahead, and empty channels offered below the ones there are.
AHEAD, SPARE = 14, 2

CALENDAR = ("zone", "country", "region", "exceptions")


@cache
def zones() -> list[str]:
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")


def form(settings: dict[str, Any]) -> dict[str, Any]:
    """Return a site's hours and channels as they stand in the form's fields."""
    first = (settings["calendars"] or [{}])[0]
    week = first.get("week") or [[]] * 7
    lines = [
        f"{day} {', '.join(hours)}".strip()
        for day, hours in (first.get("exceptions") or {}).items()
    ]
    return {
        "answer_hours": settings["contact"]["answer_hours"] or "",
        "working": bool(settings["contact"].get("answer_calendar")),
        "zone": first.get("zone") or "Europe/Madrid",
        "country": first.get("country") or "",
        "region": first.get("region") or "",
        "exceptions": "\n".join(lines),
        "week": [", ".join(day) for day in week],
        "channels": [
            {
                "kind": each["kind"],
                "value": each["value"],
                "label": next(iter((each.get("label") or {}).values()), ""),
                "hours": bool(each.get("calendar")),
            }
            for each in settings["channels"]
        ]
        + [{"kind": "", "value": "", "label": "", "hours": True}] * SPARE,
    }


def typed(sent: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields as they were sent, to be shown again if they are refused."""
    rows = sorted(
        int(match[1]) for name in sent if (match := re.fullmatch(r"kind-(\d{1,2})", name))
    )
    return {
        "answer_hours": sent.get("answer_hours", ""),
        "working": "working" in sent,
        **{name: sent.get(name, "")[:8_000] for name in CALENDAR},
        "week": [sent.get(f"day-{day}", "")[:200] for day in range(7)],
        "channels": [
            {
                "kind": sent.get(f"kind-{row}", ""),
                "value": sent.get(f"value-{row}", "")[:254],
                "label": sent.get(f"label-{row}", "")[:60],
                "hours": f"hours-{row}" in sent,
            }
            for row in rows
        ],
    }


def settings(site: Site, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the settings the fields ask for. Raises :exc:`Invalid` for what cannot be read."""
    week = [_hours(day) for day in fields["week"]]
    exceptions = _exceptions(fields["exceptions"])
    used = any(week) or bool(exceptions)
    before = site.settings.get("calendars") or []
    name = before[0]["id"] if before else "main"
    calendar = {
        "id": name,
        "zone": fields["zone"],
        "week": week,
        "country": fields["country"].strip().upper() or None,
        "region": fields["region"].strip().upper() or None,
        "exceptions": exceptions,
    }
    old = site.settings.get("contact") or {}
    return {
        "calendars": ([calendar] if used else []) + before[1:],
        "channels": [
            _channel(site, each, name if used else None)
            for each in fields["channels"]
            if each["value"].strip()
        ],
        "contact": {
            **old,
            "answer_hours": _answer_hours(fields["answer_hours"]),
            "answer_calendar": name if fields["working"] and used else None,
        },
    }


def _channel(site: Site, fields: dict[str, Any], calendar: str | None) -> dict[str, Any]:
    value = fields["value"].strip()
    if fields["kind"] != "email":
        value = re.sub(r"[\s().-]", "", value)
    label = fields["label"].strip()
    languages = site.settings.get("languages") or ["es", "en"]
    return {
        "kind": fields["kind"],
        "value": value,
        "label": dict.fromkeys(languages, label) if label else {},
        "calendar": calendar if fields["hours"] and fields["kind"] != "email" else None,
    }


def _hours(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


def _exceptions(text: str) -> dict[str, list[str]]:
    found = {}
    for line in text.splitlines():
        day, _, hours = line.strip().partition(" ")
        if day:
            found[day] = _hours(hours)
    return found


def _answer_hours(text: Any) -> float | None:
    if str(text).strip() in ("", "0"):
        return None
    try:
        hours = float(str(text).replace(",", "."))
    except ValueError as error:
        raise Invalid(fields={"answer_hours": ["A number of hours."]}) from error
    if not 0 < hours <= 1_000:
        raise Invalid(fields={"answer_hours": ["From 1 to 1000 hours."]})
    return int(hours) if hours.is_integer() else hours


def days(calendars: dict[str, Calendar], now: datetime, words: Words) -> list[dict[str, Any]]:
    """Return the next days of the first calendar: its hours, and the holiday that closes it."""
    calendar = next(iter(calendars.values()), None)
    if calendar is None:
        return []
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    shown = []
    for number in range(AHEAD):
        day = today + timedelta(days=number)
        named = (
            holidays_of(calendar.country, calendar.region, day.year, words.language)
            if calendar.country
            else {}
        )
        shown.append(
            {
                "day": str(format_skeleton("EEEMMMd", day, locale=words.language)),
                "hours": [f"{_clock(start)}–{_clock(end)}" for start, end in calendar.of(day)],
                "holiday": named.get(day) if day not in calendar.exceptions else None,
            }
        )
    return shown


def _clock(minutes: int) -> str:
    return "24:00" if minutes == DAY else f"{minutes // 60:02}:{minutes % 60:02}"
