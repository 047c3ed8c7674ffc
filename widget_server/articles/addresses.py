"""Where an article is found: its slug, unique among a site's articles of one language."""

import re
import unicodedata

from ..database import execute, insert, query
from ..errors import Invalid
from .models import Article, ArticleAddress

#: Characters of an address that follows from a title; a number may stand behind them.
LONGEST, NUMBER = 80, 8

ADDRESS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: For titles in scripts that have no small letters.
NAMELESS = "article"

#: Letters that lose nothing but their marks are handled by Unicode; these need spelling out.
SPELLED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d"})


def slug_of(text: str) -> str:
    """Return ``text`` as small letters, digits and hyphens, whole words if it can be."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(SPELLED))
    slug = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]
    return slug


def is_slug(text: str) -> bool:
    return len(text) <= LONGEST + NUMBER and bool(ADDRESS.fullmatch(text))


def free(site_id: int, locale: str, wished: str, article_id: str) -> str:
    """Return ``wished`` or the first of ``wished-2``, ``wished-3``… that no other article has."""
    wished = wished or NAMELESS
    slug, number = wished, 1
    while is_taken(site_id, locale, slug, article_id):
        number += 1
        slug = f"{wished}-{number}"
    return slug


def check(site_id: int, locale: str, slug: str, article_id: str) -> None:
    """Raise :exc:`Invalid` if somebody chose a slug that is malformed or taken."""
    if not is_slug(slug):
        raise Invalid(fields={"slug": ["Small letters, digits and hyphens."]})
    if is_taken(site_id, locale, slug, article_id):
        raise Invalid(fields={"slug": ["Another article has this address."]})


def is_taken(site_id: int, locale: str, slug: str, article_id: str) -> bool:
    return bool(
        query(
            "SELECT 1 FROM article WHERE site_id = ? AND locale = ? AND slug = ?"
            " AND removed_at IS NULL AND id <> ?",
            site_id,
            locale,
            slug,
            article_id,
        )  # fmt: skip
    )


def moved(article: Article, locale: str, slug: str) -> None:
    """Remember that ``article`` was found at ``locale`` and ``slug``, and no other is any more.

    One that is withdrawn may get another address before it is shown again.
    """
    execute(
        "DELETE FROM article_address WHERE site_id = ? AND locale = ? AND slug IN (?, ?)",
        article.site_id, locale, slug, article.slug,
    )  # fmt: skip
    insert(
        ArticleAddress,
        site_id=article.site_id,
        locale=locale,
        slug=slug,
        article_id=article.id,
    )


def present(site_id: int, locale: str, slug: str) -> tuple[str, str] | None:
    """Return language and slug of the published article that had this address before."""
    rows = query(
        "SELECT a.locale, a.slug FROM article_address d JOIN article a"
        " ON a.site_id = d.site_id AND a.id = d.article_id WHERE d.site_id = ? AND d.locale = ?"
        " AND d.slug = ? AND a.published_at IS NOT NULL AND a.removed_at IS NULL",
        site_id, locale, slug,
    )  # fmt: skip
    return rows[0] if rows else None
