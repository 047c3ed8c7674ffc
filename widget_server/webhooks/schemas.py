"""What comes in is strict, what goes out is listed."""

from marshmallow import Schema, fields, validate

from ..outbound import LONGEST_URL
from ..wire import Input, Line
from .kinds import EVENTS
from .models import STATES

Moment = {"format": "date-time"}


class NewWebhook(Input):
    url = Line(most=LONGEST_URL, required=True)
    events = fields.List(
        fields.String(validate=validate.OneOf(EVENTS)),
        required=True,
        validate=validate.Length(1, len(EVENTS)),
    )


class WebhookChange(NewWebhook):
    active = fields.Boolean(required=True, truthy={True}, falsy={False})


class DeliveriesQuery(Input):
    state = fields.String(validate=validate.OneOf(STATES))
    before = Line(most=40)


class WebhookView(Schema):
    """``secret`` is there once: in the answer that made it."""

    id = fields.String()
    site = fields.String()
    url = fields.String()
    events = fields.List(fields.String())
    active = fields.Boolean()
    off_because = fields.String(allow_none=True)
    failing_since = fields.String(allow_none=True, metadata=Moment)
    created_at = fields.String(metadata=Moment)
    changed_at = fields.String(metadata=Moment)
    secret = fields.String()


class Webhooks(Schema):
    webhooks = fields.List(fields.Nested(WebhookView))


class WebhookDelivery(Schema):
    """``id`` is the ``webhook-id`` that was sent."""

    id = fields.String()
    event = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    attempts = fields.Integer()
    status = fields.Integer(allow_none=True)
    duration_ms = fields.Integer(allow_none=True)
    answer = fields.String(allow_none=True)
    error = fields.String(allow_none=True)
    created_at = fields.String(metadata=Moment)
    tried_at = fields.String(allow_none=True, metadata=Moment)
    next_at = fields.String(allow_none=True, metadata=Moment)


class WebhookDeliveries(Schema):
    deliveries = fields.List(fields.Nested(WebhookDelivery))
    next = fields.String(allow_none=True)
