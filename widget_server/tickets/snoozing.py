"""Sleep: a ticket leaves the open views until a time, or until its requester does something."""

from typing import Any

from ..clock import parse, stamp
from ..database import execute, fetch, transaction
from ..errors import Invalid
from ..jobs import handler
from . import events, ledger, states
from .ledger import Actor
from .models import Ticket

#: "Until a reply": a moment nobody waits for.
FOR_A_REPLY = "9999-01-01T00:00:00.000000Z"

#: What wakes a ticket, unless an agent did it.
WAKING = {"replied", "reopened", "accepted", "declined", "paid", "surplus"}

#: Tickets woken in one go.
BATCH = 200


def snooze(ticket: Ticket, actor: Actor, until: str) -> None:
    """Let a ticket sleep; whatever its requester does wakes it sooner."""
    if until != FOR_A_REPLY and not stamp() < until <= stamp(seconds=400 * 86_400):
        raise Invalid(fields={"until": ["A time to come, within a year."]})
    with transaction():
        ticket = ledger.locked(ticket)
        if ticket.state == states.COMPLETED:
            raise Invalid(fields={"until": ["It is completed."]})
        ticket.snoozed_until = until
        ticket.save()
        told = None if until == FOR_A_REPLY else until
        ledger.record(ticket, actor, "snoozed", internal=True, data={"until": told})


def wake(ticket: Ticket, actor: Actor) -> None:
    """Bring a sleeping ticket back by hand."""
    with transaction():
        if _wake(ticket):
            ledger.record(ticket, actor, "woken", internal=True)


@events.listen
def interrupt(kind: str, ticket: Ticket, **data: Any) -> None:
    """What its requester does, or completing it, ends the sleep, in the same transaction."""
    by_agent = getattr(data.get("actor"), "kind", None) == "agent"
    if kind == "closed" or (kind in WAKING and not by_agent):
        _wake(ticket)
        ticket.snoozed_until = None


@handler("tickets.wake", every=15)
def wake_due() -> None:
    """Wake what has slept enough: it stands first in the inbox, as if it were new."""
    for ticket in fetch(
        Ticket, f"snoozed_until <= ? ORDER BY snoozed_until LIMIT {BATCH}", stamp()
    ):
        with transaction():
            if _wake(ticket):
                now = stamp()
                execute(
                    "UPDATE ticket SET updated_at = ?,"
                    " agent_unread_since = coalesce(agent_unread_since, ?)"
                    " WHERE site_id = ? AND id = ?",
                    now, now, ticket.site_id, ticket.id,
                )  # fmt: skip
                ledger.record(ticket, Actor("system", "", ""), "awake", internal=True)


def _wake(ticket: Ticket) -> bool:
    done = execute(
        "UPDATE ticket SET snoozed_until = NULL"
        " WHERE site_id = ? AND id = ? AND snoozed_until IS NOT NULL",
        ticket.site_id, ticket.id,
    )  # fmt: skip
    return bool(done.rowcount)


def is_for_a_reply(until: str | None) -> bool:
    return until is not None and parse(until).year == 9999
