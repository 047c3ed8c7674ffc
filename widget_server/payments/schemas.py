"""What a payer chooses, and where that leads."""

from marshmallow import Schema, fields, validate

from ..wire import Input, Line
from .accounts import WAYS


class Begin(Input):
    """``return_to``: the page the payer is on."""

    way = fields.String(required=True, validate=validate.OneOf(WAYS))
    return_to = Line(most=2_000, required=True)


class CodeView(Schema):
    size = fields.Integer(metadata={"description": "Side of the square, in modules."})
    path = fields.String(metadata={"description": "Its dark modules, as the path of an SVG."})


class TransferView(Schema):
    holder = fields.String()
    iban = fields.String()
    bic = fields.String(allow_none=True)
    bank = fields.String(allow_none=True)
    reference = fields.String()
    amount = fields.Integer()
    currency = fields.String()
    note = fields.String(allow_none=True)
    qr = fields.Nested(CodeView, allow_none=True)


class Begun(Schema):
    """``url`` to go to, or ``transfer`` to make, or ``waiting`` for the provider's word."""

    kind = fields.String(validate=validate.OneOf(WAYS))
    url = fields.String(metadata={"format": "uri"})
    transfer = fields.Nested(TransferView)
    waiting = fields.Boolean()


class Heard(Schema):
    outcome = fields.String(metadata={"description": "What the call did."})
