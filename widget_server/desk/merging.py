"""Merging tickets, with what hangs on them in rooms that tickets do not know."""

from ..database import execute, transaction
from ..tickets import merging
from ..tickets.ledger import Actor
from ..tickets.models import Ticket


def merge(source: Ticket, into: Ticket, actor: Actor) -> None:
    """Move ``source`` into ``into``: what was said, and what was quoted, ordered and paid."""
    with transaction():
        merging.merge(source, into, actor)
        execute(
            "UPDATE purchase SET ticket_id = ? WHERE site_id = ? AND ticket_id = ?",
            into.id, source.site_id, source.id,
        )  # fmt: skip
