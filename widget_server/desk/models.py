"""What lies on an agent's desk."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import JSONField, Model


class Draft(Model):
    """What an agent began to write on a ticket. ``kind`` is "reply" or "note"."""

    site_id = IntegerField()
    ticket_id = TextField()
    agent_id = IntegerField()
    body = TextField()
    kind = TextField()
    saved_at = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "ticket_id", "agent_id")


class Sending(Model):
    """A reply that can still be taken back; nobody but its author sees it."""

    site_id = IntegerField()
    ticket_id = TextField()
    agent_id = IntegerField()
    id = TextField()
    agent_name = TextField()
    body = TextField()
    files = JSONField()
    written_at = TextField()
    due_at = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "ticket_id", "agent_id")


class SavedReply(Model):
    """A text that is sent often; without ``site_id`` it is offered on every site."""

    id = TextField(primary_key=True)
    site_id = IntegerField(null=True)
    name = TextField()
    body = TextField()
    created_at = TextField()
    updated_at = TextField()

    class Meta:
        table_name = "saved_reply"


class SavedView(Model):
    """A search an agent keeps beside the views."""

    id = TextField(primary_key=True)
    agent_id = IntegerField()
    name = TextField()
    text = TextField()
    created_at = TextField()

    class Meta:
        table_name = "saved_view"
