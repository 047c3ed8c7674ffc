"""Everything that can happen to an article. Knows nothing about HTTP."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..clock import stamp
from ..database import execute, fetch, insert, query, transaction
from ..errors import Conflict, Invalid, NotFound
from ..ids import new_id
from ..jobs import handler
from ..sites.models import Category, Site
from ..sites.service import LANGUAGES
from . import addresses
from .events import announce
from .models import Article
from .search import Hit as Hit
from .search import search as search
from .search import search_with as search_with
from .votes import vote as vote

TITLE, BODY, TAG, TAGS = 200, 100_000, 40, 20

#: Days a removed article can be taken back.
KEPT_DAYS = 30

#: The place of a file is a topic too, so it may be long.
TOPIC = 200

PRESENT = "site_id = ? AND removed_at IS NULL"


class ChangedMeanwhile(Conflict):
    code, message = "changed_meanwhile", "Somebody else changed it while you were writing."


def write(
    site: Site,
    *,
    locale: str,
    title: str,
    body: str,
    author: str,
    slug: str | None = None,
    tags: Sequence[str] = (),
    category: str | None = None,
    topic: str | None = None,
    ticket_id: str | None = None,
    message_id: str | None = None,
) -> Article:
    """Return a new draft. Without ``slug`` its address follows from the title.

    ``topic``: that of an article it translates. Raises :exc:`Invalid`.
    """
    now, article_id = stamp(), new_id()
    with _act(site.id):
        article = Article(
            site_id=site.id,
            id=article_id,
            topic=topic or article_id,
            ticket_id=ticket_id,
            message_id=message_id,
            author=author,
            created_at=now,
            updated_at=now,
            published_at=None,
            **_checked(site.id, locale, title, body, tags, category),
        )
        _place(article, slug)
        insert(Article, **article.__data__)
        announce("saved", article)
    return article


def change(
    article: Article,
    *,
    locale: str,
    title: str,
    body: str,
    author: str,
    slug: str | None = None,
    tags: Sequence[str] = (),
    category: str | None = None,
    topic: str | None = None,
    expected: str | None = None,
) -> Article:
    """Change an article, published or not, and return it as it is now.

    ``expected``: the ``updated_at`` the author saw; raises :exc:`ChangedMeanwhile` if it is another
    by now. Without ``slug`` it stays where it is found.
    """
    with _act(article.site_id):
        article = find(article.site_id, article.id)
        if expected is not None and expected != article.updated_at:
            raise ChangedMeanwhile()
        was = (article.locale, article.slug)
        for name, value in _checked(article.site_id, locale, title, body, tags, category).items():
            setattr(article, name, value)
        article.topic = topic or article.topic
        article.author = author
        _place(article, slug or article.slug)
        if article.published_at and was != (article.locale, article.slug):
            addresses.moved(article, *was)
        _store(article, "saved")
    return article


def publish(article: Article, *, author: str | None = None) -> Article:
    """Show an article to everybody; publishing a published one changes nothing."""
    with _act(article.site_id):
        article = find(article.site_id, article.id)
        if article.published_at is None:
            article.published_at = stamp()
            article.author = author or article.author
            _store(article, "published")
    return article


def withdraw(article: Article) -> Article:
    """Make it a draft again; it keeps its address."""
    with _act(article.site_id):
        article = find(article.site_id, article.id)
        if article.published_at is not None:
            article.published_at = None
            addresses.moved(article, article.locale, article.slug)
            _store(article, "withdrawn")
    return article


def remove(article: Article) -> None:
    """Put an article into the bin, from where :func:`restore` takes it for :data:`KEPT_DAYS`."""
    with _act(article.site_id):
        article = find(article.site_id, article.id)
        if article.published_at is not None:
            addresses.moved(article, article.locale, article.slug)
        article.removed_at, article.published_at = stamp(), None
        _store(article, "removed")


def restore(site_id: int, article_id: str) -> Article:
    """Take a removed article back as a draft; one not removed is returned as it is."""
    with _act(site_id):
        found = fetch(Article, "site_id = ? AND id = ?", site_id, article_id)
        if not found:
            raise NotFound("No such article.")
        article = found[0]
        if article.removed_at is None:
            return article
        article.removed_at = None
        if translation(site_id, article.topic, article.locale):
            article.topic = article.id
        article.slug = addresses.free(site_id, article.locale, article.slug, article.id)
        _store(article, "saved")
    return article


@handler("articles.empty_bin", every=86_400)
def empty_bin() -> None:
    """Delete what was removed long ago."""
    execute("DELETE FROM article WHERE removed_at < ?", stamp(seconds=-KEPT_DAYS * 86_400))


def find(site_id: int, article_id: str) -> Article:
    """Return a site's article, draft or not; another site's looks like it does not exist."""
    found = fetch(Article, f"{PRESENT} AND id = ?", site_id, article_id)
    if not found:
        raise NotFound("No such article.")
    return found[0]


def find_published(site_id: int, article_id: str) -> Article:
    """Return an article anybody may read."""
    article = find(site_id, article_id)
    if not article.is_public:
        raise NotFound("No such article.")
    return article


def translation(site_id: int, topic: str, locale: str) -> Article | None:
    """Return the article on ``topic`` in one language."""
    found = fetch(Article, f"{PRESENT} AND topic = ? AND locale = ?", site_id, topic, locale)
    return found[0] if found else None


def translations(article: Article) -> list[Article]:
    """Return the article in its other languages, drafts included."""
    return fetch(
        Article,
        f"{PRESENT} AND topic = ? AND id <> ? ORDER BY locale",
        article.site_id, article.topic, article.id,
    )  # fmt: skip


def of_ticket(site_id: int, ticket_id: str) -> list[Article]:
    """Return what was made of a ticket's answers."""
    found = fetch(Article, f"{PRESENT} AND ticket_id = ?", site_id, ticket_id)
    return sorted(found, key=lambda article: article.id)


