"""What became of suggestions: shown, solved or not quite, and what the team still has to write."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

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

#: Showings that are looked through for what articles were worth.
LATEST = 5_000


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
        if helped:
            _teach(site_id, showing, question, helped)
        else:
            index.drop(site_id, SOLVED, f"showing:{showing}")


def teach_again(site_id: int) -> None:
    """Let everything that solved something vote in an index built anew."""
    solved = query(
        "SELECT id, question, article_id FROM suggestion_showing WHERE site_id = ?"
        " AND outcome = 'solved' AND article_id IS NOT NULL AND question <> ''",
        site_id,
    )
    for showing, question, article_id in solved:
        _teach(site_id, showing, question, article_id)


def _teach(site_id: int, showing: str, question: str, article_id: str) -> None:
    title, _, body = question.partition("\n")
    index.put(site_id, SOLVED, Text(f"showing:{showing}", "", [title], body, [article_id]))


def question_of(site_id: int, visitor: str, showing: str) -> str:
    """Return what somebody last asked while writing one request."""
    rows = query(
        "SELECT question FROM suggestion_showing WHERE site_id = ? AND id = ? AND visitor = ?",
        site_id, showing, visitor,
    )  # fmt: skip
    if not rows:
        raise NotFound("Nothing was shown.")
    return str(rows[0][0])


def wrote(site_id: int, visitor: str, showing: str, text: str) -> None:
    """Remember the answer somebody was shown; another one takes its place."""
    with transaction():
        execute(
            "UPDATE suggestion_showing SET written = ?"
            " WHERE site_id = ? AND id = ? AND visitor = ?",
            text, site_id, showing, visitor,
        )  # fmt: skip


@events.listen
def on_ticket(kind: str, ticket: Ticket, **_: Any) -> None:
    """Let what was shown travel with the ticket that was filed all the same."""
    if kind != "opened":
        return
    own = (ticket.site_id, ticket.requester_id)
    since = stamp(parse(ticket.opened_at) - SOON)
    execute(
        "UPDATE suggestion_showing SET ticket_id = ?, outcome = CASE WHEN shown = '[]' THEN outcome"
        " ELSE 'not_quite' END WHERE site_id = ? AND id IN (SELECT id FROM suggestion_showing"
        " WHERE site_id = ? AND visitor = ? AND ticket_id IS NULL AND at >= ?"
        " AND (outcome IS NULL OR outcome = 'not_quite') ORDER BY at DESC LIMIT 1)"
        " AND NOT EXISTS (SELECT 1 FROM suggestion_showing s WHERE s.site_id = ?"
        " AND s.ticket_id = ?)",
        ticket.id, ticket.site_id, *own, since, ticket.site_id, ticket.id,
    )  # fmt: skip
    # Noted as it happens: whose tickets they are may change later, by proof, merging or erasure.
    execute(
        "UPDATE suggestion_showing SET returned_at = ? WHERE site_id = ? AND visitor = ?"
        " AND at > ? AND at <= ? AND returned_at IS NULL"
        " AND (category_id IS NULL OR category_id = ?)",
        ticket.opened_at, *own, stamp(parse(ticket.opened_at) - QUIET), ticket.opened_at,
        ticket.category_id,
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


def written_for(site_id: int, ticket_id: str) -> str | None:
    """Return the answer that was written before a ticket was filed, if there was one."""
    # Ordered here: for the latest of one ticket SQLite would walk all of the site's by time.
    rows = query(
        "SELECT at, id, written FROM suggestion_showing WHERE site_id = ? AND ticket_id = ?"
        " AND written IS NOT NULL",
        site_id, ticket_id,
    )  # fmt: skip
    return max(rows)[2] if rows else None


def figures(site_id: int, since: str, until: str) -> dict[str, int]:
    """Return how many were shown something, had it solved, and stayed quiet for a week after.

    ``settled``: how many of those shown something were so a week ago, so that it is known.
    """
    old = min(until, stamp(parse(stamp()) - QUIET))
    rows = query(
        "SELECT count(CASE WHEN shown <> '[]' THEN 1 END),"
        " count(CASE WHEN shown <> '[]' AND at < ? THEN 1 END),"
        " count(CASE WHEN outcome = 'solved' THEN 1 END),"
        " count(CASE WHEN outcome = 'solved' AND at < ? AND returned_at IS NULL THEN 1 END),"
        " count(CASE WHEN shown = '[]' THEN 1 END)"
        " FROM suggestion_showing WHERE site_id = ? AND at >= ? AND at < ?",
        old, old, site_id, since, until,
    )  # fmt: skip
    names = ("shown", "settled", "solved", "confirmed", "silent")
    return dict(zip(names, map(int, rows[0]), strict=True))


def unanswered(site_id: int, since: str, most: int = 50) -> list[tuple[str, str, str, int | None]]:
    """Return questions for which nothing was found, the latest first: a list for writers.

    Each with its id and the number of the ticket it became; what was taken off is left out.
    """
    return query(
        "SELECT s.id, s.question, s.at, t.number FROM suggestion_showing s LEFT JOIN ticket t"
        " ON t.site_id = s.site_id AND t.id = s.ticket_id WHERE s.site_id = ? AND s.at >= ?"
        " AND s.shown = '[]' AND s.question <> '' AND s.dismissed_at IS NULL"
        " ORDER BY s.at DESC, s.id DESC LIMIT ?",
        site_id, since, most,
    )  # fmt: skip


def dismiss(site_id: int, showing: str, *, dismissed: bool = True) -> None:
    """Take a question off the writers' list, or put it back."""
    with transaction():
        changed = execute(
            "UPDATE suggestion_showing SET dismissed_at = ? WHERE site_id = ? AND id = ?",
            stamp() if dismissed else None, site_id, showing,
        )  # fmt: skip
        if not changed.rowcount:
            raise NotFound("No such question.")


