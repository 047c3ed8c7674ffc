"""Rules at work: a job from the ticket's transaction, once for each event.

All that the rules do about one event is one transaction, which begins by writing down that the
event has been considered: a job that is repeated finds that, and does nothing.
"""

from typing import Any

from ..clock import stamp
from ..database import execute, fetch, insert, query, transaction
from ..ids import new_id
from ..jobs import enqueue, handler
from ..tickets import events, ledger
from ..tickets.models import Message, Ticket
from . import acting, grammar, matching, service
from .models import Run

#: What rules may do to one ticket in an hour; programs that answer each other end here.
HOURLY = 30

#: How long it is remembered what has been considered, and how often a rule acted.
KEEP_SECONDS = 30 * 86_400

#: What tickets announce, beside replies, and the occasion it is.
OCCASIONS = {
    "opened": grammar.OPENED,
    "soon_late": grammar.SOON_LATE,
    "late": grammar.LATE,
    "paid": grammar.PAID,
    "closed": grammar.CLOSED,
    "rated": grammar.RATED,
}


@events.listen
def consider(kind: str, ticket: Ticket, **data: Any) -> None:
    """Queue the rules of an event, in its transaction; what a rule did is no event for rules."""
    if acting.is_acting() or ticket.held_at is not None or ticket.merged_into is not None:
        return
    occasion = OCCASIONS.get(kind)
    if kind == "replied":
        by_agent = data["actor"].kind == "agent"
        occasion = grammar.AGENT_REPLIED if by_agent else grammar.REQUESTER_REPLIED
    if occasion is None or not service.any_enabled(occasion):
        return
    once = data.get("message_id") or data.get("once") or new_id()
    enqueue(
        "rules.run", site_id=ticket.site_id, ticket_id=ticket.id, occasion=occasion,
        event=f"{occasion}:{once}", message_id=data.get("message_id"),
    )  # fmt: skip


@handler("rules.run")
def run(
    site_id: int, ticket_id: str, occasion: str, event: str, message_id: str | None = None
) -> None:
    """Let every rule of an occasion look at a ticket, in their order."""
    with transaction():
        found = fetch(Ticket, "site_id = ? AND id = ? AND merged_into IS NULL", site_id, ticket_id)
        if not found:
            return
        ticket = ledger.locked(found[0])
        if not _write(ticket, event, ""):
            return
        message = message_of(ticket, message_id)
        for rule in service.enabled(occasion):
            ticket = ledger.locked(ticket)
            if _spent(ticket) or not matching.matches(rule, matching.facts_of(ticket, message)):
                continue
            with acting.as_rule(rule):
                replied = acting.act(rule, ticket, event)
            _write(ticket, event, rule.id, replied=int(replied))


def message_of(ticket: Ticket, message_id: str | None) -> Message | None:
    """Return the message at hand: the one that came, or else the first."""
    own = "site_id = ? AND ticket_id = ?"
    if message_id is not None:
        found = fetch(Message, "site_id = ? AND id = ?", ticket.site_id, message_id)
    else:
        found = fetch(Message, f"{own} ORDER BY sent_at, id LIMIT 1", ticket.site_id, ticket.id)
    return found[0] if found else None


@handler("rules.sweep", every=86_400)
def sweep() -> None:
    """Forget what was considered a month ago."""
    execute("DELETE FROM rule_run WHERE at < ?", stamp(seconds=-KEEP_SECONDS))


def _write(ticket: Ticket, event: str, rule_id: str, *, replied: int = 0) -> bool:
    return insert(
        Run,
        or_ignore=True,
        site_id=ticket.site_id,
        ticket_id=ticket.id,
        event=event,
        rule_id=rule_id,
        replied=replied,
        at=stamp(),
    )


def _spent(ticket: Ticket) -> bool:
    ((count,),) = query(
        "SELECT count(*) FROM rule_run WHERE site_id = ? AND ticket_id = ? AND rule_id <> ''"
        " AND at > ?",
        ticket.site_id, ticket.id, stamp(seconds=-3_600),
    )  # fmt: skip
    return bool(count >= HOURLY)
