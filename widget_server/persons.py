"""A person's right to know what is kept of them, and to have it gone."""

from typing import Any

from .attachments import service as attachments
from .clock import stamp
from .database import execute, fetch, query, transaction
from .errors import NotFound
from .identity.models import Requester
from .mail.receiving import raw_id
from .tickets.models import Event, Message, Ticket

#: What is kept of a person beside their tickets, and the column that names them.
BY_ADDRESS = ("mail_link", "unreachable")


def find(site_id: int, requester_id: str) -> Requester:
    found = fetch(Requester, "site_id = ? AND id = ?", site_id, requester_id)
    if not found:
        raise NotFound("No such person.")
    return found[0]


def export(site_id: int, requester_id: str) -> dict[str, Any]:
    """Return what is kept of a person, as JSON can carry it; the team's notes are not theirs."""
    person = find(site_id, requester_id)
    own = (site_id, requester_id)
    tickets = fetch(Ticket, "site_id = ? AND requester_id = ? ORDER BY opened_at", *own)
    sessions = query(
        "SELECT origin, created_at, expires_at FROM session WHERE site_id = ? AND requester_id = ?",
        *own,
    )
    return {
        "exported_at": stamp(),
        "person": {
            name: person.__data__.get(name)
            for name in ("id", "sub", "name", "email", "email_verified_at", "locale", "created_at")
        },
        "sessions": [dict(zip(("origin", "from", "until"), row, strict=True)) for row in sessions],
        "tickets": [_ticket(ticket) for ticket in tickets],
    }


def _ticket(ticket: Ticket) -> dict[str, Any]:
    own = (ticket.site_id, ticket.id)
    shown = "site_id = ? AND ticket_id = ? AND internal_at IS NULL"
    letters = query(
        "SELECT kind, recipient, state, created_at FROM mail WHERE site_id = ? AND ticket_id = ?"
        " AND audience = 'requester' ORDER BY created_at",
        *own,
    )
    return {
        "number": ticket.number,
        "title": ticket.title,
        "state": ticket.state,
        "email": ticket.email,
        "opened_at": ticket.opened_at,
        "fields": ticket.fields,
        "context": ticket.context,
        "messages": [
            {"at": each.sent_at, "by": each.author_name or each.author, "text": each.body}
            for each in fetch(Message, f"{shown} ORDER BY sent_at", *own)
        ],
        "events": [
            {"at": each.at, "kind": each.kind, "data": each.data}
            for each in fetch(Event, f"{shown} ORDER BY at", *own)
        ],
        "files": [
            {"name": each.name, "type": each.type, "bytes": each.size, "sha256": each.sha256}
            for each in attachments.of_ticket(*own)
        ],
        "letters": [dict(zip(("kind", "to", "state", "at"), row, strict=True)) for row in letters],
    }


def erase(site_id: int, requester_id: str) -> int:
    """Remove a person and all they sent, files included; return how many tickets went.

    Counts and numbers of tickets stay as they are; a number is not given again.
    """
    person = find(site_id, requester_id)
    own = (site_id, requester_id)
    tickets = [
        row[0]
        for row in query("SELECT id FROM ticket WHERE site_id = ? AND requester_id = ?", *own)
    ]
    addresses = {
        row[0]
        for row in query("SELECT email FROM ticket WHERE site_id = ? AND requester_id = ?", *own)
        if row[0]
    } | ({person.email} if person.email else set())
    files = _files(site_id, requester_id, tickets)
    with transaction():
        for ticket_id in tickets:
            execute(
                "DELETE FROM ticket_search WHERE site_id = ? AND ticket_id = ?", site_id, ticket_id
            )
        for part in (requester_id, *tickets):
            execute(
                "DELETE FROM idempotency WHERE site_id = ? AND scope LIKE ?", site_id, f"%{part}%"
            )
        for address in addresses:
            execute("DELETE FROM mail WHERE site_id = ? AND recipient = ?", site_id, address)
            execute("DELETE FROM incoming WHERE site_id = ? AND sender = ?", site_id, address)
            for table in BY_ADDRESS:
                execute(f"DELETE FROM {table} WHERE site_id = ? AND email = ?", site_id, address)
        execute(
            "DELETE FROM attachment WHERE site_id = ? AND owner = ?",
            site_id, f"requester:{requester_id}",
        )  # fmt: skip
        # Messages, events, letters and files go with their ticket, sessions with the person.
        execute("DELETE FROM session WHERE site_id = ? AND requester_id = ?", *own)
        execute("DELETE FROM ticket WHERE site_id = ? AND requester_id = ?", *own)
        execute("DELETE FROM requester WHERE site_id = ? AND id = ?", *own)
    for file_id in files:
        attachments.Files.storage.remove(file_id)
    return len(tickets)


def _files(site_id: int, requester_id: str, tickets: list[str]) -> list[str]:
    """Return the names of everything of a person's that lies on disk."""
    found = query(
        "SELECT id FROM attachment WHERE site_id = ? AND owner = ?",
        site_id, f"requester:{requester_id}",
    )  # fmt: skip
    for ticket_id in tickets:
        found += query(
            "SELECT id FROM attachment WHERE site_id = ? AND ticket_id = ?", site_id, ticket_id
        )
        found += [
            (raw_id(row[0]),)
            for row in query(
                "SELECT id FROM incoming WHERE site_id = ? AND ticket_id = ?", site_id, ticket_id
            )
        ]
    return sorted({row[0] for row in found})
