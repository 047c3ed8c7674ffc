"""A ticket, its messages and the events of its history."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import JSONField, Model


class Ticket(Model):
    """A request someone opened on a site."""

    site_id = IntegerField()
    id = TextField()
    number = IntegerField()
    requester_id = TextField()
    category_id = TextField(null=True)
    title = TextField()
    state = TextField()
    progress = IntegerField(default=0)
    progress_before = IntegerField(null=True)
    checklist = JSONField(default=list)
    assignee_id = IntegerField(null=True)
    locale = TextField()
    email = TextField(null=True)
    notify = IntegerField(default=1)
    context = JSONField(null=True)
    fields = JSONField(default=dict)
    opened_at = TextField()
    updated_at = TextField()
    waiting_since = TextField(null=True)
    answered_at = TextField(null=True)
    completed_at = TextField(null=True)
    unread_since = TextField(null=True)
    agent_unread_since = TextField(null=True)
    cursor = IntegerField(default=0)
    held_at = TextField(null=True)
    due_at = TextField(null=True)
    due_told = TextField(null=True)
    snoozed_until = TextField(null=True)
    merged_into = TextField(null=True)
    priority = TextField(default="normal")
    tags = JSONField(default=list)
    emptied_at = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("site_id", "id")


class Message(Model):
    """One turn of the conversation. ``author`` is "requester" or "agent"."""

    site_id = IntegerField()
    id = TextField()
    ticket_id = TextField()
    author = TextField()
    author_id = TextField()
    author_name = TextField()
    body = TextField()
    internal_at = TextField(null=True)
    sent_at = TextField()
    quoted = TextField(null=True)
    via = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("site_id", "id")


class Event(Model):
    """Something that happened to a ticket. ``internal_at`` hides it from the requester."""

    site_id = IntegerField()
    id = TextField()
    ticket_id = TextField()
    kind = TextField()
    actor = TextField()
    actor_id = TextField()
    actor_name = TextField()
    data = JSONField()
    internal_at = TextField(null=True)
    at = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "id")
