"""How an act is written down: the ticket's row, its history, its requester's cursor.

Called by :mod:`.service` inside one transaction; nothing here decides, it only writes.
"""

from dataclasses import dataclass
from typing import Any

from .. import audit, signals
from ..attachments import service as attachments
from ..clock import stamp
from ..database import after_commit, insert, is_sqlite, query
from ..ids import new_id
from ..sites.look import FILES
from . import due, search, states
from .models import Event, Message, Ticket
from .states import Standing

#: Files one mail may bring; mail programs count differently than our form.
MAILED_FILES = 20


@dataclass(frozen=True)
class Actor:
    """Who acts: a requester or an agent, with the name shown beside what they did."""

    kind: str
    id: str
    name: str

    @property
    def owner(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Mailed:
    """What a message that came by mail brings along: the text that was folded away."""

    quoted: str | None


def next_number(site_id: int, name: str) -> int:
    """Return the next human number of a site, without gaps: a rollback gives it back."""
    rows = query(
        "INSERT INTO counter (site_id, name, value) VALUES (?, ?, 1)"
        " ON CONFLICT (site_id, name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        site_id,
        name,
    )
    return int(rows[0][0])


def own(ticket: Ticket) -> Any:
    return (Ticket.site_id == ticket.site_id) & (Ticket.id == ticket.id)


def locked(ticket: Ticket) -> Ticket:
    """Read the ticket again inside the transaction, so that two acts never overwrite each other."""
    rows = Ticket.select().where(own(ticket))
    return (rows if is_sqlite() else rows.for_update()).get()


def standing_of(ticket: Ticket) -> Standing:
    return Standing(ticket.state, ticket.progress, ticket.progress_before)


def move(
    ticket: Ticket, actor: Actor, to: Standing, *, at: str | None = None, quiet: bool = False
) -> None:
    """Write the new standing, and an event for each part of it that people see change."""
    at = at or stamp()
    if to.state != ticket.state and not quiet:
        record(ticket, actor, "state", at=at, data={"from": ticket.state, "to": to.state})
    elif to.progress != ticket.progress and not quiet:
        record(ticket, actor, "progress", at=at, data={"from": ticket.progress, "to": to.progress})
    if to.state == states.COMPLETED and ticket.state != states.COMPLETED:
        # Since when somebody waits is kept: undone, the promise is what it was.
        ticket.completed_at = at
    if to.state != states.COMPLETED and ticket.state == states.COMPLETED:
        ticket.completed_at = None
        if actor.kind == "requester":
            ticket.waiting_since = at
    ticket.state, ticket.progress, ticket.progress_before = to.state, to.progress, to.before


def touch(ticket: Ticket, now: str) -> None:
    ticket.updated_at = now
    promise = due.of(ticket)
    if promise != ticket.due_at:
        ticket.due_at, ticket.due_told = promise, None
    ticket.cursor = advance(ticket.site_id, ticket.requester_id)
    ticket.save()
    _tell(ticket)


def advance(site_id: int, requester_id: str, *, opened: int = 0, email: str | None = None) -> int:
    """Move the requester's cursor: the one number that says whether anything is new for them."""
    rows = query(
        "UPDATE requester SET cursor = cursor + 1, opened = opened + ?,"
        " email = CASE WHEN sub IS NULL AND email_verified_at IS NULL AND ? <> '' THEN ?"
        " ELSE email END"
        " WHERE site_id = ? AND id = ? RETURNING cursor",
        opened, email or "", email or "", site_id, requester_id,
    )  # fmt: skip
    return int(rows[0][0])


def write(
    ticket: Ticket,
    actor: Actor,
    body: str,
    files: list[str],
    now: str,
    *,
    internal: bool = False,
    mailed: Mailed | None = None,
) -> str:
    message_id = new_id()
    insert(
        Message,
        site_id=ticket.site_id,
        id=message_id,
        ticket_id=ticket.id,
        author=actor.kind,
        author_id=actor.id,
        author_name=actor.name,
        body=body,
        internal_at=now if internal else None,
        sent_at=now,
        quoted=mailed.quoted if mailed else None,
        via="mail" if mailed else None,
    )
    attachments.take(
        ticket.site_id,
        actor.owner,
        files,
        ticket_id=ticket.id,
        message_id=message_id,
        most=MAILED_FILES if mailed else FILES,
    )
    search.add(ticket.site_id, ticket.id, f"{actor.name} {body}")
    _audit(ticket, actor, "note" if internal else "reply", {"files": len(files)} if files else {})
    return message_id


def record(
    ticket: Ticket,
    actor: Actor,
    kind: str,
    *,
    at: str | None = None,
    internal: bool = False,
    data: dict[str, Any] | None = None,
) -> None:
    at = at or stamp()
    insert(
        Event,
        site_id=ticket.site_id,
        id=new_id(),
        ticket_id=ticket.id,
        kind=kind,
        actor=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        data=data or {},
        internal_at=at if internal else None,
        at=at,
    )
    _audit(ticket, actor, kind, data or {})
    _tell(ticket)


def word(ticket: Ticket) -> str:
    """Return what is said between processes when something happened to the ticket."""
    return f"ticket:{ticket.id}"


def _tell(ticket: Ticket) -> None:
    after_commit(lambda: signals.tell(word(ticket)))
    after_commit(lambda: signals.tell("desk"))


def _audit(ticket: Ticket, actor: Actor, kind: str, data: dict[str, Any]) -> None:
    if actor.kind == "agent":
        who = int(actor.id) if actor.id.isdecimal() else None
        audit.note(
            f"ticket.{kind}",
            site_id=ticket.site_id,
            ticket=(ticket.id, ticket.number),
            by=(who, actor.name),
            **data,
        )
