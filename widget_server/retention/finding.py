"""What may go: closed for long enough, and not needed for an order.

What was agreed and paid is kept for as long as books must be: a ticket with an accepted order is
emptied of everything people wrote and goes only once the order may go. A ticket whose order is
still moving is left alone.
"""

from typing import Any, NamedTuple

from ..clock import stamp, utcnow
from ..database import query
from ..orders import states
from ..payments.service import GONE_BACK
from .policy import DAY, Policy

#: A preview counts no further.
COUNTED = 10_000

#: When something happened and its id: where a batch ended.
Place = tuple[str, str]
START: Place = ("", "")

#: One that was merged goes with the ticket it leads to; by itself if that is emptied already.
CLOSED = (
    "t.site_id = ? AND t.completed_at IS NOT NULL"
    " AND (t.emptied_at IS NULL OR t.emptied_at < t.completed_at) AND t.completed_at <= ?"
    " AND (t.merged_into IS NULL OR EXISTS (SELECT 1 FROM ticket m WHERE m.site_id = t.site_id"
    " AND m.id = t.merged_into AND m.completed_at IS NOT NULL AND m.emptied_at IS NOT NULL))"
)

_ORDERS = "SELECT 1 FROM purchase p WHERE p.site_id = t.site_id AND p.ticket_id = t.id"
_MONEY = (
    "SELECT 1 FROM purchase p JOIN receipt r ON r.site_id = p.site_id AND r.order_id = p.id"
    " WHERE p.site_id = t.site_id AND p.ticket_id = t.id"
)

#: An order that somebody still waits for, or may still accept, or money that has to go back.
HELD = (
    f"(EXISTS ({_ORDERS} AND p.state IN ('{states.AWAITING_PAYMENT}', '{states.PAID}',"
    f" '{states.IN_PRODUCTION}'))"
    f" OR EXISTS ({_ORDERS} AND p.state = '{states.AWAITING_ACCEPTANCE}' AND EXISTS (SELECT 1"
    " FROM quote q WHERE q.site_id = p.site_id AND q.id = p.quote_id"
    " AND (q.expires_at IS NULL OR q.expires_at > ?)))"
    f" OR EXISTS ({_MONEY} AND r.surplus = 1 AND r.kind = 'payment' AND r.amount > ({GONE_BACK})))"
)

#: An order the books must show.
KEPT = f"(EXISTS ({_ORDERS} AND p.number IS NOT NULL) OR EXISTS ({_MONEY}))"


#: Tickets that may go now, with whether their orders stay. Takes the site, until when, and now.
_GOING = (
    f"SELECT t.completed_at, t.id, CASE WHEN {KEPT} THEN 1 ELSE 0 END AS kept FROM ticket t"
    f" WHERE {CLOSED} AND NOT {HELD}"
)


class Would(NamedTuple):
    """What would go now: tickets whole, tickets emptied, files and their bytes."""

    tickets: int
    emptied: int
    files: int
    size: int


def would(site_id: int, wished: Policy) -> Would:
    """Count what would go now, up to :data:`COUNTED` of each."""
    whole = emptied = files = size = 0
    if wished.tickets_days is not None:
        ((found, kept),) = query(
            f"SELECT count(*), coalesce(sum(kept), 0) FROM ({_GOING} LIMIT ?) found",
            site_id, _before(wished.tickets_days), stamp(), COUNTED,
        )  # fmt: skip
        whole, emptied = int(found) - int(kept), int(kept)
    if wished.files_days is not None:
        rows = files_closed(site_id, wished.files_days, START, COUNTED)
        files, size = len(rows), sum(row[2] for row in rows)
    return Would(whole, emptied, files, size)


def closed(site_id: int, days: int, after: Place, most: int) -> list[tuple[Any, ...]]:
    """Return when tickets were closed that may go, their ids, and whether their orders stay."""
    return query(
        f"{_GOING} AND (t.completed_at, t.id) > (?, ?) ORDER BY t.completed_at, t.id LIMIT ?",
        site_id, _before(days), stamp(), *after, most,
    )  # fmt: skip


def order_stays(site_id: int, ticket_id: str, closed_at: str) -> bool | None:
    """Look again at one ticket: do its orders stay? None if it may no longer go."""
    rows = query(f"{_GOING} AND t.id = ?", site_id, closed_at, stamp(), ticket_id)
    return bool(rows[0][2]) if rows and rows[0][0] == closed_at else None


def emptied(site_id: int, years: int, after: Place, most: int) -> list[tuple[Any, ...]]:
    """Return when tickets were closed whose orders may go by now, and their ids.

    Books are kept whole calendar years.
    """
    now = utcnow()
    until = now.replace(
        year=now.year - years, month=1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    return query(
        "SELECT t.completed_at, t.id FROM ticket t WHERE t.site_id = ? AND t.emptied_at IS NOT NULL"
        " AND t.merged_into IS NULL AND t.completed_at < ? AND (t.completed_at, t.id) > (?, ?)"
        " ORDER BY t.completed_at, t.id LIMIT ?",
        site_id, stamp(until), *after, most,
    )  # fmt: skip


def files_closed(site_id: int, days: int, after: Place, most: int) -> list[tuple[Any, ...]]:
    """Return when files came whose tickets were closed for long enough, their ids and bytes."""
    limit = _before(days)
    return query(
        "SELECT a.created_at, a.id, a.size FROM attachment a JOIN ticket t"
        " ON t.site_id = a.site_id AND t.id = a.ticket_id WHERE a.site_id = ?"
        " AND a.ticket_id IS NOT NULL AND a.created_at <= ? AND (a.created_at, a.id) > (?, ?)"
        " AND t.completed_at <= ? ORDER BY a.created_at, a.id LIMIT ?",
        site_id, limit, *after, limit, most,
    )  # fmt: skip


def unconfirmed(days: int, most: int) -> list[tuple[int, str]]:
    """Return the sites and ids of requests whose address nobody confirmed for so long."""
    rows = query(
        "SELECT site_id, id FROM ticket WHERE held_at <= ? ORDER BY held_at, site_id, id LIMIT ?",
        _before(days), most,
    )  # fmt: skip
    return [(site_id, ticket_id) for site_id, ticket_id in rows]


def _before(days: int) -> str:
    return stamp(seconds=-DAY * days)
