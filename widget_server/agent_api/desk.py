"""What an agent does at the desk, as programs ask for it: sleep, many at once, saved texts."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields, validate

from ..clock import stamp
from ..desk import replies, views
from ..desk.models import SavedReply, SavedView
from ..errors import Invalid
from ..identity.models import Requester
from ..tickets import labels, snoozing
from ..tickets.models import Ticket
from ..tickets.states import STATES
from ..wire import Email, Input, Line, Prose
from .schemas import Row

ACTS = ("complete", "assign", "snooze", "priority", "tag")

#: Tickets a program acts on at once.
MOST = 100

Number = validate.Range(1, 2**53)
Agent = validate.Range(1, 2**62)


def moment(**kwargs: Any) -> fields.AwareDateTime:
    """A moment; without an offset it is UTC."""
    return fields.AwareDateTime(format="iso", default_timezone=UTC, **kwargs)


class NewSnooze(Input):
    """``until``: a moment, or null for whenever its requester writes."""

    until = moment(required=True, allow_none=True)


class NewAddress(Input):
    email = Email(required=True)


class NewMerger(Input):
    into = fields.Integer(required=True, strict=True, validate=Number)


class TicketRef(Input):
    site = Line(most=40, required=True)
    number = fields.Integer(required=True, strict=True, validate=Number)


class Bulk(Input):
    """One act on many tickets, and what it needs."""

    tickets = fields.List(
        fields.Nested(TicketRef), required=True, validate=validate.Length(1, MOST)
    )
    act = fields.String(required=True, validate=validate.OneOf(ACTS))
    agent = fields.Integer(strict=True, allow_none=True, load_default=None, validate=Agent)
    until = moment(allow_none=True, load_default=None)
    priority = fields.String(load_default=labels.NORMAL, validate=validate.OneOf(labels.PRIORITIES))
    tags = fields.List(Line(most=60), load_default=list, validate=validate.Length(max=labels.MOST))


class Left(Input):
    """How an act left a ticket."""

    state = fields.String(required=True, validate=validate.OneOf(STATES))
    agent = fields.Integer(required=True, strict=True, allow_none=True, validate=Agent)
    priority = fields.String(required=True, validate=validate.OneOf(labels.PRIORITIES))
    tags = fields.List(Line(most=60), required=True, validate=validate.Length(max=labels.MOST))
    until = moment(required=True, allow_none=True)


class Standing(Left, TicketRef):
    """How a ticket stood. With ``left``, what nobody changed since is put back, else everything."""

    left = fields.Nested(Left, load_default=None, allow_none=True)


class Undo(Input):
    tickets = fields.List(fields.Nested(Standing), required=True, validate=validate.Length(1, MOST))


class Touched(Schema):
    """What an act changed, each as it stood before: an undo takes it as it is."""

    tickets = fields.List(fields.Nested(Standing))


class ReplyInput(Input):
    """``site``: the key of the only site it is for; null: all of them."""

    name = Line(most=replies.NAME, required=True)
    body = Prose(most=replies.BODY, required=True)
    site = Line(most=40, load_default=None, allow_none=True)


class ReplyView(Schema):
    id = fields.String()
    name = fields.String()
    body = fields.String()
    site = fields.String(allow_none=True)


class Replies(Schema):
    replies = fields.List(fields.Nested(ReplyView))


class ViewInput(Input):
    name = Line(most=views.NAME, required=True)
    q = Line(most=views.TEXT, required=True)


class ViewView(Schema):
    id = fields.String()
    name = fields.String()
    q = fields.String()


class Views(Schema):
    views = fields.List(fields.Nested(ViewView))


class PersonQuery(Input):
    after = Line(most=200)


class AskedBy(Schema):
    """A requester and what they asked, the latest first."""

    person = fields.Dict()
    tickets = fields.List(fields.Nested(Row))
    next = fields.String(allow_none=True)


def until(given: datetime | None) -> str:
    """Return the moment a ticket sleeps to."""
    try:
        return stamp(given) if given else snoozing.FOR_A_REPLY
    except (OverflowError, ValueError) as error:
        raise Invalid(fields={"until": ["A time to come, within a year."]}) from error


def standing(ticket: Ticket) -> dict[str, Any]:
    return {
        "state": ticket.state,
        "agent": ticket.assignee_id,
        "priority": ticket.priority,
        "tags": ticket.tags,
        "until": ticket.snoozed_until,
    }


def stood(standing: dict[str, Any]) -> Ticket:
    """Return a ticket that stands as told, for whoever puts another back to that."""
    asleep = standing["until"]
    return Ticket(
        state=standing["state"],
        assignee_id=standing["agent"],
        priority=standing["priority"],
        tags=labels.tidied(standing["tags"]),
        snoozed_until=until(asleep) if asleep else None,
    )


def reply(reply: SavedReply, keys: dict[int, str]) -> dict[str, Any]:
    site = keys.get(reply.site_id) if reply.site_id is not None else None
    return {"id": reply.id, "name": reply.name, "body": reply.body, "site": site}


def view(view: SavedView) -> dict[str, Any]:
    return {"id": view.id, "name": view.name, "q": view.text}


def person(person: Requester) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "email_verified": person.email_verified_at is not None,
        "sub": person.sub,
        "claims": person.claims or {},
    }
