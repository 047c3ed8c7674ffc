"""An article in one language, the addresses it had, and what readers made of it."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import JSONField, Model
from ..text import Page, to_page


class Article(Model):
    """One answer in one language. Those that share a ``topic`` are translations of one another."""

    site_id = IntegerField()
    id = TextField()
    topic = TextField()
    locale = TextField()
    slug = TextField()
    title = TextField()
    body = TextField()
    tags = JSONField(default=list)
    category_id = TextField(null=True)
    ticket_id = TextField(null=True)
    message_id = TextField(null=True)
    author = TextField()
    created_at = TextField()
    updated_at = TextField()
    published_at = TextField(null=True)
    removed_at = TextField(null=True)
    helpful = IntegerField(default=0)
    unhelpful = IntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("site_id", "id")

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.removed_at is None

    def page(self) -> Page:
        return to_page(self.body)


class ArticleAddress(Model):
    """An address an article had before; whoever kept it is led to the present one."""

    site_id = IntegerField()
    locale = TextField()
    slug = TextField()
    article_id = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "locale", "slug")
