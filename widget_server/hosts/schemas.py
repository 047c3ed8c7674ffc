"""What a host's server sends about one of its users, and what it is told."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from ..identity.assertion import SUB_LENGTH
from ..sites.environment import KINDS
from ..wire import Email, Input, Line


class Kept(Email):
    """An address as the host keeps it: one nobody can be reached at has nothing filed under it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)
        except ValidationError:
            if isinstance(value, str) and "@" in value:
                return None
            raise


class Person(Input):
    """By the host's id, by address, or both: whatever belongs to either is meant."""

    sub = Line(most=SUB_LENGTH, load_default=None, allow_none=True)
    email = Kept(load_default=None, allow_none=True)


class Part(Input):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = Line(most=100, required=True)
    version = Line(most=40, least=0, load_default="")


class Environment(Input):
    """What the site runs on; an empty list takes it back."""

    parts = fields.List(fields.Nested(Part), required=True, validate=validate.Length(max=300))


class ConnectionView(Schema):
    name = fields.String()
    version = fields.String()
    origins = fields.List(fields.String())
    now = fields.String(metadata={"format": "date-time"})


class UnreadView(Schema):
    unread = fields.Integer()


class Former(Schema):
    former = fields.List(
        fields.String(), metadata={"description": "Other ids the host vouched for the address by."}
    )


class ExportView(Former):
    people = fields.List(fields.Dict())


class ErasureView(Former):
    people = fields.Integer()
    tickets = fields.Integer()
