"""What a requester reads: their list, one ticket with its thread, what is new.

Rows go from SQL to the answer without an object each; these are the paths every open panel walks.
"""

import base64
import binascii
import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ..attachments import service as attachments
from ..attachments.models import Attachment
from ..clock import parse
from ..database import Rows, ask, ask_for, together
from ..errors import Invalid
from ..identity.service import Caller
from ..sites.models import Category
from ..text import to_tree
from . import forms, ratings, states
from .models import Ticket

PAGE = 20

#: What other rooms add to a ticket's detail, from its row alone: they ask, and tell when all have.
Part = Callable[[Ticket], Callable[[], dict[str, Any]]]
_parts: list[Part] = []

ROW = (
    "SELECT t.id, t.number, t.title, t.state, t.progress, t.opened_at, t.updated_at,"
    " t.unread_since, c.id, c.name, c.icon FROM ticket t LEFT JOIN category c"
    " ON c.site_id = t.site_id AND c.id = t.category_id WHERE t.site_id = ? AND t.requester_id = ?"
    " AND t.merged_into IS NULL"
)

#: What was said and what happened, as far as the requester may know.
MESSAGES = (
    "SELECT id, sent_at, author, author_id, author_name, body, quoted FROM message"
    " WHERE site_id = ? AND ticket_id = ? AND internal_at IS NULL ORDER BY sent_at, id"
)
EVENTS = (
    "SELECT id, at, kind, actor, actor_id, actor_name, data FROM event"
    " WHERE site_id = ? AND ticket_id = ? AND internal_at IS NULL ORDER BY at, id"
)


def completed_by(part: Part) -> Part:
    """Add what ``part`` tells to every ticket a requester reads."""
    _parts.append(part)
    return part


def _row(row: tuple[Any, ...], language: str) -> dict[str, Any]:
    return {
        "id": row[0],
        "number": row[1],
        "title": row[2],
        "state": row[3],
        "progress": row[4],
        "opened_at": row[5],
        "updated_at": row[6],
        "unread": row[7] is not None,
        "category": None
        if row[8] is None
        else {"id": row[8], "name": _name(row[9], language), "icon": row[10]},
    }


@lru_cache(maxsize=512)
def _name(texts: str, language: str) -> str:
    return _in(json.loads(texts), language)


def home(
    caller: Caller,
    language: str,
    *,
    state: str | None = None,
    text: str | None = None,
    before: str | None = None,
) -> dict[str, Any]:
    """Return a page of the caller's tickets, the latest update first.

    ``updates`` is the cursor to ask for news after it.
    """
    updates = str(caller.cursor)
    if not caller.stored:
        counts = dict.fromkeys(states.STATES, 0)
        return {"tickets": [], "next": None, "unread": 0, "counts": counts, "updates": updates}
    sql, params = ROW, [caller.site_id, caller.id]
    if state:
        sql, params = sql + " AND t.state = ?", [*params, state]
    if text:
        spelled = _spelled(text)
        like = " OR lower(t.title) LIKE ? ESCAPE '\\'" * len(spelled)
        sql += f" AND (CAST(t.number AS TEXT) = ?{like})"
        params += [text.lstrip("#"), *(f"%{_escaped(each)}%" for each in spelled)]
    if before:
        sql, params = sql + " AND (t.updated_at, t.id) < (?, ?)", [*params, *_position(before)]
    sql += " ORDER BY t.updated_at DESC, t.id DESC LIMIT ?"
    with together():
        found, counted = ask(sql, *params, PAGE + 1), _ask_counts(caller)
    rows = found()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return {
        "tickets": [_row(row, language) for row in rows[:PAGE]],
        "next": _cursor(last[6], last[0]) if last else None,
        **counted(),
        "updates": updates,
    }


def _ask_counts(caller: Caller) -> Callable[[], dict[str, Any]]:
    """Count open and unread tickets; what is completed is all opened less those."""
    counted = ask(
        "SELECT state, count(*) FROM ticket WHERE site_id = ? AND requester_id = ?"
        " AND state IN ('waiting', 'in_progress') GROUP BY state",
        caller.site_id,
        caller.id,
    )
    unread = ask(
        "SELECT count(*) FROM ticket WHERE site_id = ? AND requester_id = ?"
        " AND unread_since IS NOT NULL",
        caller.site_id,
        caller.id,
    )

    def told() -> dict[str, Any]:
        open_ones: dict[str, int] = dict(counted())
        done = max(caller.opened - sum(open_ones.values()), 0)
        counts = dict.fromkeys(states.STATES, 0) | open_ones | {states.COMPLETED: done}
        return {"unread": unread()[0][0], "counts": counts}

    return told


