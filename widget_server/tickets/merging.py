"""Two tickets of one person become one; every address of the other leads to it."""

from typing import Any

from ..clock import parse, stamp
from ..database import execute, query, transaction
from ..errors import Conflict, Invalid
from . import events, labels, ledger, search, service
from .ledger import Actor
from .models import Ticket
from .states import COMPLETED


def merge(source: Ticket, into: Ticket, actor: Actor) -> None:
    """Move what was said in ``source`` to ``into``.

    Raises :exc:`Invalid` for tickets that cannot be one, :exc:`Conflict` if two people asked: what
    one of them wrote is not the other's to read.
    """
    if source.site_id != into.site_id or source.id == into.id:
        raise Invalid(fields={"number": ["Another ticket of the same site."]})
    if source.requester_id != into.requester_id:
        raise Conflict("Two different people asked.")
    now, own = stamp(), (source.site_id, source.id)
    with transaction():
        # Always in one order, so that two agents merging both ways do not wait for each other.
        locked = {each.id: ledger.locked(each) for each in sorted((source, into), key=_id)}
        source, into = locked[source.id], locked[into.id]
        if source.merged_into or into.merged_into:
            raise Conflict("It was merged meanwhile.")
        for name, body in query(
            "SELECT author_name, body FROM message WHERE site_id = ? AND ticket_id = ?", *own
        ):
            search.add(into.site_id, into.id, f"{name} {body}")
        search.add(into.site_id, into.id, f"#{source.number} {source.title}")
        for table in ("message", "attachment"):
            execute(
                f"UPDATE {table} SET ticket_id = ? WHERE site_id = ? AND ticket_id = ?",
                into.id, *own,
            )  # fmt: skip
        execute("DELETE FROM ticket_search WHERE site_id = ? AND ticket_id = ?", *own)
        # What does not fit stays with the one that goes.
        fresh = [tag for tag in source.tags if tag not in into.tags]
        labels.add_tags(into, actor, fresh[: labels.MOST - len(into.tags)])
        into.tags = ledger.locked(into).tags
        if source.state != COMPLETED:
            into = _taken_up(into, source, actor)
            # Counts once it stands for itself again, because the other is erased.
            ledger.record(source, actor, "closed", at=now)
        elif into.completed_at and into.emptied_at:
            # Kept as long as what it brings would have been, then emptied again.
            again = stamp(parse(into.emptied_at), seconds=1)
            into.completed_at = max(again, source.completed_at or now)
        into.agent_unread_since = into.agent_unread_since or source.agent_unread_since
        into.unread_since = into.unread_since or source.unread_since
        source.merged_into, source.state, source.progress = into.id, COMPLETED, 100
        source.completed_at = source.completed_at or now
        source.waiting_since = source.unread_since = source.agent_unread_since = None
        source.due_at = source.snoozed_until = None
        source.save()
        # Tickets that led to the one that goes lead on.
        execute(
            "UPDATE ticket SET merged_into = ? WHERE site_id = ? AND merged_into = ?",
            into.id, *own,
        )  # fmt: skip
        ledger.advance(source.site_id, source.requester_id, opened=-1)
        ledger.record(into, actor, "merged", internal=True, data={"number": source.number})
        ledger.touch(into, now)
        events.announce("merged", into, actor=actor, source=source)


def _taken_up(into: Ticket, source: Ticket, actor: Actor) -> Ticket:
    """Have the one that stays stand where somebody sees it, for whoever waits in the other."""
    if into.state == COMPLETED:
        service.set_state(into, actor, source.state)
        into = ledger.locked(into)
        into.waiting_since = None  # What was waited for there was done with.
    into.waiting_since = min(filter(None, (into.waiting_since, source.waiting_since)), default=None)
    into.snoozed_until = None if source.waiting_since else into.snoozed_until
    return into


def set_address(ticket: Ticket, actor: Actor, email: str) -> None:
    """Send what is answered elsewhere from now on; who changed it, and from what, is kept."""
    with transaction():
        ticket = ledger.locked(ticket)
        if ticket.email == email:
            return
        ledger.record(
            ticket, actor, "address", internal=True, data={"from": ticket.email, "to": email}
        )
        ticket.email = email
        ticket.save()
        search.add(ticket.site_id, ticket.id, email)
        events.announce("addressed", ticket, actor=actor)


def _id(ticket: Ticket) -> Any:
    return ticket.id
