"""Articles as programs write and read them."""

from typing import Any

from marshmallow import Schema, fields, validate

from ..articles import desk, service
from ..articles.models import Article
from ..sites.look import LANGUAGES
from ..wire import Input, Line, Prose
from .schemas import Moment

#: Files of one import, and characters of each.
FILES, CHARACTERS = 500, 1_000_000

Language = validate.OneOf(LANGUAGES)


class ArticlesQuery(Input):
    locale = fields.String(load_default="", validate=Language)
    state = fields.String(load_default="", validate=validate.OneOf(desk.STATES))
    q = Line(most=100, load_default="")
    before = Line(most=100, load_default="")


class ArticleInput(Input):
    """``topic``: that of the article it translates. Without ``slug`` its address follows.

    ``expected``: the ``updated_at`` you saw; 409 if somebody changed it since.
    """

    locale = fields.String(required=True, validate=Language)
    title = Line(most=service.TITLE, required=True)
    body = Prose(most=service.BODY, required=True)
    slug = Line(most=200, load_default=None, allow_none=True)
    tags = fields.List(Line(most=service.TAG), load_default=list)
    category = Line(most=60, load_default=None, allow_none=True)
    topic = Line(most=service.TOPIC, load_default=None, allow_none=True)


class ArticleChange(ArticleInput):
    expected = Line(most=40, load_default=None, allow_none=True)


class NewArticle(ArticleInput):
    """``ticket`` and ``message``: the answer it was made of."""

    ticket = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 2**53)
    )
    message = Line(most=40, load_default="")


class ArticleFile(Input):
    name = Line(most=300, required=True)
    content = fields.String(required=True, validate=validate.Length(max=CHARACTERS))


class ArticleImport(Input):
    """Markdown and CSV files; all of them or none."""

    files = fields.List(
        fields.Nested(ArticleFile), required=True, validate=validate.Length(1, FILES)
    )
    language = fields.String(load_default="", validate=Language)
    publish = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class Imported(Schema):
    added = fields.Integer()
    changed = fields.Integer()
    unchanged = fields.Integer()


class ArticleRow(Schema):
    """One line of the list of articles."""

    id = fields.String()
    locale = fields.String()
    title = fields.String()
    category = fields.String(allow_none=True)
    author = fields.String()
    updated_at = fields.String(metadata=Moment)
    published_at = fields.String(allow_none=True, metadata=Moment)
    helpful = fields.Integer()
    unhelpful = fields.Integer()


class Articles(Schema):
    articles = fields.List(fields.Nested(ArticleRow))
    next = fields.String(allow_none=True)


class AgentArticle(ArticleRow):
    topic = fields.String()
    slug = fields.String()
    body = fields.String(metadata={"description": "Markdown"})
    tags = fields.List(fields.String())
    created_at = fields.String(metadata=Moment)
    ticket = fields.Integer(allow_none=True)
    translations = fields.List(fields.Dict())


class ProposedArticle(Schema):
    """An answer as an article, and what was taken out of it."""

    title = fields.String()
    body = fields.String()
    locale = fields.String()
    category = fields.String(allow_none=True)
    taken = fields.List(fields.String())


def row(row: desk.Row | Article) -> dict[str, Any]:
    return {
        "id": row.id,
        "locale": row.locale,
        "title": row.title,
        "category": row.category_id,
        "author": row.author,
        "updated_at": row.updated_at,
        "published_at": row.published_at,
        "helpful": row.helpful,
        "unhelpful": row.unhelpful,
    }


def told(article: Article) -> dict[str, Any]:
    others = service.translations(article)
    return row(article) | {
        "topic": article.topic,
        "slug": article.slug,
        "body": article.body,
        "tags": article.tags,
        "created_at": article.created_at,
        "ticket": desk.source_of(article),
        "translations": [{"id": each.id, "locale": each.locale} for each in others],
    }
