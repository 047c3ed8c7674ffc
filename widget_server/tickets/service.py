"""Everything that can happen to a ticket. Knows nothing about HTTP."""

from typing import Any

from ..clock import stamp
from ..database import fetch, insert, query, transaction
from ..errors import Conflict, Invalid, NotFound
from ..identity.models import Requester
from ..identity.service import Caller
from ..ids import new_id
from ..sites.models import Category
from . import due, events, forms, ledger, search, states
from .ledger import Actor, Mailed
from .models import Ticket


def as_actor(caller: Caller) -> Actor:
    return Actor("requester", caller.id, caller.name or caller.email or "")


def open_ticket(
    caller: Caller,
    *,
    title: str,
    body: str,
    locale: str,
    category: str | None = None,
    email: str | None = None,
    notify: bool = True,
    files: list[str] | None = None,
    fields: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
    mailed: Mailed | None = None,
    held: bool = False,
    filed_by: Actor | None = None,
) -> Ticket:
    """File a request and return the ticket; ``filed_by``: the agent who does it for somebody.

    A visitor must give an ``email``; it is where updates go and proves nothing. An identified
    requester's own address is used. Raises :exc:`Invalid`.
    """
    chosen = _category(caller.site_id, category)
    # A mail, or an agent, could not know what the form asks.
    answers = {} if mailed or filed_by else forms.check(chosen, fields or {})
    if caller.kind == "identified" or caller.proven:
        email = caller.email
    elif email is None:
        raise Invalid(fields={"email": ["Write the address for updates."]})
    now, actor = stamp(), as_actor(caller)
    with transaction():
        values: dict[str, Any] = {
            "site_id": caller.site_id,
            "id": new_id(),
            "number": ledger.next_number(caller.site_id, "ticket"),
            "requester_id": caller.id,
            "category_id": chosen.id if chosen else None,
            "title": title,
            "state": states.NEW.state,
            "progress": 0,
            "checklist": [],
            "locale": locale,
            "email": email,
            "notify": int(notify),
            "context": context,
            "fields": answers,
            "opened_at": now,
            "updated_at": now,
            "waiting_since": now,
            "agent_unread_since": now,
            "held_at": now if held else None,
            "cursor": ledger.advance(caller.site_id, caller.id, opened=1, email=email),
        }
        ticket = Ticket(**values)
        values["due_at"] = ticket.due_at = due.of(ticket)
        insert(Ticket, **values)
        ledger.write(ticket, actor, body, files or [], now, mailed=mailed)
        ledger.record(ticket, filed_by or actor, "opened", at=now)
        search.add(ticket.site_id, ticket.id, f"#{ticket.number} {title} {email or ''}")
        events.announce("opened", ticket, actor=filed_by or actor)
    return ticket


def find_ticket(caller: Caller, ticket_id: str) -> Ticket:
    """Return the requester's own ticket. Someone else's looks like it does not exist."""
    terms = "site_id = ? AND id = ? AND requester_id = ?"
    found = fetch(Ticket, terms, caller.site_id, ticket_id, caller.id)
    if not found:
        raise NotFound("No such ticket.")
    return _followed(found[0])


def find_by_id(site_id: int, ticket_id: str) -> Ticket:
    """Return a ticket for whoever a signed address or link lets in."""
    found = fetch(Ticket, "site_id = ? AND id = ?", site_id, ticket_id)
    if not found:
        raise NotFound("No such ticket.")
    return _followed(found[0])


def _followed(ticket: Ticket) -> Ticket:
    """Return the ticket this one was merged into: same site, same requester, one step."""
    into = ticket.merged_into
    return find_by_id(ticket.site_id, into) if into else ticket


def post_message(
    ticket: Ticket,
    actor: Actor,
    *,
    body: str,
    files: list[str],
    internal: bool = False,
    mailed: Mailed | None = None,
    automatic: bool = False,
) -> str:
    """Add to the conversation and return the message's id; moves the ticket by :mod:`.states`.

    ``automatic``: nobody wrote it. It is no answer, so whoever waits goes on waiting.
    """
    if not body and not files:
        raise Invalid(fields={"body": ["Write something or attach a file."]})
    now = stamp()
    with transaction():
        ticket = _current(ticket)
        message_id = ledger.write(ticket, actor, body, files, now, internal=internal, mailed=mailed)
        if internal:
            return message_id
        standing = ledger.standing_of(ticket)
        if automatic:
            ticket.unread_since = ticket.unread_since or now
        elif actor.kind == "agent":
            ledger.move(ticket, actor, states.answered(standing), at=now)
            due.answered(ticket, now)
            ticket.answered_at = ticket.answered_at or now
            ticket.waiting_since = None
            ticket.unread_since = ticket.unread_since or now
            ticket.agent_unread_since = None
        else:
            if standing.state == states.COMPLETED:
                ledger.record(ticket, actor, "reopened", at=now)
            ledger.move(ticket, actor, states.replied(standing), at=now, quiet=True)
            ticket.waiting_since = ticket.waiting_since or now
            ticket.agent_unread_since = ticket.agent_unread_since or now
        ledger.touch(ticket, now)
        events.announce("replied", ticket, actor=actor, message_id=message_id)
    return message_id


def close(ticket: Ticket, actor: Actor) -> None:
    """Complete the ticket; closing a completed one changes nothing."""
    _change(ticket, actor, states.completed, "closed")


def reopen(ticket: Ticket, actor: Actor) -> None:
    """Undo a closure; reopening an open one changes nothing."""
    _change(ticket, actor, states.reopened, "reopened")


