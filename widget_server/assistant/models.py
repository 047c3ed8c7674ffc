"""What somebody was shown while they wrote, and who writes answers."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import JSONField, Model


class Showing(Model):
    """One request being written: the last question, the articles shown, and what became of it.

    ``visitor``: the requester's id; ``outcome``: ``solved``, ``not_quite`` or nothing yet;
    ``written``: the answer a model wrote from the articles, as it was shown; ``returned_at``: when
    they filed a request of the kind after it was solved; ``dismissed_at``: off the writers' list.
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
    written = TextField(null=True)
    returned_at = TextField(null=True)
    dismissed_at = TextField(null=True)

    class Meta:
        table_name = "suggestion_showing"
        primary_key = CompositeKey("site_id", "id")


class Writer(Model):
    """The OpenAI-compatible server that writes a site's answers; empty: what the settings say.

    ``daily``: how many a day; ``sealed``: its key. ``embedder``: the model of the same server that
    tells what texts mean, asked since ``embeds_at``.
    """

    site_id = IntegerField(primary_key=True)
    url = TextField()
    model_name = TextField()
    sealed = TextField(null=True)
    daily = IntegerField()
    enabled_at = TextField(null=True)
    embedder = TextField(default="")
    embeds_at = TextField(null=True)
    changed_at = TextField()

    class Meta:
        table_name = "assistant_writer"
