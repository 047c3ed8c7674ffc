"""Merging tickets, with what hangs on them in rooms that tickets do not know."""

from ..database import execute, fetch, transaction
from ..tickets import merging
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from . import drafts, mentions
from .models import Draft


def merge(source: Ticket, into: Ticket, actor: Actor) -> None:
    """Move ``source`` into ``into``: what was said, quoted, ordered, paid, and begun by agents."""
    with transaction():
        merging.merge(source, into, actor)
        execute(
            "UPDATE purchase SET ticket_id = ? WHERE site_id = ? AND ticket_id = ?",
            into.id, source.site_id, source.id,
        )  # fmt: skip
        mentions.move(source, into)
        for draft in fetch(Draft, "site_id = ? AND ticket_id = ?", source.site_id, source.id):
            begun = drafts.find(into, draft.agent_id)
            # Of a note and a reply the whole stays among the team.
            kind = draft.kind if begun is None or begun.kind == draft.kind else "note"
            drafts.add(into, draft.agent_id, body=draft.body, kind=kind)
            drafts.forget(source, draft.agent_id)