def set_state(ticket: Ticket, actor: Actor, state: str, *, since: str | None = None) -> None:
    """Choose where it stands; with ``since``, only if it still stands there."""
    if state not in states.STATES:
        raise Invalid(fields={"state": [f"One of {', '.join(states.STATES)}."]})

    def rule(now: states.Standing) -> states.Standing:
        return states.set_state(now, state) if since in (None, now.state) else now

    _change(ticket, actor, rule, "closed" if state == states.COMPLETED else None)


def set_progress(ticket: Ticket, actor: Actor, percent: int) -> None:
    """Set the progress by hand, 0 to 100; a ticket with a checklist follows its steps."""
    if not 0 <= percent <= 100:
        raise Invalid(fields={"progress": ["From 0 to 100."]})
    if ticket.checklist:
        raise Conflict("This ticket's progress follows its checklist.")
    _change(ticket, actor, lambda now: states.set_progress(now, percent))


def set_checklist(ticket: Ticket, actor: Actor, steps: list[dict[str, Any]]) -> None:
    """Replace the steps the requester sees; progress follows how many are done."""
    with transaction():
        ticket = _current(ticket)
        ticket.checklist = [
            {"id": step.get("id") or new_id()[-8:], "label": step["label"], "done": step["done"]}
            for step in steps
        ]
        ledger.record(
            ticket,
            actor,
            "checklist",
            data={"done": sum(s["done"] for s in steps), "of": len(steps)},
        )
        before, percent = ledger.standing_of(ticket), states.of_checklist(ticket.checklist)
        after = before if percent is None else states.set_progress(before, percent)
        ledger.move(ticket, actor, after)
        _settle(ticket, actor, before, stamp())


def set_category(ticket: Ticket, actor: Actor, category: str) -> None:
    chosen = _category(ticket.site_id, category)
    with transaction():
        ticket = ledger.locked(ticket)
        if chosen and chosen.id != ticket.category_id:
            ticket.category_id = chosen.id
            ledger.record(ticket, actor, "category", data={"to": chosen.name})
            ledger.touch(ticket, stamp())
            events.announce("sorted", ticket, actor=actor)


def assign(ticket: Ticket, actor: Actor, *, agent_id: int | None, name: str | None) -> None:
    """Hand the ticket to an agent, or to nobody. Only agents see this."""
    with transaction():
        ticket = ledger.locked(ticket)
        if ticket.assignee_id != agent_id:
            ticket.assignee_id = agent_id
            ledger.record(ticket, actor, "assigned", internal=True, data={"to": name})
            ticket.save()


def set_notify(ticket: Ticket, notify: bool) -> None:
    Ticket.update(notify=int(notify)).where(ledger.own(ticket)).execute()


def mark_read(ticket: Ticket) -> None:
    """The requester saw what is new; their other pages are told that it is no longer."""
    if ticket.unread_since is not None:
        with transaction():
            if ledger.locked(ticket).unread_since is not None:
                cursor = ledger.advance(ticket.site_id, ticket.requester_id)
                seen = Ticket.update(unread_since=None, cursor=cursor)
                seen.where(ledger.own(ticket)).execute()
        ticket.unread_since = None


def mark_read_by_agent(ticket: Ticket) -> None:
    if ticket.agent_unread_since is not None:
        Ticket.update(agent_unread_since=None).where(ledger.own(ticket)).execute()
        ticket.agent_unread_since = None


def default_category(site_id: int, preferred: str | None) -> str | None:
    """Return the category of what nobody sorted: the preferred one, or the last offered."""
    rows = query(
        "SELECT id FROM category WHERE site_id = ? AND retired_at IS NULL"
        " ORDER BY CASE WHEN id = ? THEN 1 ELSE 0 END DESC, position DESC LIMIT 1",
        site_id, preferred or "",
    )  # fmt: skip
    return rows[0][0] if rows else None


def _category(site_id: int, category_id: str | None) -> Category | None:
    offered = "site_id = ? AND retired_at IS NULL"
    if category_id is None:
        if fetch(Category, f"{offered} LIMIT 1", site_id):
            raise Invalid(fields={"category": ["Pick what it is about."]})
        return None
    chosen = fetch(Category, f"{offered} AND id = ?", site_id, category_id)
    if not chosen:
        raise Invalid(fields={"category": ["The site has no such category."]})
    return chosen[0]


def _change(ticket: Ticket, actor: Actor, rule: Any, kind: str | None = None) -> None:
    now = stamp()
    with transaction():
        ticket = _current(ticket)
        before = ledger.standing_of(ticket)
        after = rule(before)
        if before == after:
            return
        if before.state == states.COMPLETED and after.state != states.COMPLETED:
            kind = "reopened"
        if kind:
            ledger.record(ticket, actor, kind, at=now)
        ledger.move(ticket, actor, after, at=now, quiet=kind is not None)
        _settle(ticket, actor, before, now, kind or "moved")


def _settle(
    ticket: Ticket, actor: Actor, before: states.Standing, now: str, kind: str = "moved"
) -> None:
    """Write a ticket whose standing was set, and announce what people see change of it."""
    was = {"state": before.state, "progress": before.progress}
    moved = was != {"state": ticket.state, "progress": ticket.progress}
    if moved and actor.kind == "agent":
        ticket.unread_since = ticket.unread_since or now
    ledger.touch(ticket, now)
    if moved:
        events.announce(kind, ticket, actor=actor, was=was)


def _current(ticket: Ticket) -> Ticket:
    """Return the row to act on: of what it was merged into, if it was since it was read."""
    now = ledger.locked(ticket)
    return ledger.locked(_followed(now)) if now.merged_into else now


def requester_of(ticket: Ticket) -> Requester:
    return Requester.get(Requester.site_id == ticket.site_id, Requester.id == ticket.requester_id)
