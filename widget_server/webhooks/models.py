"""Who is told, and every time they were."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import JSONField, Model

WAITING, DELIVERED, FAILED = "waiting", "delivered", "failed"
STATES = (WAITING, DELIVERED, FAILED)


class Webhook(Model):
    """An address of a site's that is told of some events. ``disabled_at``: it is not, now.

    ``failing_since``: when the last answer but failures was; ``paused_until``: it kept us waiting.
    """

    site_id = IntegerField()
    id = TextField()
    url = TextField()
    events = JSONField()
    sealed = TextField()
    sealed_before = TextField(null=True)
    rotated_at = TextField(null=True)
    created_at = TextField()
    changed_at = TextField()
    disabled_at = TextField(null=True)
    disabled_because = TextField(null=True)
    failing_since = TextField(null=True)
    slow = IntegerField(default=0)
    paused_until = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("site_id", "id")


class Delivery(Model):
    """One event for one address. ``body`` is what is sent, the same bytes at every try."""

    site_id = IntegerField()
    id = TextField()
    webhook_id = TextField()
    ticket_id = TextField(null=True)
    event = TextField()
    about = JSONField()
    body = TextField(null=True)
    state = TextField()
    attempts = IntegerField(default=0)
    turn = IntegerField(default=0)
    status = IntegerField(null=True)
    duration = IntegerField(null=True)
    answer = TextField(null=True)
    error = TextField(null=True)
    created_at = TextField()
    first_at = TextField()
    tried_at = TextField(null=True)
    next_at = TextField(null=True)

    class Meta:
        table_name = "webhook_delivery"
        primary_key = CompositeKey("site_id", "id")
