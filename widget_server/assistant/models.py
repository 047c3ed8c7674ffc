"""What somebody was shown while they wrote."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import JSONField, Model


class Showing(Model):
    """One request being written: the last question, the articles shown, and what became of it.

    ``visitor``: the requester's id; ``outcome``: ``solved``, ``not_quite`` or nothing yet.
    """

    site_id = IntegerField()
    id = TextField()
    visitor = TextField()
    category_id = TextField(null=True)
    question = TextField()
    shown = JSONField()
    outcome = TextField(null=True)
    article_id = TextField(null=True)
    ticket_id = TextField(null=True)
    at = TextField()

    class Meta:
        table_name = "suggestion_showing"
        primary_key = CompositeKey("site_id", "id")
