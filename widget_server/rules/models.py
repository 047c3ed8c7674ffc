"""A rule, and every time one did something."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import JSONField, Model


class Rule(Model):
    """``occasion``: when; ``match``: "all" or "any" of the conditions; then every act in turn."""

    id = TextField(primary_key=True)
    place = IntegerField()
    name = TextField()
    occasion = TextField()
    match = TextField()
    conditions = JSONField()
    acts = JSONField()
    enabled_at = TextField(null=True)
    created_at = TextField()
    changed_at = TextField()


class Run(Model):
    """A rule acted on a ticket for an event; without a rule, the event has been considered."""

    site_id = IntegerField()
    ticket_id = TextField()
    event = TextField()
    rule_id = TextField()
    replied = IntegerField(default=0)
    at = TextField()

    class Meta:
        table_name = "rule_run"
        primary_key = CompositeKey("site_id", "ticket_id", "event", "rule_id")