def version(site_id: int) -> int:
    """Return a number that grows whenever a site's articles change."""
    rows = query("SELECT value FROM counter WHERE site_id = ? AND name = 'articles'", site_id)
    return int(rows[0][0]) if rows else 0


def tags_of(text: str) -> list[str]:
    """Return the tags somebody wrote with commas, each once, in their order."""
    return tidy_tags(text.split(","))


def tidy_tags(given: Sequence[str]) -> list[str]:
    tidy = (re.sub(r"\s+", " ", tag).strip().lower() for tag in given)
    return list(dict.fromkeys(tag for tag in tidy if tag))


@contextmanager
def _act(site_id: int) -> Iterator[None]:
    """A transaction in which a site's articles change: one after the other, each a new version."""
    with transaction():
        execute(
            "INSERT INTO counter (site_id, name, value) VALUES (?, 'articles', 1)"
            " ON CONFLICT (site_id, name) DO UPDATE SET value = counter.value + 1",
            site_id,
        )
        yield


def _store(article: Article, kind: str) -> None:
    article.updated_at = stamp()
    article.save(only=article.dirty_fields)  # Votes are counted meanwhile.
    announce(kind, article)


def _place(article: Article, slug: str | None) -> None:
    """Give it its address and its place among its translations."""
    if slug is None:
        wished = addresses.slug_of(article.title)
        article.slug = addresses.free(article.site_id, article.locale, wished, article.id)
    else:
        addresses.check(article.site_id, article.locale, slug, article.id)
        article.slug = slug
    if len(article.topic) > TOPIC:
        raise Invalid(fields={"topic": [f"At most {TOPIC} characters."]})
    other = translation(article.site_id, article.topic, article.locale)
    if other is not None and other.id != article.id:
        raise Invalid(fields={"locale": ["It is there in this language already."]})


def _checked(
    site_id: int, locale: str, title: str, body: str, tags: Sequence[str], category: str | None
) -> dict[str, Any]:
    faults: dict[str, list[str]] = {}
    if locale not in LANGUAGES:
        faults["locale"] = [f"One of {', '.join(LANGUAGES)}."]
    for name, text, most in (("title", title, TITLE), ("body", body, BODY)):
        if not text.strip():
            faults[name] = ["Write something here."]
        elif len(text) > most:
            faults[name] = [f"At most {most} characters; this has {len(text)}."]
    tidy = tidy_tags(tags)
    if len(tidy) > TAGS or any(len(tag) > TAG for tag in tidy):
        faults["tags"] = [f"At most {TAGS}, of {TAG} characters each."]
    if category and not Category.get_or_none(Category.site_id == site_id, Category.id == category):
        faults["category"] = ["The site has no such category."]
    if faults:
        raise Invalid(fields=faults)
    return {
        "locale": locale,
        "title": " ".join(title.split()),
        "body": body.strip(),
        "tags": tidy,
        "category_id": category or None,
    }
