"""A challenge as it goes out, and its solution as it comes back."""

from marshmallow import Schema, fields, validate

from ..wire import Input, Line


class Proof(Input):
    challenge = Line(most=64, required=True)
    salt = Line(most=300, required=True)
    signature = Line(most=64, required=True)
    number = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**31))


class ChallengeView(Schema):
    algorithm = fields.String()
    challenge = fields.String()
    salt = fields.String()
    signature = fields.String()
    maxnumber = fields.Integer()
    wait = fields.Integer()
    expires_at = fields.String(metadata={"format": "date-time"})
