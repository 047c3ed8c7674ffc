"""Who is told of what happens to a ticket. Listens to tickets; they do not know it."""

from typing import Any

from ..clock import stamp
from ..database import query
from ..ids import new_id
from ..tickets import events
from ..tickets.models import Ticket
from . import outbox
from .addresses import AGENT, REQUESTER
from .post import Post, Teammate

#: What an agent did, and the letter the requester gets for it.
TO_REQUESTER = {
    "replied": "answered",
    "moved": "moved",
    "closed": "closed",
    "reopened": "reopened",
    "quoted": "quoted",
    "ordered": "ordered",
    "order_moved": "order_moved",
    "paid": "paid",
    "refunded": "refunded",
    "part_refunded": "part_refunded",
}

#: What a requester did, and the letter that confirms it.
ASKED = {("opened", "requester"): "received", ("accepted", "requester"): "accepted"}

#: What happened, and the letter the team gets for it.
TO_TEAM = {
    "opened": "agent_opened",
    "replied": "agent_replied",
    "accepted": "agent_accepted",
    "declined": "agent_declined",
    "paid": "agent_paid",
    "surplus": "agent_surplus",
    "soon_late": "agent_soon_late",
    "late": "agent_late",
}

#: Seconds a change of progress waits for the next: a slider moves in steps.
MOVED_DELAY = 60


@events.listen
def tell(kind: str, ticket: Ticket, **data: Any) -> None:
    """Write the letters an event asks for, in the event's transaction."""
    if not outbox.on():
        return
    actor = data.get("actor")
    by = actor.kind if actor is not None else "system"
    about: dict[str, Any] = {
        name: data[name] for name in ("message_id", "order_id", "quote_id", "facts") if name in data
    }
    once = data.get("message_id") or data.get("once") or new_id()
    if kind == "opened" and ticket.held_at is not None:
        _requester(ticket, "confirm", about, once)
        return
    if (kind, by) in ASKED:
        _requester(ticket, ASKED[kind, by], about, once)
    elif by != "requester" and kind in TO_REQUESTER and not data.get("internal"):
        _requester(ticket, TO_REQUESTER[kind], about, once)
    if kind in TO_TEAM and by != "agent":
        for mate in Post.team(ticket.site_id, ticket.assignee_id):
            _teammate(ticket, mate, TO_TEAM[kind], about, once)


def _requester(ticket: Ticket, kind: str, about: dict[str, Any], once: str) -> None:
    if not ticket.email or not (ticket.notify or kind in {"received", "confirm"}):
        return
    if kind == "moved" and _pending(ticket):
        return
    outbox.write(
        site_id=ticket.site_id,
        ticket_id=ticket.id,
        kind=kind,
        recipient=ticket.email,
        audience=REQUESTER,
        locale=ticket.locale,
        about=about,
        once=f"{ticket.id}:{kind}:{once}:{ticket.email}",
        delay=MOVED_DELAY if kind == "moved" else 0,
    )


def _pending(ticket: Ticket) -> bool:
    return bool(
        query(
            "SELECT 1 FROM mail WHERE site_id = ? AND ticket_id = ? AND kind = 'moved'"
            " AND state = 'waiting' AND created_at > ?",
            ticket.site_id,
            ticket.id,
            stamp(seconds=-MOVED_DELAY),
        )
    )


def _teammate(ticket: Ticket, mate: Teammate, kind: str, about: dict[str, Any], once: str) -> None:
    outbox.write(
        site_id=ticket.site_id,
        ticket_id=ticket.id,
        kind=kind,
        recipient=mate.email,
        recipient_name=mate.name,
        audience=AGENT,
        locale=mate.locale,
        about=about,
        once=f"{ticket.id}:{kind}:{once}:{mate.email}",
    )
