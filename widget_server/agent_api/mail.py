"""Mail as programs decide on it: what waits, what failed, what a site does with it."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from ..mail import desk
from ..mail.models import Incoming, Mail
from ..wire import Email, Input, Line
from .schemas import Moment


class MailAcceptance(Input):
    """``number``: the ticket it belongs to; none: it opens one."""

    number = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 2**53)
    )


class SiteMail(Input):
    """What a site does with mail; what is left out stays."""

    address = Email(allow_none=True)
    opens = fields.Boolean(truthy={True}, falsy={False})
    category = Line(most=60, allow_none=True)
    confirm = fields.Boolean(truthy={True}, falsy={False})


class IncomingView(Schema):
    """A mail that waits for a decision; ``ticket``: the one it seems to belong to."""

    id = fields.String()
    site = fields.String()
    sender = fields.Dict()
    subject = fields.String()
    excerpt = fields.String()
    reason = fields.String(allow_none=True)
    size = fields.Integer()
    received_at = fields.String(metadata=Moment)
    ticket = fields.Integer(allow_none=True)


class Waiting(Schema):
    mails = fields.List(fields.Nested(IncomingView))


class LetterView(Schema):
    """A letter that could not be delivered."""

    id = fields.String()
    site = fields.String()
    kind = fields.String()
    recipient = fields.String()
    state = fields.String()
    error = fields.String(allow_none=True)
    attempts = fields.Integer()
    created_at = fields.String(metadata=Moment)
    failed_at = fields.String(allow_none=True, metadata=Moment)
    ticket = fields.Integer(allow_none=True)


class Failed(Schema):
    letters = fields.List(fields.Nested(LetterView))


class MailStatus(Schema):
    """How the server's mail is set up, and what is wrong with it."""

    sends = fields.String(allow_none=True)
    sender = fields.String()
    replies = fields.String(allow_none=True)
    reads = fields.String(allow_none=True)
    looked_at = fields.String(allow_none=True, metadata=Moment)
    error = fields.String(allow_none=True)
    waiting = fields.Integer()
    sending_error = fields.String(allow_none=True)


class MailChecked(Schema):
    """``null`` where it worked, else the server's own words."""

    sent_to = fields.String(allow_none=True)
    sending = fields.String(allow_none=True)
    reading = fields.String(allow_none=True)


def waiting(mails: list[Incoming], keys: Mapping[int, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id,
            "site": keys[each.site_id],
            "sender": {"name": each.sender_name, "email": each.sender},
            "subject": each.subject,
            "excerpt": each.excerpt,
            "reason": each.reason,
            "size": each.size,
            "received_at": each.received_at,
            "ticket": number,
        }
        for each, number in _numbered(mails)
    ]


def failed(letters: list[Mail], keys: Mapping[int, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id,
            "site": keys[each.site_id],
            "kind": each.kind,
            "recipient": each.recipient,
            "state": each.state,
            "error": each.error,
            "attempts": each.attempts,
            "created_at": each.created_at,
            "failed_at": each.failed_at,
            "ticket": number,
        }
        for each, number in _numbered(letters)
    ]


def _numbered(mails: Iterable[Any]) -> list[tuple[Any, int | None]]:
    mails = list(mails)
    numbers = desk.ticket_numbers(mails)
    return [(each, numbers.get((each.site_id, each.ticket_id or ""))) for each in mails]
