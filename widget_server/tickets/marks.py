"""Texts that change when what is shown does, so that what did not change is not sent again."""

from ..database import query
from .models import Ticket


def version(ticket: Ticket) -> str:
    """Return a text that changes whenever the ticket's page does: a few indexed reads."""
    own = (ticket.site_id, ticket.id)
    rows = query(
        "SELECT t.updated_at, t.assignee_id, t.snoozed_until,"
        " (SELECT id FROM message WHERE site_id = ? AND ticket_id = ?"
        " ORDER BY sent_at DESC, id DESC LIMIT 1),"
        " (SELECT id FROM event WHERE site_id = ? AND ticket_id = ?"
        " ORDER BY at DESC, id DESC LIMIT 1),"
        " (SELECT count(preview_at) FROM attachment WHERE site_id = ? AND ticket_id = ?),"
        " (SELECT max(coalesce(failed_at, sent_at, handed_at, created_at)) FROM mail"
        " WHERE site_id = ? AND ticket_id = ?)"
        " FROM ticket t WHERE t.site_id = ? AND t.id = ?",
        *own, *own, *own, *own, *own,
    )  # fmt: skip
    return "~".join(str(part) for part in rows[0])