class Usefulness(NamedTuple):
    """How often an article was offered and solved something, and what its readers said."""

    id: str
    locale: str
    title: str
    offered: int
    solved: int
    helpful: int
    unhelpful: int


def usefulness(site_id: int, since: str, most: int = 20) -> list[Usefulness]:
    """Return the articles offered most, with what became of it; of the latest showings."""
    rows = query(
        "SELECT shown, article_id FROM suggestion_showing WHERE site_id = ? AND at >= ?"
        " AND shown <> '[]' ORDER BY at DESC LIMIT ?",
        site_id, since, LATEST,
    )  # fmt: skip
    offered = Counter(ref for shown, _ in rows for ref in json.loads(shown))
    solved = Counter(ref for _, ref in rows if ref)
    if not offered:
        return []
    often = [ref for ref, _ in offered.most_common(10 * most)]
    found = query(
        "SELECT id, locale, title, helpful, unhelpful FROM article WHERE site_id = ?"
        f" AND removed_at IS NULL AND id IN ({', '.join('?' * len(often))})",
        site_id, *often,
    )  # fmt: skip
    told = [
        Usefulness(ref, locale, title, offered[ref], solved[ref], helpful, unhelpful)
        for ref, locale, title, helpful, unhelpful in found
    ]
    return sorted(told, key=lambda row: (-row.offered, -row.solved, row.title))[:most]


def of_person(site_id: int, visitor: str | None, tickets: Iterable[str]) -> list[dict[str, Any]]:
    """Return what somebody wrote while answers were looked for, for the export of their data.

    Besides what they asked as ``visitor``, what was asked before their ``tickets``: they may have
    been somebody else's until an address was proven.
    """
    found = {row[0]: row for where in _whose(visitor, tickets) for row in _asked(site_id, *where)}
    return [
        {"text": question, "answer": written, "at": at}
        for _, question, written, at in sorted(found.values(), key=lambda row: row[3])
    ]


def forget(site_id: int, visitor: str | None, tickets: Iterable[str]) -> None:
    """Remove what somebody wrote, and what it voted for."""
    for column, value in _whose(visitor, tickets):
        _silence(site_id, column, value)
        execute(
            f"DELETE FROM suggestion_showing WHERE site_id = ? AND {column} = ?", site_id, value
        )


def empty(site_id: int, ticket_id: str) -> None:
    """Remove what was written before a ticket was filed; that something was shown still counts."""
    _silence(site_id, "ticket_id", ticket_id)
    execute(
        "UPDATE suggestion_showing SET question = '', written = NULL, ticket_id = NULL"
        " WHERE site_id = ? AND ticket_id = ?",
        site_id, ticket_id,
    )  # fmt: skip


def _whose(visitor: str | None, tickets: Iterable[str]) -> list[tuple[str, str]]:
    own = [("visitor", visitor)] if visitor is not None else []
    return own + [("ticket_id", ticket_id) for ticket_id in tickets]


def _asked(site_id: int, column: str, value: str) -> list[tuple[Any, ...]]:
    return query(
        "SELECT id, question, written, at FROM suggestion_showing"
        f" WHERE site_id = ? AND {column} = ?",
        site_id, value,
    )  # fmt: skip


def _silence(site_id: int, column: str, value: str) -> None:
    """Let what was asked vote no more."""
    for showing, *_ in _asked(site_id, column, value):
        index.drop(site_id, SOLVED, f"showing:{showing}")
