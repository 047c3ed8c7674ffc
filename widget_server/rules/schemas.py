"""What goes out is listed; rules are written in the console."""

from marshmallow import Schema, fields, validate

from . import grammar

Moment = {"format": "date-time"}


class ConditionView(Schema):
    field = fields.String(validate=validate.OneOf(grammar.FIELDS))
    not_ = fields.Boolean(data_key="not")
    value = fields.String()


class ActView(Schema):
    act = fields.String(validate=validate.OneOf(grammar.ACTS))
    value = fields.String()


class RuleView(Schema):
    id = fields.String()
    name = fields.String()
    active = fields.Boolean()
    when = fields.String(validate=validate.OneOf(grammar.OCCASIONS))
    match = fields.String(validate=validate.OneOf(grammar.MATCHES))
    conditions = fields.List(fields.Nested(ConditionView))
    acts = fields.List(fields.Nested(ActView))
    runs = fields.Integer()
    created_at = fields.String(metadata=Moment)
    changed_at = fields.String(metadata=Moment)


class Rules(Schema):
    rules = fields.List(fields.Nested(RuleView))
