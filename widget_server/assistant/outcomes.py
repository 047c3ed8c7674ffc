"""What became of suggestions: shown, solved or not quite, and what the team still has to write."""

import json
from datetime import timedelta
from typing import Any

from ..clock import parse, stamp
from ..database import execute, insert, query, transaction
from ..errors import NotFound
from ..tickets import events
from ..tickets.models import Ticket
from . import index
from .index import SOLVED, Text
from .models import Showing

SOLVED_IT, NOT_QUITE = "solved", "not_quite"

#: A request filed so soon after belongs to what was shown before it.
SOON = timedelta(hours=24)

#: Solved counts as confirmed if nothing of the kind is asked for so long.
QUIET = timedelta(days=7)

QUESTION = 2_000


def show(
    site_id: int, visitor: str, showing: str, question: str, category: str | None, ids: list[str]
) -> None:
    """Remember what somebody was shown while writing one request; the last question counts."""
    with transaction():
        rows = query(
            "SELECT shown FROM suggestion_showing WHERE site_id = ? AND id = ? AND visitor = ?",
            site_id, showing, visitor,
        )  # fmt: skip
        if not rows:
            insert(
                Showing, or_ignore=True, site_id=site_id, id=showing, visitor=visitor,
                category_id=category, question=question[:QUESTION], shown=ids, at=stamp(),
            )  # fmt: skip
            return
        shown = list(dict.fromkeys([*json.loads(rows[0][0]), *ids]))
        execute(
            "UPDATE suggestion_showing SET shown = ?, question = ?, category_id = ?"
            " WHERE site_id = ? AND id = ? AND visitor = ?",
            json.dumps(shown), question[:QUESTION], category, site_id, showing, visitor,
        )  # fmt: skip


def settle(site_id: int, visitor: str, showing: str, outcome: str, article_id: str | None) -> None:
    """Take their word; said again, the last one counts. What solved it votes from now on."""
    with transaction():
        rows = query(
            "SELECT question, shown FROM suggestion_showing"
            " WHERE site_id = ? AND id = ? AND visitor = ?",
            site_id, showing, visitor,
        )  # fmt: skip
        if not rows:
            raise NotFound("Nothing was shown.")
        question, shown = rows[0][0], json.loads(rows[0][1])
        helped = article_id if outcome == SOLVED_IT and article_id in shown else None
        execute(
            "UPDATE suggestion_showing SET outcome = ?, article_id = ?"
            " WHERE site_id = ? AND id = ? AND visitor = ?",
            outcome, helped, site_id, showing, visitor,
        )  # fmt: skip
        ref = f"showing:{showing}"
        if helped:
            title, _, body = question.partition("\n")
            index.put(site_id, SOLVED, Text(ref, "", [title], body, [helped]))
        else:
            index.drop(site_id, SOLVED, ref)


@events.listen
def on_ticket(kind: str, ticket: Ticket, **_: Any) -> None:
    """Let what was shown travel with the ticket that was filed all the same."""
    if kind != "opened":
        return
    since = stamp(parse(ticket.opened_at) - SOON)
    execute(
        "UPDATE suggestion_showing SET ticket_id = ?, outcome = CASE WHEN shown = '[]' THEN outcome"
        " ELSE 'not_quite' END WHERE site_id = ? AND id IN (SELECT id FROM suggestion_showing"
        " WHERE site_id = ? AND visitor = ? AND ticket_id IS NULL AND at >= ?"
        " AND (outcome IS NULL OR outcome = 'not_quite') ORDER BY at DESC LIMIT 1)",
        ticket.id, ticket.site_id, ticket.site_id, ticket.requester_id, since,
    )  # fmt: skip


def of_ticket(site_id: int, ticket_id: str) -> list[tuple[str, str, str]]:
    """Return id, language and title of the articles shown before a ticket was filed."""
    rows = query(
        "SELECT shown FROM suggestion_showing WHERE site_id = ? AND ticket_id = ?",
        site_id, ticket_id,
    )  # fmt: skip
    ids = [each for (shown,) in rows for each in json.loads(shown)][:12]
    if not ids:
        return []
    return query(
        "SELECT id, locale, title FROM article WHERE site_id = ?"
        f" AND id IN ({', '.join('?' * len(ids))}) ORDER BY title, id",
        site_id, *ids,
    )  # fmt: skip


def figures(site_id: int, since: str, until: str) -> dict[str, int]:
    """Return how many were shown something, had it solved, and stayed quiet for a week after."""
    rows = query(
        "SELECT count(CASE WHEN shown <> '[]' THEN 1 END),"
        " count(CASE WHEN outcome = 'solved' THEN 1 END), count(CASE WHEN shown = '[]' THEN 1 END)"
        " FROM suggestion_showing WHERE site_id = ? AND at >= ? AND at < ?",
        site_id, since, until,
    )  # fmt: skip
    shown, solved, silent = rows[0]
    return {
        "shown": int(shown),
        "solved": int(solved),
        "confirmed": _confirmed(site_id, since, until),
        "silent": int(silent),
    }


def _confirmed(site_id: int, since: str, until: str) -> int:
    """Count solved showings a week old or more without a request of the kind in that week."""
    old = min(until, stamp(parse(stamp()) - QUIET))
    rows = query(
        "SELECT visitor, category_id, at FROM suggestion_showing WHERE site_id = ? AND at >= ?"
        " AND at < ? AND outcome = 'solved'",
        site_id, since, old,
    )  # fmt: skip
    confirmed = 0
    for visitor, category, at in rows:
        kind = "" if category is None else " AND category_id = ?"
        asked = query(
            "SELECT 1 FROM ticket WHERE site_id = ? AND requester_id = ? AND opened_at >= ?"
            f" AND opened_at < ?{kind} LIMIT 1",
            site_id, visitor, at, stamp(parse(at) + QUIET), *([category] if category else []),
        )  # fmt: skip
        confirmed += not asked
    return confirmed


def unanswered(site_id: int, since: str, most: int = 50) -> list[tuple[str, str, str | None]]:
    """Return questions for which nothing was found, the latest first: a list for writers."""
    return query(
        "SELECT question, at, ticket_id FROM suggestion_showing WHERE site_id = ? AND at >= ?"
        " AND shown = '[]' AND question <> '' ORDER BY at DESC, id DESC LIMIT ?",
        site_id, since, most,
    )  # fmt: skip


def of_person(site_id: int, visitor: str) -> list[dict[str, str]]:
    """Return what somebody wrote while answers were looked for, for the export of their data."""
    rows = query(
        "SELECT question, at FROM suggestion_showing WHERE site_id = ? AND visitor = ?"
        " ORDER BY at",
        site_id, visitor,
    )  # fmt: skip
    return [{"text": question, "at": at} for question, at in rows]


def forget(site_id: int, visitor: str) -> None:
    """Remove what somebody wrote, and what it voted for."""
    rows = query(
        "SELECT id FROM suggestion_showing WHERE site_id = ? AND visitor = ?", site_id, visitor
    )
    for (showing,) in rows:
        index.drop(site_id, SOLVED, f"showing:{showing}")
    execute("DELETE FROM suggestion_showing WHERE site_id = ? AND visitor = ?", site_id, visitor)
