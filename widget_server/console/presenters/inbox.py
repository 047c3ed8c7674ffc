"""The inbox as it is shown: rows with names, and a mark that changes whenever they do."""

import hashlib
import json
import re
from typing import Any

from ...clock import stamp
from ...sites.models import Site
from ...tickets.due import SOON
from ...tickets.inbox import COUNTED, Row
from ...tickets.snoozing import is_for_a_reply
from ..language import Words
from .people import name_of

ACCENT = re.compile(r"#[0-9a-fA-F]{6}")


def row(row: Row, words: Words, agents: dict[int, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "state": row.state,
        "progress": row.progress,
        "updated_at": row.updated_at,
        "unread": row.unread_since is not None,
        "category": words.of(row.category) if row.category else None,
        "requester": name_of(row.requester_name, row.email),
        "assignee": agents.get(row.assignee_id) if row.assignee_id is not None else None,
        "site_key": row.site_key,
        "site": row.site_name,
        "accent": accent(row.accent),
        "due": due(row.due_at),
        "snoozed": row.snoozed_until,
        "priority": row.priority,
        "tags": row.tags,
        "for_a_reply": is_for_a_reply(row.snoozed_until),
    }


def due(due_at: str | None) -> dict[str, Any] | None:
    """Return until when an answer was promised, once that is near or past."""
    if due_at is None or due_at > stamp(seconds=SOON.total_seconds()):
        return None
    return {"at": due_at, "late": due_at <= stamp()}


def accent(colour: str | None) -> str:
    """Return a site's colour if it is one that can stand in an attribute."""
    return colour if colour and ACCENT.fullmatch(colour) else "#808890"


def accent_of(site: Site) -> str:
    return accent(site.settings.get("look", {}).get("accent"))


def counted(number: int) -> str:
    """Return a bounded count as it is shown."""
    return f"{COUNTED - 1}+" if number >= COUNTED else str(number)


def mark(rows: list[dict[str, Any]], counts: dict[str, int]) -> str:
    """Return a short text that differs when anything shown differs."""
    text = json.dumps([rows, counts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
