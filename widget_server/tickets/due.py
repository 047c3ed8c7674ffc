"""The promise: until when a ticket is answered, told before it is broken and once it is."""

from datetime import timedelta

from ..clock import parse, stamp, utcnow
from ..database import execute, fetch, query, transaction
from ..jobs import handler
from ..sites.contact import promised
from ..sites.service import day_at
from . import events
from .models import Ticket
from .states import COMPLETED

#: How long before its due time a ticket is soon late.
SOON = timedelta(hours=2)

#: Tickets told of in one go.
BATCH = 200


def of(ticket: Ticket) -> str | None:
    """Return until when somebody is promised an answer; ``None`` while nobody waits."""
    if ticket.waiting_since is None or ticket.state == COMPLETED:
        return None
    ((settings,),) = query("SELECT settings FROM site WHERE id = ?", ticket.site_id)
    until = promised(settings, parse(ticket.waiting_since))
    return stamp(until) if until else None


def answered(ticket: Ticket, now: str) -> None:
    """Count the promise of a ticket that is being answered, in the caller's transaction."""
    if ticket.due_at is None:
        return
    kept = now <= ticket.due_at
    execute(
        "INSERT INTO promise (site_id, day, kept, broken) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (site_id, day) DO UPDATE SET kept = promise.kept + excluded.kept,"
        " broken = promise.broken + excluded.broken",
        ticket.site_id, day_at(ticket.site_id, now), int(kept), int(not kept),
    )  # fmt: skip


def kept_promises(days: int, site_id: int | None = None) -> tuple[int, int]:
    """Return how many answers came in time, and how many late, in the last days."""
    site, values = (" AND site_id = ?", [site_id]) if site_id is not None else ("", [])
    rows = query(
        f"SELECT coalesce(sum(kept), 0), coalesce(sum(broken), 0) FROM promise WHERE day > ?{site}",
        stamp(seconds=-days * 86_400)[:10], *values,
    )  # fmt: skip
    return int(rows[0][0]), int(rows[0][1])


@handler("tickets.due", every=30)
def tell() -> None:
    """Announce what is soon late and what is late, once each, also after having been away."""
    now = utcnow()
    _announce("late", stamp(now), "due_told IS NULL OR due_told = 'soon_late'")
    _announce("soon_late", stamp(now + SOON), "due_told IS NULL")


def _announce(kind: str, until: str, untold: str) -> None:
    for ticket in fetch(
        Ticket,
        "due_at <= ? AND completed_at IS NULL AND held_at IS NULL"
        f" AND ({untold}) ORDER BY due_at LIMIT {BATCH}",
        until,
    ):
        with transaction():
            done = execute(
                f"UPDATE ticket SET due_told = ? WHERE site_id = ? AND id = ? AND due_at = ?"
                f" AND ({untold})",
                kind, ticket.site_id, ticket.id, ticket.due_at,
            )  # fmt: skip
            if done.rowcount:
                events.announce(kind, ticket, once=ticket.due_at)
