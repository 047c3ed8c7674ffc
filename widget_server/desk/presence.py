"""Who else is here: looking at a ticket, or writing on it. A heartbeat, not a log."""

from dataclasses import dataclass

from .. import signals
from ..clock import stamp
from ..database import execute, query
from ..jobs import handler
from ..tickets.ledger import word
from ..tickets.models import Ticket

#: Pages beat every three seconds; who missed this many seconds has left.
GONE = 12

#: A beat this young is not written again.
FRESH = 4


@dataclass(frozen=True, slots=True)
class Other:
    """Another agent at the same ticket."""

    name: str
    writing: bool


def beat(ticket: Ticket, agent_id: int, *, writing: bool) -> None:
    """Tell the others that this agent is here."""
    was = query(
        "SELECT writing FROM presence WHERE site_id = ? AND ticket_id = ? AND agent_id = ?"
        " AND seen_at > ?",
        ticket.site_id, ticket.id, agent_id, stamp(seconds=-GONE),
    )  # fmt: skip
    execute(
        "INSERT INTO presence (site_id, ticket_id, agent_id, writing, seen_at)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (site_id, ticket_id, agent_id) DO UPDATE"
        " SET writing = excluded.writing, seen_at = excluded.seen_at"
        " WHERE presence.writing <> excluded.writing OR presence.seen_at < ?",
        ticket.site_id, ticket.id, agent_id, int(writing), stamp(), stamp(seconds=-FRESH),
    )  # fmt: skip
    if was != [(int(writing),)]:
        signals.tell(word(ticket))


def others(ticket: Ticket, agent_id: int) -> list[Other]:
    """Return who else is here now, those who write first."""
    rows = query(
        "SELECT a.name, p.writing FROM presence p JOIN agent a ON a.id = p.agent_id"
        " WHERE p.site_id = ? AND p.ticket_id = ? AND p.agent_id <> ? AND p.seen_at > ?"
        " ORDER BY p.writing DESC, a.name",
        ticket.site_id, ticket.id, agent_id, stamp(seconds=-GONE),
    )  # fmt: skip
    return [Other(name, bool(writing)) for name, writing in rows]


def answered_meanwhile(ticket: Ticket, agent_id: int, seen: str) -> str | None:
    """Return which other agent answered, or is about to, after the message ``seen``."""
    own = (ticket.site_id, ticket.id)
    rows = query(
        "SELECT author_name FROM message WHERE site_id = ? AND ticket_id = ? AND id > ?"
        " AND author = 'agent' AND author_id <> ? AND internal_at IS NULL LIMIT 1",
        *own, seen, str(agent_id),
    ) or query(
        "SELECT agent_name FROM sending WHERE site_id = ? AND ticket_id = ? AND agent_id <> ?"
        " LIMIT 1",
        *own, agent_id,
    )  # fmt: skip
    return str(rows[0][0]) if rows else None


def last_message(ticket: Ticket) -> str:
    """Return the id of the newest message: what an agent has seen when they see all."""
    rows = query(
        "SELECT id FROM message WHERE site_id = ? AND ticket_id = ?"
        " ORDER BY sent_at DESC, id DESC LIMIT 1",
        ticket.site_id, ticket.id,
    )  # fmt: skip
    return str(rows[0][0]) if rows else ""


@handler("desk.sweep", every=600)
def sweep() -> None:
    """Forget who has left."""
    execute("DELETE FROM presence WHERE seen_at < ?", stamp(seconds=-60))
