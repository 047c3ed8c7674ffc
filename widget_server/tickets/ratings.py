"""How it went: a closed ticket asks once, one click, and a sentence if they like."""

from typing import Any

from peewee import CompositeKey, IntegerField, TextField

from ..clock import stamp
from ..database import Model, execute, insert, query, transaction
from ..errors import Conflict
from . import events, ledger
from .ledger import Actor
from .models import Ticket
from .states import COMPLETED


class NotCompleted(Conflict):
    code, message = "not_completed", "Only a completed request can be rated."


class Rating(Model):
    """A requester's word on how a ticket went."""

    site_id = IntegerField()
    ticket_id = TextField()
    good = IntegerField()
    comment = TextField()
    at = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "ticket_id")


def rate(ticket: Ticket, actor: Actor, *, good: bool, comment: str = "") -> None:
    """Take their word; said again, the last one counts, on the day of the first.

    Raises :exc:`NotCompleted`.
    """
    now = stamp()
    with transaction():
        ticket = ledger.locked(ticket)
        if ticket.state != COMPLETED:
            raise NotCompleted()
        before = of(ticket)
        if before is None:
            insert(
                Rating,
                site_id=ticket.site_id,
                ticket_id=ticket.id,
                good=int(good),
                comment=comment,
                at=now,
            )
        else:
            execute(
                "UPDATE rating SET good = ?, comment = ? WHERE site_id = ? AND ticket_id = ?",
                int(good), comment, ticket.site_id, ticket.id,
            )  # fmt: skip
        if before is None or before["good"] != good or before["comment"] != comment:
            data = {"good": good, "comment": comment}
            ledger.record(ticket, actor, "rated", at=now, internal=True, data=data)
            events.announce("rated", ticket, actor=actor, at=before["at"] if before else now)


def of(ticket: Ticket) -> dict[str, Any] | None:
    """Return what was said of a ticket."""
    rows = query(
        "SELECT good, comment, at FROM rating WHERE site_id = ? AND ticket_id = ?",
        ticket.site_id, ticket.id,
    )  # fmt: skip
    return {"good": bool(rows[0][0]), "comment": rows[0][1], "at": rows[0][2]} if rows else None
