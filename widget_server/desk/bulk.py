"""One act on many tickets, and the way back: each ticket as it stood before."""

from collections.abc import Callable

from ..errors import Invalid
from ..tickets import labels, service, snoozing
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from ..tickets.states import COMPLETED

MOST = 100


def standing(ticket: Ticket) -> str:
    """Return what :func:`restore` needs of a ticket."""
    until = ticket.snoozed_until or ""
    tags = ",".join(ticket.tags)
    return f"{ticket.state}:{ticket.assignee_id or ''}:{ticket.priority}:{tags}:{until}"


def complete(tickets: list[Ticket], actor: Actor) -> list[Ticket]:
    return _each(tickets, lambda ticket: service.close(ticket, actor), COMPLETED)


def assign(
    tickets: list[Ticket], actor: Actor, *, agent_id: int | None, name: str | None
) -> list[Ticket]:
    return _each(
        tickets, lambda ticket: service.assign(ticket, actor, agent_id=agent_id, name=name)
    )


def snooze(tickets: list[Ticket], actor: Actor, until: str) -> list[Ticket]:
    return _each(tickets, lambda ticket: snoozing.snooze(ticket, actor, until), COMPLETED)


def prioritise(tickets: list[Ticket], actor: Actor, priority: str) -> list[Ticket]:
    return _each(tickets, lambda ticket: labels.set_priority(ticket, actor, priority))


def tag(tickets: list[Ticket], actor: Actor, text: str) -> list[Ticket]:
    """Add tags, separated by commas, to each."""
    tags = labels.tidied(text.split(","))
    return _each(tickets if tags else [], lambda ticket: labels.add_tags(ticket, actor, tags))


def restore(ticket: Ticket, actor: Actor, before: str, names: dict[int, str]) -> None:
    """Put a ticket back to how it stood, as far as it moved since."""
    state, _, rest = before.partition(":")
    assignee, priority, tags, until = (*rest.split(":", 3), "", "", "")[:4]
    if state != ticket.state:
        service.set_state(ticket, actor, state)
    agent_id = int(assignee) if assignee.isdigit() else None
    if agent_id != ticket.assignee_id and (agent_id is None or agent_id in names):
        service.assign(ticket, actor, agent_id=agent_id, name=names.get(agent_id or 0))
    labels.set_priority(ticket, actor, priority)
    labels.set_tags(ticket, actor, tags.split(","))
    if ticket.snoozed_until and not until:
        snoozing.wake(ticket, actor)
    elif until and until != ticket.snoozed_until:
        snoozing.snooze(ticket, actor, until)


def _each(
    tickets: list[Ticket], act: Callable[[Ticket], None], unless: str | None = None
) -> list[Ticket]:
    if len(tickets) > MOST:
        raise Invalid(fields={"ticket": [f"At most {MOST} at once."]})
    touched = [ticket for ticket in tickets if ticket.state != unless]
    for ticket in touched:
        act(ticket)
    return touched
