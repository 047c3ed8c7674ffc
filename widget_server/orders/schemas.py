"""What comes in is strict, what goes out is listed."""

from marshmallow import Schema, fields, validate

from ..wire import Input, Line, Prose
from .states import STATES

REASON = 1_000


class Acceptance(Input):
    digest = Line(most=64, least=64, required=True)


class Refusal(Acceptance):
    reason = Prose(most=REASON, least=0, load_default="")


class LineView(Schema):
    text = fields.String()
    quantity = fields.Float()
    price = fields.Integer(metadata={"description": "Of one, ex VAT, in minor units."})
    rate = fields.Float(metadata={"description": "VAT in percent."})
    net = fields.Integer()


class ShareView(Schema):
    rate = fields.Float()
    net = fields.Integer()
    vat = fields.Integer()


class QuoteView(Schema):
    id = fields.String()
    version = fields.Integer()
    digest = fields.String(metadata={"description": "An acceptance names it."})
    lines = fields.List(fields.Nested(LineView))
    note = fields.String()
    currency = fields.String()
    decimals = fields.Integer()
    net = fields.Integer()
    vat = fields.List(fields.Nested(ShareView))
    total = fields.Integer()
    lead_days = fields.Integer()
    valid_until = fields.String(allow_none=True, metadata={"format": "date"})
    sent_at = fields.String(metadata={"format": "date-time"})
    by = fields.String()


class DeliveryView(Schema):
    on = fields.String(metadata={"format": "date"})
    estimated = fields.Boolean(metadata={"description": "Counted from today, until it is paid."})
    lead_days = fields.Integer()


class OrderMoveView(Schema):
    to = fields.String(validate=validate.OneOf(STATES))
    at = fields.String(metadata={"format": "date-time"})


class OrderView(Schema):
    """A quote or an order in a ticket."""

    id = fields.String()
    kind = fields.String(validate=validate.OneOf(["quote", "work"]))
    state = fields.String(validate=validate.OneOf(STATES))
    number = fields.String(allow_none=True)
    quote_number = fields.String(allow_none=True)
    title = fields.String()
    quote = fields.Nested(QuoteView)
    expired = fields.Boolean()
    can_decide = fields.Boolean()
    reason = fields.String(allow_none=True)
    delivery = fields.Nested(DeliveryView, allow_none=True)
    delivered_on = fields.String(allow_none=True, metadata={"format": "date"})
    accepted_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    paid_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    returned = fields.Integer()
    moves = fields.List(fields.Nested(OrderMoveView))
    pay = fields.Dict(allow_none=True)
    pdf_url = fields.String(allow_none=True, metadata={"format": "uri"})
