"""Tickets that become one take their orders along."""

from typing import Any

from ..database import execute, query
from ..tickets import events, search
from ..tickets.models import Ticket

#: What the history tells of orders; it stands beside them.
TOLD = (
    "quoted", "ordered", "accepted", "declined", "order_moved", "paid", "refunded", "surplus",
    "part_refunded", "return_asked",
)  # fmt: skip


@events.listen
def follow(kind: str, ticket: Ticket, *, source: Ticket | None = None, **_: Any) -> None:
    """Move the orders of the ticket that goes, with their history, to the one that stays."""
    if kind != "merged" or source is None:
        return
    own = (source.site_id, source.id)
    numbers = query(
        "SELECT quote_number, number, title FROM purchase WHERE site_id = ? AND ticket_id = ?", *own
    )
    for names in numbers:
        search.add(ticket.site_id, ticket.id, " ".join(filter(None, names)))
    execute(
        "UPDATE purchase SET ticket_id = ? WHERE site_id = ? AND ticket_id = ?", ticket.id, *own
    )
    marks = ", ".join("?" for _ in TOLD)
    execute(
        f"UPDATE event SET ticket_id = ? WHERE site_id = ? AND ticket_id = ? AND kind IN ({marks})",
        ticket.id, *own, *TOLD,
    )  # fmt: skip
