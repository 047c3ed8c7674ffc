"""How a site is reached: its channels, each with its hours, and the answer it promises."""

import json
import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from marshmallow import ValidationError

from ..clock import utcnow
from ..errors import Invalid
from ..hours.calendars import Calendar, add_working_time, next_change, spans, state
from ..hours.reading import read
from ..wire import address
from .look import complete

PHONE, WHATSAPP, EMAIL = "phone", "whatsapp", "email"
KINDS = (PHONE, WHATSAPP, EMAIL)

#: Days of opening times a page is given, so that it needs to ask for none.
DAYS = 14

CHANNELS, CALENDARS = 8, 12

E164 = re.compile(r"\+[1-9]\d{6,14}")


def calendars(settings: dict[str, Any]) -> dict[str, Calendar]:
    """Return a site's calendars by id."""
    return _calendars(json.dumps(settings.get("calendars") or [], sort_keys=True))


@lru_cache(maxsize=256)
def _calendars(written: str) -> dict[str, Calendar]:
    return {each["id"]: read(each) for each in json.loads(written)}


def zone(settings: dict[str, Any]) -> str:
    """Return the time zone a site's promises are kept in."""
    known = calendars(settings)
    chosen = known.get((settings.get("contact") or {}).get("answer_calendar") or "")
    return next((each.zone for each in (chosen, *known.values()) if each), "UTC")


def channels(settings: dict[str, Any], now: datetime | None = None) -> list[dict[str, Any]]:
    """Return what a page shows: each channel with its opening times in minutes since 1970.

    ``open``: begin and end of each span in turn; ``None`` is always open.
    """
    now = now or utcnow()
    known = calendars(settings)
    return [
        {
            "kind": each["kind"],
            "value": each["value"],
            "label": each.get("label") or {},
            "open": _times(known[each["calendar"]], now) if each.get("calendar") else None,
        }
        for each in settings.get("channels") or []
    ]


def _times(calendar: Calendar, now: datetime) -> list[int]:
    first = now.date() - timedelta(days=2)
    times: list[int] = []
    for begin, end in spans(calendar, first, now.date() + timedelta(days=DAYS)):
        if end > now:
            times += [int(begin.timestamp()) // 60, int(end.timestamp()) // 60]
    return times


def promised(settings: str, since: datetime) -> datetime | None:
    """Return until when who waits since then is answered; ``settings``: a site's, as text."""
    hours, calendar = _promise(settings)
    if not hours:
        return None
    if calendar is None:
        return since + timedelta(hours=hours)
    return add_working_time(calendar, since, hours * 3_600)


@lru_cache(maxsize=256)
def _promise(settings: str) -> tuple[float | None, Calendar | None]:
    full = complete(json.loads(settings))
    name = full["contact"].get("answer_calendar")
    return full["contact"]["answer_hours"], calendars(full).get(name) if name else None


def check(settings: dict[str, Any]) -> None:
    """Raise :exc:`Invalid` naming every fault of a site's calendars and channels."""
    written = settings.get("calendars") or []
    if len(written) > CALENDARS:
        raise Invalid(fields={"calendars": [f"At most {CALENDARS}."]})
    known = set()
    for each in written:
        if not re.fullmatch(r"[a-z0-9-]{1,40}", str(each.get("id", ""))) or each["id"] in known:
            raise Invalid(fields={"id": ["Letters, digits and hyphens, each once."]})
        known.add(each["id"])
        read(each)
    if len(settings.get("channels") or []) > CHANNELS:
        raise Invalid(fields={"channels": [f"At most {CHANNELS}."]})
    for channel in settings.get("channels") or []:
        _check_channel(channel, known)
    chosen = (settings.get("contact") or {}).get("answer_calendar")
    if chosen and chosen not in known:
        raise Invalid(fields={"answer_calendar": ["There is no such calendar."]})


def _check_channel(channel: dict[str, Any], known: set[str]) -> None:
    kind, value = channel.get("kind"), str(channel.get("value", ""))
    if kind not in KINDS:
        raise Invalid(fields={"kind": [f"One of {', '.join(KINDS)}."]})
    if kind == EMAIL:
        try:
            address(value)
        except ValidationError as error:
            raise Invalid(fields={"value": error.messages}) from error
    elif not E164.fullmatch(value):
        raise Invalid(
            fields={"value": ["Write the number with its country, such as +34600000000."]}
        )
    if channel.get("calendar") and channel["calendar"] not in known:
        raise Invalid(fields={"calendar": ["There is no such calendar."]})


def preview(calendar: Calendar, now: datetime) -> tuple[bool, datetime | None]:
    """Return whether it is open now, and when that changes."""
    return state(calendar, now), next_change(calendar, now)
