"""A person's right to know what is kept of them, and to have it gone."""

from typing import Any

from . import audit
from .assistant import index, outcomes
from .attachments import service as attachments
from .clock import stamp
from .database import execute, fetch, query, transaction
from .errors import NotFound
from .figures import marks
from .identity.models import Requester
from .mail import strays
from .mail.receiving import raw_id
from .orders.models import Decision, Order, Quote, Receipt
from .payments import checkouts
from .payments import rows as payments
from .tickets import ledger, ratings
from .tickets.models import Event, Message, Ticket

#: What is kept of a person beside their tickets, and the column that names them.
BY_ADDRESS = ("mail_link", "unreachable")

OF_PERSON = (
    "id", "sub", "name", "email", "email_verified_at", "locale", "claims", "created_at",
)  # fmt: skip


def find(site_id: int, requester_id: str) -> Requester:
    found = fetch(Requester, "site_id = ? AND id = ?", site_id, requester_id)
    if not found:
        raise NotFound("No such person.")
    return found[0]


def known_as(site_id: int, *, sub: str | None, email: str | None) -> list[tuple[str, str | None]]:
    """Return the requesters a host's user may be: under its id, and visitors under their address.

    With the address if only what was filed under it is theirs: one browser may have filed under
    several, and what signed-in people filed is theirs whatever they typed.
    """
    found: list[tuple[str, str | None]] = []
    if sub is not None:
        rows = query("SELECT id FROM requester WHERE site_id = ? AND sub = ?", site_id, sub)
        found += [(row[0], None) for row in rows]
    if email is None:
        return found
    visitors = query(
        "SELECT r.id FROM requester r WHERE r.site_id = ? AND r.email = ? AND r.sub IS NULL"
        " UNION SELECT r.id FROM ticket t JOIN requester r"
        " ON r.site_id = t.site_id AND r.id = t.requester_id"
        " WHERE t.site_id = ? AND t.email = ? AND r.sub IS NULL",
        site_id, email, site_id, email,
    )  # fmt: skip
    for (visitor,) in sorted(visitors):
        others = query(
            "SELECT 1 FROM ticket WHERE site_id = ? AND requester_id = ?"
            " AND (email IS NULL OR email <> ?) LIMIT 1",
            site_id, visitor, email,
        )  # fmt: skip
        found.append((visitor, email if others else None))
    return found


def under_address(site_id: int, email: str) -> list[tuple[str, str | None]]:
    """Return whom a host vouched for under an address; a host's user may share it with others."""
    rows = query(
        "SELECT id FROM requester WHERE site_id = ? AND email = ? AND sub IS NOT NULL",
        site_id, email,
    )  # fmt: skip
    return [(row[0], None) for row in rows]


def export(site_id: int, requester_id: str, *, filed_as: str | None = None) -> dict[str, Any]:
    """Return what is kept of a person, as JSON can carry it; the team's notes are not theirs.

    ``filed_as``: only the tickets filed under this address.
    """
    person = find(site_id, requester_id)
    audit.note("person.exported", site_id=site_id)
    own = (site_id, requester_id)
    tickets = fetch(Ticket, "site_id = ? AND requester_id = ? ORDER BY opened_at", *own)
    if filed_as is not None:
        tickets = [ticket for ticket in tickets if ticket.email == filed_as]
        return {"exported_at": stamp(), "person": {"email": filed_as}, "sessions": [],
                "tickets": [_ticket(ticket) for ticket in tickets],
                "questions": _questions(site_id, None, tickets),
                "mails": strays.told(site_id, filed_as)}  # fmt: skip
    sessions = query(
        "SELECT origin, created_at, expires_at FROM session WHERE site_id = ? AND requester_id = ?",
        *own,
    )
    return {
        "exported_at": stamp(),
        "person": {name: person.__data__.get(name) for name in OF_PERSON},
        "sessions": [dict(zip(("origin", "from", "until"), row, strict=True)) for row in sessions],
        "tickets": [_ticket(ticket) for ticket in tickets],
        "questions": _questions(site_id, requester_id, tickets),
        "mails": strays.told(site_id, person.email),
        "votes": [
            {"article": row[0], "helpful": bool(row[1]), "at": row[2]}
            for row in query(
                "SELECT article_id, helpful, at FROM article_vote WHERE site_id = ? AND voter = ?",
                site_id, f"requester:{requester_id}",
            )
        ],
    }  # fmt: skip


def _questions(site_id: int, visitor: str | None, tickets: list[Ticket]) -> list[dict[str, Any]]:
    return outcomes.of_person(site_id, visitor, [ticket.id for ticket in tickets])


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
        "orders": [_order(each) for each in fetch(Order, "site_id = ? AND ticket_id = ?", *own)],
        "rating": ratings.of(ticket),
        "files": [
            {"name": each.name, "type": each.type, "bytes": each.size, "sha256": each.sha256}
            for each in attachments.of_ticket(*own)
        ],
        "letters": [dict(zip(("kind", "to", "state", "at"), row, strict=True)) for row in letters],
    }


