"""Hours and channels as a form, and back; and what the hours mean for the next fourteen days."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_skeleton

from ...errors import Invalid
from ...hours.calendars import DAY, Calendar, holidays_of
from ...sites.models import Site
from ..language import Words

#: Days shown ahead, and empty channels offered below the ones there are.
AHEAD, SPARE = 14, 2

#: Fields of a calendar beside its seven days.
PARTS = ("id", "name", "zone", "country", "region", "exceptions")


@cache
def zones() -> list[str]:
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")


def form(settings: dict[str, Any]) -> dict[str, Any]:
    """Return a site's hours and channels as they stand in the form, with an empty one of each."""
    return {
        "answer_hours": settings["contact"]["answer_hours"] or "",
        "answer_calendar": settings["contact"].get("answer_calendar") or "",
        "calendars": [_calendar(each) for each in (*settings["calendars"], {})],
        "channels": [
            {
                "kind": each["kind"],
                "value": each["value"],
                "label": next(iter((each.get("label") or {}).values()), ""),
                "calendar": each.get("calendar") or "",
            }
            for each in settings["channels"]
        ]
        + [{"kind": "", "value": "", "label": "", "calendar": ""}] * SPARE,
    }


def _calendar(calendar: dict[str, Any]) -> dict[str, Any]:
    days = (calendar.get("exceptions") or {}).items()
    return {
        "id": calendar.get("id") or "",
        "name": calendar.get("name") or "",
        "zone": calendar.get("zone") or "Europe/Madrid",
        "country": calendar.get("country") or "",
        "region": calendar.get("region") or "",
        "exceptions": "\n".join(f"{day} {', '.join(hours)}".strip() for day, hours in days),
        "week": [", ".join(day) for day in calendar.get("week") or [[]] * 7],
    }


def typed(sent: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields as they were sent, to be shown again if they are refused."""
    return {
        "answer_hours": sent.get("answer_hours", ""),
        "answer_calendar": sent.get("answer_calendar", ""),
        "calendars": [
            {name: sent.get(f"{name}-{row}", "")[:8_000] for name in PARTS}
            | {"week": [sent.get(f"day-{row}-{day}", "")[:200] for day in range(7)]}
            for row in _rows(sent, "zone")
        ],
        "channels": [
            {
                "kind": sent.get(f"kind-{row}", ""),
                "value": sent.get(f"value-{row}", "")[:254],
                "label": sent.get(f"label-{row}", "")[:60],
                "calendar": sent.get(f"calendar-{row}", "")[:40],
            }
            for row in _rows(sent, "kind")
        ],
    }


def _rows(sent: Mapping[str, str], name: str) -> list[int]:
    found = (re.fullmatch(rf"{name}-(\d{{1,2}})", each) for each in sent)
    return sorted(int(match[1]) for match in found if match)


def settings(site: Site, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the settings the fields ask for. Raises :exc:`Invalid` for what cannot be read."""
    calendars = [_read(each) for each in fields["calendars"]]
    kept = [each for each in calendars if any(each["week"]) or each["exceptions"]]
    known = {each["id"] for each in kept if each["id"]}
    for number, each in enumerate(kept, 1):
        free = (name for nth in count(number) if (name := f"hours-{nth}") not in known)
        each["id"] = each["id"] or next(free)
        known.add(each["id"])
    chosen = fields["answer_calendar"]
    return {
        "calendars": kept,
        "channels": [
            _channel(site, each, known) for each in fields["channels"] if each["value"].strip()
        ],
        "contact": {
            **(site.settings.get("contact") or {}),
            "answer_hours": _answer_hours(fields["answer_hours"]),
            "answer_calendar": chosen if chosen in known else None,
        },
    }


def _read(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": fields["id"],
        "name": fields["name"].strip()[:60],
        "zone": fields["zone"],
        "week": [_hours(day) for day in fields["week"]],
        "country": fields["country"].strip().upper() or None,
        "region": fields["region"].strip().upper() or None,
        "exceptions": _exceptions(fields["exceptions"]),
    }


def _channel(site: Site, fields: dict[str, Any], known: set[str]) -> dict[str, Any]:
    value = fields["value"].strip()
    if fields["kind"] != "email":
        value = re.sub(r"[\s().-]", "", value)
    label = fields["label"].strip()
    languages = site.settings.get("languages") or ["es", "en"]
    stood = [
        each["label"]
        for each in site.settings.get("channels") or []
        if (each["kind"], each["value"]) == (fields["kind"], value) and each.get("label")
    ]
    # The form shows one language of it; unchanged, the others stay.
    kept = next((each for each in stood if next(iter(each.values())) == label), None)
    return {
        "kind": fields["kind"],
        "value": value,
        "label": kept or (dict.fromkeys(languages, label) if label else {}),
        "calendar": fields["calendar"] if fields["calendar"] in known else None,
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


def days(calendar: Calendar, now: datetime, words: Words) -> list[dict[str, Any]]:
    """Return a calendar's next days: its hours, and the holiday that closes it."""
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
