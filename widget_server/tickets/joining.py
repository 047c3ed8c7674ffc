"""Histories are joined by proof and by nothing else.

The rule: when somebody proves an address, the tickets *visitors* filed under it become theirs.
What a signed-in person filed stays theirs, whatever address they typed or their host named.
"""

from ..clock import stamp
from ..database import execute, fetch, query
from ..identity.events import announce_retirement, on_proof
from ..identity.models import Requester
from ..identity.service import WITHOUT_TICKETS
from . import events, ledger
from .models import Ticket


@on_proof
def join(requester: Requester, email: str) -> None:
    """Move what visitors filed under ``email`` to ``requester``.

    A ticket that another was merged into has several addresses: while nobody has proven any, each
    will do, for one browser wrote it all; after that only its own.
    """
    site_id = requester.site_id
    moved = query(
        "SELECT DISTINCT t.id, t.requester_id FROM ticket filed"
        " JOIN ticket t ON t.site_id = filed.site_id"
        " AND t.id = coalesce(filed.merged_into, filed.id)"
        " JOIN requester r ON r.site_id = t.site_id AND r.id = t.requester_id"
        " WHERE filed.site_id = ? AND filed.email = ? AND t.requester_id <> ? AND r.sub IS NULL"
        " AND (t.email = ? OR r.email_verified_at IS NULL) ORDER BY t.id",
        site_id, email, requester.id, email,
    )  # fmt: skip
    for ticket_id, former in moved:
        _hand_over(site_id, ticket_id, former, requester.id)
    if requester.sub is not None:
        _retire_visitor(requester, email)
    for ticket in fetch(
        Ticket, "site_id = ? AND email = ? AND held_at IS NOT NULL ORDER BY id", site_id, email
    ):
        _release(ticket, requester)


def _hand_over(site_id: int, ticket_id: str, former: str, owner: str) -> None:
    """Give a ticket with what leads to it to ``owner``, unless it went elsewhere meanwhile."""
    given = execute(
        "UPDATE ticket SET requester_id = ? WHERE site_id = ? AND id = ? AND requester_id = ?"
        " AND merged_into IS NULL",
        owner, site_id, ticket_id, former,
    )  # fmt: skip
    if not given.rowcount:
        return
    cursor = ledger.advance(site_id, owner, opened=1)
    ledger.advance(site_id, former, opened=-1)
    execute("UPDATE ticket SET cursor = ? WHERE site_id = ? AND id = ?", cursor, site_id, ticket_id)
    execute(
        "UPDATE ticket SET requester_id = ?"
        " WHERE site_id = ? AND requester_id = ? AND merged_into = ?",
        owner, site_id, former, ticket_id,
    )  # fmt: skip
    # What was said and done stays by the same person.
    for table, column in (("message", "author"), ("event", "actor")):
        execute(
            f"UPDATE {table} SET {column}_id = ? WHERE site_id = ? AND ticket_id = ?"
            f" AND {column}_id = ? AND {column} = 'requester'",
            owner, site_id, ticket_id, former,
        )  # fmt: skip
    execute(
        "UPDATE attachment SET owner = ? WHERE site_id = ? AND ticket_id = ? AND owner = ?",
        f"requester:{owner}", site_id, ticket_id, f"requester:{former}",
    )  # fmt: skip


def _retire_visitor(requester: Requester, email: str) -> None:
    """Someone proved this address by mail before: the same person, now known to the host."""
    for (former,) in query(
        "SELECT id FROM requester WHERE site_id = ? AND email = ? AND sub IS NULL"
        " AND email_verified_at IS NOT NULL",
        requester.site_id, email,
    ):  # fmt: skip
        execute(
            "UPDATE session SET requester_id = ? WHERE site_id = ? AND requester_id = ?",
            requester.id, requester.site_id, former,
        )  # fmt: skip
        # Also what an agent has readdressed since: it is the same person's.
        for (ticket_id,) in query(
            "SELECT id FROM ticket WHERE site_id = ? AND requester_id = ? AND merged_into IS NULL"
            " ORDER BY id",
            requester.site_id, former,
        ):  # fmt: skip
            _hand_over(requester.site_id, ticket_id, former, requester.id)
        announce_retirement(requester, former)
        execute(
            f"DELETE FROM requester WHERE site_id = ? AND id = ? AND {WITHOUT_TICKETS}",
            requester.site_id, former,
        )  # fmt: skip


def _release(ticket: Ticket, requester: Requester) -> None:
    """Show agents a ticket that waited for its address to be proven; its promise begins now."""
    now, ticket = stamp(), ledger.locked(ticket)
    if ticket.held_at is None:
        return
    ticket.held_at = None
    ticket.waiting_since = now if ticket.waiting_since else None
    ledger.touch(ticket, now)
    actor = ledger.Actor("requester", requester.id, requester.name or requester.email or "")
    events.announce("opened", ticket, actor=actor)
