"""Listens to tickets, as mail does; what happens is written down for every address that asked."""

import json
from typing import Any

from ..database import query
from ..tickets import events
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from . import deliveries
from .kinds import BY_RULE, OF_TICKETS


@events.listen
def tell(kind: str, ticket: Ticket, **data: Any) -> None:
    """Write the deliveries an event asks for, in the event's transaction."""
    event = OF_TICKETS.get(kind)
    # Held: its address is not proven, and nobody but its requester has seen it yet.
    if event is None or ticket.held_at is not None:
        return
    wanted = [
        hook_id
        for hook_id, events in query(
            "SELECT id, events FROM webhook WHERE site_id = ? AND disabled_at IS NULL",
            ticket.site_id,
        )
        if event in json.loads(events)
    ]
    about = _about(data.get("actor"))
    about |= {name: data[name] for name in ("message_id", "order_id", "was") if name in data}
    if kind == "rated":
        about["rated"] = True
    for hook_id in wanted:
        deliveries.write(hook_id, ticket, event, about)


def tell_one(hook_id: str, ticket: Ticket, actor: Actor, rule: dict[str, str]) -> None:
    """Tell one address of a ticket because a rule says so, in the caller's transaction."""
    deliveries.write(hook_id, ticket, BY_RULE, _about(actor) | {"rule": rule})


def _about(actor: Actor | None) -> dict[str, Any]:
    who = {"kind": actor.kind, "name": actor.name} if actor else {"kind": "system", "name": ""}
    return {"actor": who}
