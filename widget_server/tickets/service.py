"""Everything that can happen to a ticket. Knows nothing about HTTP."""

from dataclasses import dataclass
from typing import Any

from ..attachments import service as attachments
from ..clock import stamp
from ..database import query, transaction
from ..errors import Conflict, Invalid, NotFound
from ..identity.models import Requester
from ..identity.service import Caller
from ..ids import new_id
from ..sites.models import Category
from . import events, forms, search, states
from .models import Event, Message, Ticket
from .states import Standing


@dataclass(frozen=True)
class Actor:
    """Who acts: a requester or an agent, with the name shown beside what they did."""

    kind: str
    id: str
    name: str

    @property
    def owner(self) -> str:
        return f"{self.kind}:{self.id}"


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
) -> str:
    """File a request and return the ticket's id.

    A visitor must give an ``email``; it is where updates go and proves nothing. An identified
    requester's own address is used. Raises :exc:`Invalid`.
    """
    chosen = _category(caller.site_id, category)
    answers = forms.check(chosen, fields or {})
    if caller.kind == "visitor" and email is None:
        raise Invalid(fields={"email": ["Write the address for updates."]})
    if caller.kind == "identified":
        email = caller.email
    now, actor = stamp(), as_actor(caller)
    with transaction():
        ticket = Ticket(
            site_id=caller.site_id,
            id=new_id(),
            number=next_number(caller.site_id, "ticket"),
            requester_id=caller.id,
            category_id=chosen.id if chosen else None,
            title=title,
            state=states.NEW.state,
            locale=locale,
            email=email,
            notify=int(notify),
            context=context,
            fields=answers,
            opened_at=now,
            updated_at=now,
            waiting_since=now,
            agent_unread_since=now,
            cursor=_advance(caller.site_id, caller.id, opened=1, email=email),
        )
        ticket.save(force_insert=True)
        _write(ticket, actor, body, files or [], now)
        _record(ticket, actor, "opened", at=now)
        search.add(ticket.site_id, ticket.id, f"#{ticket.number} {title} {email or ''}")
        events.announce("opened", ticket)
    return str(ticket.id)


def find_ticket(caller: Caller, ticket_id: str) -> Ticket:
    """Return the requester's own ticket. Someone else's looks like it does not exist."""
    ticket = Ticket.get_or_none(
        Ticket.site_id == caller.site_id,
        Ticket.id == ticket_id,
        Ticket.requester_id == caller.id,
    )
    if ticket is None:
        raise NotFound("No such ticket.")
    return ticket


def post_message(
    ticket: Ticket, actor: Actor, *, body: str, files: list[str], internal: bool = False
) -> str:
    """Add to the conversation and return the message's id; moves the ticket by :mod:`.states`."""
    if not body and not files:
        raise Invalid(fields={"body": ["Write something or attach a file."]})
    now = stamp()
    with transaction():
        ticket = _locked(ticket)
        message = _write(ticket, actor, body, files, now, internal=internal)
        if internal:
            return str(message.id)
        standing = _standing(ticket)
        if actor.kind == "agent":
            _move(ticket, actor, states.answered(standing), at=now)
            ticket.answered_at = ticket.answered_at or now
            ticket.waiting_since = None
            ticket.unread_since = ticket.unread_since or now
            ticket.agent_unread_since = None
        else:
            if standing.state == states.COMPLETED:
                _record(ticket, actor, "reopened", at=now)
            _move(ticket, actor, states.replied(standing), at=now, quiet=True)
            ticket.waiting_since = ticket.waiting_since or now
            ticket.agent_unread_since = ticket.agent_unread_since or now
        _touch(ticket, now)
        events.announce("replied", ticket, message=message)
    return str(message.id)


def close(ticket: Ticket, actor: Actor) -> None:
    """Complete the ticket; closing a completed one changes nothing."""
    _change(ticket, actor, states.completed, "closed")


def reopen(ticket: Ticket, actor: Actor) -> None:
    """Undo a closure; reopening an open one changes nothing."""
    _change(ticket, actor, states.reopened, "reopened")


def set_state(ticket: Ticket, actor: Actor, state: str) -> None:
    if state not in states.STATES:
        raise Invalid(fields={"state": [f"One of {', '.join(states.STATES)}."]})
    kind = {states.COMPLETED: "closed"}.get(state)
    _change(ticket, actor, lambda now: states.set_state(now, state), kind)


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
        ticket = _locked(ticket)
        ticket.checklist = [
            {"id": step.get("id") or new_id()[-8:], "label": step["label"], "done": step["done"]}
            for step in steps
        ]
        _record(ticket, actor, "checklist", done=sum(s["done"] for s in steps), of=len(steps))
        percent = states.of_checklist(ticket.checklist)
        if percent is not None:
            _move(ticket, actor, states.set_progress(_standing(ticket), percent))
        _touch(ticket, stamp())


def set_category(ticket: Ticket, actor: Actor, category: str) -> None:
    chosen = _category(ticket.site_id, category)
    with transaction():
        ticket = _locked(ticket)
        if chosen and chosen.id != ticket.category_id:
            ticket.category_id = chosen.id
            _record(ticket, actor, "category", to=chosen.name)
            _touch(ticket, stamp())


def assign(ticket: Ticket, actor: Actor, *, agent_id: int | None, name: str | None) -> None:
    """Hand the ticket to an agent, or to nobody. Only agents see this."""
    with transaction():
        ticket = _locked(ticket)
        if ticket.assignee_id != agent_id:
            ticket.assignee_id = agent_id
            _record(ticket, actor, "assigned", internal=True, to=name)
            ticket.save()


