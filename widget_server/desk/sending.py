"""Undo send: a reply waits a few seconds, on disk, before it is said.

The row and the job that says it are one commit, and saying it removes the row in the transaction
that writes the message: a killed process neither loses a reply nor says it twice.
"""

from collections.abc import Mapping
from typing import Any

from ..attachments import service as attachments
from ..clock import stamp
from ..database import execute, fetch, insert, transaction
from ..ids import new_id
from ..jobs import enqueue, handler
from ..tickets import service
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from . import drafts
from .models import Sending

OWN = "site_id = ? AND ticket_id = ? AND agent_id = ?"


class Wait:
    """How long a reply can be taken back."""

    seconds = 10


def furnish(settings: Mapping[str, Any]) -> None:
    Wait.seconds = settings["UNDO_SECONDS"]


def hold(ticket: Ticket, agent: Actor, *, body: str, files: list[str]) -> str:
    """Let a reply wait and return its id; one that waits already is said first."""
    sending_id, agent_id = new_id(), int(agent.id)
    for file_id in files:
        attachments.find(ticket.site_id, file_id)  # Who is told now can still attach it again.
    with transaction():
        dispatch(ticket, agent_id)
        insert(
            Sending,
            site_id=ticket.site_id,
            ticket_id=ticket.id,
            agent_id=agent_id,
            id=sending_id,
            agent_name=agent.name,
            body=body,
            files=files,
            written_at=stamp(),
            due_at=stamp(seconds=Wait.seconds),
        )
        enqueue(
            "desk.send", delay=Wait.seconds, site_id=ticket.site_id, ticket_id=ticket.id,
            agent_id=agent_id, sending_id=sending_id,
        )  # fmt: skip
    return sending_id


def find(ticket: Ticket, agent_id: int) -> Sending | None:
    found = fetch(Sending, OWN, ticket.site_id, ticket.id, agent_id)
    return found[0] if found else None


def withdraw(ticket: Ticket, agent_id: int) -> Sending | None:
    """Take a reply back into the draft, before what was begun since; ``None`` if it was said."""
    with transaction():
        waiting = find(ticket, agent_id)
        if waiting is None or not _remove(waiting):
            return None
        drafts.add(ticket, agent_id, body=waiting.body, kind="reply")
    return waiting


def dispatch(ticket: Ticket, agent_id: int) -> str | None:
    """Say now what waits, and return the message's id."""
    waiting = find(ticket, agent_id)
    return _say(ticket, waiting) if waiting is not None else None


@handler("desk.send")
def send(site_id: int, ticket_id: str, agent_id: int, sending_id: str) -> None:
    """Say a reply that nobody took back."""
    found = fetch(Sending, f"{OWN} AND id = ?", site_id, ticket_id, agent_id, sending_id)
    if found:
        _say(service.find_by_id(site_id, ticket_id), found[0])


def _say(ticket: Ticket, waiting: Sending) -> str | None:
    actor = Actor("agent", str(waiting.agent_id), waiting.agent_name)
    with transaction():
        if not _remove(waiting):
            return None
        return service.post_message(ticket, actor, body=waiting.body, files=waiting.files)


def _remove(waiting: Sending) -> bool:
    gone = execute(
        f"DELETE FROM sending WHERE {OWN} AND id = ?",
        waiting.site_id, waiting.ticket_id, waiting.agent_id, waiting.id,
    )  # fmt: skip
    return bool(gone.rowcount)
