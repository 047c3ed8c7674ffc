"""A file someone sent, and where its bytes are."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import Model


class Attachment(Model):
    """An uploaded file. ``owner`` is "requester:ID" or "agent:ID" until a message takes it."""

    site_id = IntegerField()
    id = TextField()
    owner = TextField()
    ticket_id = TextField(null=True)
    message_id = TextField(null=True)
    name = TextField()
    kind = TextField()
    type = TextField()
    size = IntegerField()
    sha256 = TextField()
    preview_at = TextField(null=True)
    created_at = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "id")
