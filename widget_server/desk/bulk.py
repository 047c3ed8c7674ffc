"""One act on many tickets, and the way back: each ticket as it stood before."""

from collections.abc import Callable
from typing import NamedTuple

from ..clock import stamp
from ..database import transaction
from ..errors import Invalid
from ..tickets import inbox, labels, ledger, service, snoozing
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from ..tickets.states import COMPLETED

#: All that may be ticked in one list.
MOST = inbox.LONGEST


class Standing(NamedTuple):
    """What an act can change of a ticket, as text."""

    state: str = ""
    assignee: str = ""
    priority: str = ""
    tags: str = ""
    until: str = ""


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


def restore(
    ticket: Ticket, actor: Actor, before: str, names: dict[int, str], after: str | None = None
) -> None:
    """Put a ticket back to how it stood; with how an act left it, what nobody changed since."""
    with transaction():
        _restore(ledger.locked(ticket), actor, before, names, after)


def _restore(
    ticket: Ticket, actor: Actor, before: str, names: dict[int, str], after: str | None
) -> None:
    stands = standing(ticket)
    was, became, now = (Standing(*each.split(":", 4)) for each in (before, after or stands, stands))
    undone = {
        name
        for name in Standing._fields
        if getattr(was, name) != getattr(became, name) == getattr(now, name)
    }
    if "state" in undone:
        service.set_state(ticket, actor, was.state, since=became.state)
    agent_id = int(was.assignee) if was.assignee.isdigit() else None
    if "assignee" in undone and (agent_id is None or agent_id in names):
        service.assign(ticket, actor, agent_id=agent_id, name=names.get(agent_id or 0))
    if "priority" in undone:
        labels.set_priority(ticket, actor, was.priority)
    had, given = was.tags.split(","), became.tags.split(",")
    kept = [tag for tag in ticket.tags if tag in had or tag not in given]
    labels.set_tags(ticket, actor, [*kept, *(tag for tag in had if tag not in given)])
    # What was completed with it and is open again by somebody else's doing stays awake.
    if "until" in undone and ("state" in undone or was.state == became.state):
        if not was.until:
            snoozing.wake(ticket, actor)
        elif was.until > stamp():
            snoozing.snooze(ticket, actor, was.until)


def _each(
    tickets: list[Ticket], act: Callable[[Ticket], None], unless: str | None = None
) -> list[Ticket]:
    if len(tickets) > MOST:
        raise Invalid(fields={"ticket": [f"At most {MOST} at once."]})
    touched, refused = [], None
    for ticket in tickets:
        try:
            if ticket.state != unless:
                act(ticket)
                touched.append(ticket)
        except Invalid as error:
            refused = refused or error  # What one of them has no room for, the others have.
    if refused and not touched:
        raise refused
    return touched
