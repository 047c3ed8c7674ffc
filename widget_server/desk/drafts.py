"""Drafts: one for each agent on each ticket, on the server: a closed laptop loses nothing."""

from ..clock import stamp
from ..database import execute, fetch
from ..tickets.models import Ticket
from .models import Draft

OWN = "site_id = ? AND ticket_id = ? AND agent_id = ?"


def save(ticket: Ticket, agent_id: int, *, body: str, kind: str) -> None:
    """Keep what an agent wrote so far; an emptied text is forgotten."""
    if not body.strip():
        forget(ticket, agent_id)
        return
    execute(
        "INSERT INTO draft (site_id, ticket_id, agent_id, body, kind, saved_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (site_id, ticket_id, agent_id) DO UPDATE"
        " SET body = excluded.body, kind = excluded.kind, saved_at = excluded.saved_at",
        ticket.site_id, ticket.id, agent_id, body, kind, stamp(),
    )  # fmt: skip


def add(ticket: Ticket, agent_id: int, *, body: str, kind: str) -> None:
    """Put a text before what an agent wrote so far."""
    begun = find(ticket, agent_id)
    whole = f"{body}\n\n{begun.body}" if body and begun else body or (begun.body if begun else "")
    save(ticket, agent_id, body=whole, kind=kind)


def find(ticket: Ticket, agent_id: int) -> Draft | None:
    found = fetch(Draft, OWN, ticket.site_id, ticket.id, agent_id)
    return found[0] if found else None


def forget(ticket: Ticket, agent_id: int) -> None:
    execute(f"DELETE FROM draft WHERE {OWN}", ticket.site_id, ticket.id, agent_id)