def _order(order: Order) -> dict[str, Any]:
    own = "site_id = ? AND order_id = ?"
    key = (order.site_id, order.id)
    return {
        "quote": order.quote_number,
        "order": order.number,
        "state": order.state,
        "versions": [
            {
                name: getattr(each, name)
                for name in ("version", "title", "lines", "note", "currency", "total", "sent_at")
            }
            for each in fetch(Quote, f"{own} ORDER BY version", *key)
        ],
        "decisions": [
            {
                name: getattr(each, name)
                for name in ("answer", "reason", "name", "email", "origin", "address", "at")
            }
            for each in fetch(Decision, f"{own} ORDER BY at", *key)
        ],
        "payments": [
            {"kind": each.kind, "amount": each.amount, "currency": each.currency, "at": each.at}
            for each in fetch(Receipt, f"{own} ORDER BY at", *key)
        ],
        "payments_begun": [
            {"way": each.way, "state": each.state, "at": each.created_at, "sent": each.request}
            for each in payments.of_order(order)
        ],
    }


def erase(site_id: int, requester_id: str, *, filed_as: str | None = None) -> int:
    """Remove a person and all they sent, files included; return how many tickets went.

    Counts and numbers of tickets stay as they are; a number is not given again. ``filed_as``:
    only the tickets filed under this address go, and the person stays.
    """
    person = find(site_id, requester_id)
    filed = query(
        "SELECT id, email FROM ticket WHERE site_id = ? AND requester_id = ?", site_id, requester_id
    )
    tickets = [row[0] for row in filed if filed_as in (None, row[1])]
    known = {filed_as} if filed_as else {person.email, *(row[1] for row in filed)}
    addresses = [address for address in known if address]
    mails = [mail for address in addresses for mail in strays.about(site_id, address)]
    files = files_of(site_id, None if filed_as else requester_id, tickets)
    files += [raw_id(mail.id) for mail in mails]
    with transaction():
        _erase_questions(site_id, None if filed_as else requester_id, tickets)
        for ticket_id in tickets:
            erase_ticket(site_id, ticket_id)
        strays.forget(mails)
        for address in addresses:
            _erase_address(site_id, address)
        if filed_as is None:
            _erase_person(site_id, requester_id)
        audit.note("person.erased", site_id=site_id, tickets=len(tickets))
    for file_id in files:
        attachments.remove(file_id)
    return len(tickets)


def erase_ticket(site_id: int, ticket_id: str) -> None:
    """Remove a ticket and all that hangs on it, in the caller's transaction; bytes aside.

    Its requester has one less; a merged one had been taken off before.
    """
    marks.keep(site_id, ticket_id)
    index.drop(site_id, index.SOLVED, ticket_id)
    execute("DELETE FROM ticket_search WHERE site_id = ? AND ticket_id = ?", site_id, ticket_id)
    for order in fetch(Order, "site_id = ? AND ticket_id = ?", site_id, ticket_id):
        checkouts.abandon(order)
    forget_ticket(site_id, ticket_id)
    # Messages, events, letters, orders and files go with it.
    for requester_id, merged_into in query(
        "DELETE FROM ticket WHERE site_id = ? AND id = ? RETURNING requester_id, merged_into",
        site_id, ticket_id,
    ):  # fmt: skip
        # What led to it stands for itself again, until it goes as well.
        freed = query(
            "UPDATE ticket SET merged_into = NULL WHERE site_id = ? AND requester_id = ?"
            " AND merged_into = ? RETURNING id",
            site_id, requester_id, ticket_id,
        )  # fmt: skip
        for (each,) in freed:
            marks.mark(site_id, marks.moments(site_id, each))
        ledger.advance(site_id, requester_id, opened=len(freed) - (not merged_into))


def forget_ticket(site_id: int, ticket_id: str) -> None:
    """Remove what others keep of a ticket's text: answers to repeat, the log, articles' sources."""
    _erase_keys(site_id, ticket_id)
    audit.forget_ticket(site_id, ticket_id)
    execute(
        "UPDATE article SET ticket_id = NULL, message_id = NULL"
        " WHERE site_id = ? AND ticket_id = ?",
        site_id, ticket_id,
    )  # fmt: skip


def _erase_questions(site_id: int, visitor: str | None, tickets: list[str]) -> None:
    """Remove what they asked the assistant, and have the days they asked on counted again."""
    asked = outcomes.of_person(site_id, visitor, tickets)
    marks.mark(site_id, [each["at"] for each in asked])
    outcomes.forget(site_id, visitor, tickets)


def _erase_address(site_id: int, address: str) -> None:
    execute("DELETE FROM mail WHERE site_id = ? AND recipient = ?", site_id, address)
    for table in BY_ADDRESS:
        execute(f"DELETE FROM {table} WHERE site_id = ? AND email = ?", site_id, address)


def _erase_person(site_id: int, requester_id: str) -> None:
    _erase_keys(site_id, requester_id)
    execute(
        "DELETE FROM attachment WHERE site_id = ? AND owner = ?",
        site_id, f"requester:{requester_id}",
    )  # fmt: skip
    execute(
        "DELETE FROM article_vote WHERE site_id = ? AND voter = ?",
        site_id, f"requester:{requester_id}",
    )  # fmt: skip
    own = (site_id, requester_id)
    execute("DELETE FROM session WHERE site_id = ? AND requester_id = ?", *own)
    execute("DELETE FROM requester WHERE site_id = ? AND id = ?", *own)


def _erase_keys(site_id: int, part: str) -> None:
    execute("DELETE FROM idempotency WHERE site_id = ? AND scope LIKE ?", site_id, f"%{part}%")


def files_of(site_id: int, requester_id: str | None, tickets: list[str]) -> list[str]:
    """Return the names of what lies on disk of a person, or only of some of their tickets."""
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