def set_notify(ticket: Ticket, notify: bool) -> None:
    Ticket.update(notify=int(notify)).where(_own(ticket)).execute()


def mark_read(ticket: Ticket) -> None:
    """The requester saw what is new."""
    if ticket.unread_since is not None:
        Ticket.update(unread_since=None).where(_own(ticket)).execute()
        ticket.unread_since = None


def mark_read_by_agent(ticket: Ticket) -> None:
    if ticket.agent_unread_since is not None:
        Ticket.update(agent_unread_since=None).where(_own(ticket)).execute()
        ticket.agent_unread_since = None


def next_number(site_id: int, name: str) -> int:
    """Return the next human number of a site, without gaps: a rollback gives it back."""
    rows = query(
        "INSERT INTO counter (site_id, name, value) VALUES (?, ?, 1)"
        " ON CONFLICT (site_id, name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        site_id,
        name,
    )
    return int(rows[0][0])


def _category(site_id: int, category_id: str | None) -> Category | None:
    if category_id is None:
        if (
            Category.select()
            .where(Category.site_id == site_id, Category.retired_at.is_null())
            .exists()
        ):
            raise Invalid(fields={"category": ["Pick what it is about."]})
        return None
    chosen: Category | None = Category.get_or_none(
        Category.site_id == site_id, Category.id == category_id, Category.retired_at.is_null()
    )
    if chosen is None:
        raise Invalid(fields={"category": ["The site has no such category."]})
    return chosen


def _own(ticket: Ticket) -> Any:
    return (Ticket.site_id == ticket.site_id) & (Ticket.id == ticket.id)


def _locked(ticket: Ticket) -> Ticket:
    """Read the ticket again inside the transaction, so that two acts never overwrite each other."""
    rows = Ticket.select().where(_own(ticket))
    from ..database import is_sqlite

    return (rows if is_sqlite() else rows.for_update()).get()


def _standing(ticket: Ticket) -> Standing:
    return Standing(ticket.state, ticket.progress, ticket.progress_before)


def _change(ticket: Ticket, actor: Actor, rule: Any, kind: str | None = None) -> None:
    now = stamp()
    with transaction():
        ticket = _locked(ticket)
        before = _standing(ticket)
        after = rule(before)
        if before == after:
            return
        if before.state == states.COMPLETED and after.state != states.COMPLETED:
            kind = "reopened"
        if kind:
            _record(ticket, actor, kind, at=now)
        _move(ticket, actor, after, at=now, quiet=kind is not None)
        if actor.kind == "agent":
            ticket.unread_since = ticket.unread_since or now
        _touch(ticket, now)
        events.announce(kind or "moved", ticket)


def _move(
    ticket: Ticket, actor: Actor, to: Standing, *, at: str | None = None, quiet: bool = False
) -> None:
    """Write the new standing, and an event for each part of it that people see change."""
    at = at or stamp()
    if to.state != ticket.state and not quiet:
        _record(ticket, actor, "state", at=at, **{"from": ticket.state, "to": to.state})
    elif to.progress != ticket.progress and not quiet:
        _record(ticket, actor, "progress", at=at, **{"from": ticket.progress, "to": to.progress})
    if to.state == states.COMPLETED and ticket.state != states.COMPLETED:
        ticket.completed_at, ticket.waiting_since = at, None
    if to.state != states.COMPLETED and ticket.state == states.COMPLETED:
        ticket.completed_at = None
        if actor.kind == "requester":
            ticket.waiting_since = at
    ticket.state, ticket.progress, ticket.progress_before = to.state, to.progress, to.before


def _touch(ticket: Ticket, now: str) -> None:
    ticket.updated_at = now
    ticket.cursor = _advance(ticket.site_id, ticket.requester_id)
    ticket.save()


def _advance(site_id: int, requester_id: str, *, opened: int = 0, email: str | None = None) -> int:
    """Move the requester's cursor: the one number that says whether anything is new for them."""
    rows = query(
        "UPDATE requester SET cursor = cursor + 1, opened = opened + ?,"
        " email = CASE WHEN sub IS NULL AND ? <> '' THEN ? ELSE email END"
        " WHERE site_id = ? AND id = ? RETURNING cursor",
        opened, email or "", email or "", site_id, requester_id,
    )  # fmt: skip
    return int(rows[0][0])


def _write(
    ticket: Ticket,
    actor: Actor,
    body: str,
    files: list[str],
    now: str,
    *,
    internal: bool = False,
) -> Message:
    message = Message.create(
        site_id=ticket.site_id,
        id=new_id(),
        ticket_id=ticket.id,
        author=actor.kind,
        author_id=actor.id,
        author_name=actor.name,
        body=body,
        internal_at=now if internal else None,
        sent_at=now,
    )
    attachments.take(ticket.site_id, actor.owner, files, ticket_id=ticket.id, message_id=message.id)
    search.add(ticket.site_id, ticket.id, f"{actor.name} {body}")
    return message


def _record(
    ticket: Ticket,
    actor: Actor,
    kind: str,
    *,
    at: str | None = None,
    internal: bool = False,
    **data: Any,
) -> None:
    at = at or stamp()
    Event.create(
        site_id=ticket.site_id,
        id=new_id(),
        ticket_id=ticket.id,
        kind=kind,
        actor=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        data=data,
        internal_at=at if internal else None,
        at=at,
    )


def requester_of(ticket: Ticket) -> Requester:
    return Requester.get(Requester.site_id == ticket.site_id, Requester.id == ticket.requester_id)