def news(caller: Caller, language: str, since: int) -> dict[str, Any]:
    """Return the tickets that changed after cursor ``since``."""
    with together():
        changed = ask(
            ROW + " AND t.cursor > ? ORDER BY t.cursor DESC LIMIT ?",
            caller.site_id,
            caller.id,
            since,
            PAGE,
        )
        counted = _ask_counts(caller)
    return {
        "cursor": str(caller.cursor),
        "unread": counted()["unread"],
        "tickets": [_row(row, language) for row in changed()],
    }


def detail(caller: Caller, ticket: Ticket, language: str) -> dict[str, Any]:
    """Return one ticket whole, as its requester sees it."""
    own = (ticket.site_id, ticket.id)
    with together():
        its_category = ask_for(
            Category, "site_id = ? AND id = ?", ticket.site_id, ticket.category_id
        )
        its_files = attachments.ask_of_ticket(*own)
        messages, events = ask(MESSAGES, *own), ask(EVENTS, *own)
        parts = [part(ticket) for part in _parts]
    found, files = its_category(), its_files()
    category = found[0] if found else None
    more = {name: value for told in parts for name, value in told().items()}
    return more | {
        "id": ticket.id,
        "number": ticket.number,
        "title": ticket.title,
        "state": ticket.state,
        "progress": ticket.progress,
        "category": category
        and {"id": category.id, "name": category.label(language), "icon": category.icon},
        "opened_at": ticket.opened_at,
        "updated_at": ticket.updated_at,
        "unread": ticket.unread_since is not None,
        "notify": bool(ticket.notify),
        "email": ticket.email,
        "held": ticket.held_at is not None,
        "can_close": ticket.state != states.COMPLETED,
        "checklist": ticket.checklist,
        "answer_by": answer_by(ticket),
        "rating": ratings.of(ticket) if ticket.state == states.COMPLETED else None,
        "fields": forms.labelled(category, ticket.fields, language),
        "thread": _thread(messages(), events(), caller, files, language),
        "files": [attachments.view(file) for file in files],
    }


def answer_by(ticket: Ticket) -> str | None:
    """Return until when the team promised to answer, while someone waits."""
    return None if ticket.state == states.COMPLETED else ticket.due_at


def _thread(
    messages: Rows, events: Rows, caller: Caller, files: list[Attachment], language: str
) -> list[dict[str, Any]]:
    """Merge messages and events by time; what happened stands before what was said of it."""
    by_message: dict[str | None, list[dict[str, Any]]] = {}
    for file in files:
        by_message.setdefault(file.message_id, []).append(attachments.view(file))
    entries = [
        {
            "type": "message",
            "id": row[0],
            "at": row[1],
            "author": _person(row[2], row[3], row[4], caller),
            "body": row[5],
            "content": to_tree(row[5]) if row[2] == "agent" else None,
            "attachments": by_message.get(row[0], []),
            "quoted": row[6],
        }
        for row in messages
    ]
    entries += [
        {
            "type": "event",
            "id": row[0],
            "at": row[1],
            "kind": row[2],
            "actor": _person(row[3], row[4], row[5], caller),
            "data": _spoken(row[2], json.loads(row[6]), language),
        }
        for row in events
    ]
    return sorted(entries, key=lambda item: (item["at"], item["type"], item["id"]))


def _spoken(kind: str, data: dict[str, Any], language: str) -> dict[str, Any]:
    return {"to": _in(data["to"], language)} if kind == "category" else data


def _person(kind: str, person_id: str, name: str, caller: Caller) -> dict[str, Any]:
    return {"kind": kind, "name": name, "you": kind == "requester" and person_id == caller.id}


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")


def _spelled(text: str) -> list[str]:
    """Return how a text may stand in a title: databases may know capitals of ASCII alone."""
    ways = (text.lower(), text.capitalize(), text.title(), text.upper())
    found = ("".join(mark.lower() if mark.isascii() else mark for mark in way) for way in ways)
    return list(dict.fromkeys(found))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _cursor(updated_at: str, ticket_id: str) -> str:
    return base64.urlsafe_b64encode(f"{updated_at}|{ticket_id}".encode()).decode()


def _position(cursor: str) -> list[str]:
    try:
        updated_at, _, ticket_id = base64.urlsafe_b64decode(cursor).decode("ascii").partition("|")
        parse(updated_at)
    except (binascii.Error, ValueError) as error:
        raise Invalid(fields={"before": ["Send the page's own `next`."]}) from error
    return [updated_at, ticket_id]
