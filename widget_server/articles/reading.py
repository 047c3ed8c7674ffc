"""What readers are shown: a site's published articles of one language, and where they lie.

Every query walks the shelf's index and stops.
"""

import re
from typing import Any, NamedTuple

from ..database import fetch, query
from ..sites.models import Category
from ..sites.service import LANGUAGES
from ..text import shorten, to_words
from ..tickets.search import fold
from .models import Article

#: Articles of a category on the front page, and on a page of its own.
FIRST, PAGE = 6, 50

EXCERPT = 155

#: What a sitemap may hold.
SITEMAP = 50_000

SHELF = "site_id = ? AND locale = ? AND published_at IS NOT NULL"


class Line(NamedTuple):
    """An article in a list."""

    id: str
    title: str
    slug: str
    excerpt: str


class Section(NamedTuple):
    """The articles of a category; ``None`` is what belongs to none."""

    category: Category | None
    lines: list[Line]
    next: str | None


def languages(site_id: int) -> list[str]:
    """Return the languages a site has published articles in."""
    parts = [f"SELECT '{each}' WHERE EXISTS (SELECT 1 FROM article WHERE {SHELF})"
             for each in LANGUAGES]  # fmt: skip
    params = [value for each in LANGUAGES for value in (site_id, each)]
    return [row[0] for row in query(" UNION ALL ".join(parts), *params)]


def sections(site_id: int, locale: str) -> list[Section]:
    """Return the front page: the first articles of every category that has any."""
    kinds: list[Category | None] = list(
        Category.select().where(Category.site_id == site_id).order_by(Category.position)
    )
    found = [section(site_id, locale, kind, most=FIRST) for kind in [*kinds, None]]
    return [each for each in found if each.lines]


def section(
    site_id: int,
    locale: str,
    category: Category | None,
    *,
    after: str = "",
    most: int = PAGE,
) -> Section:
    """Return articles of one category by title, those after the cursor ``after``."""
    where, params = f"{SHELF} AND category_id IS NULL", [site_id, locale]
    if category is not None:
        where, params = f"{SHELF} AND category_id = ?", [site_id, locale, category.id]
    title, separator, last = after.rpartition("~")
    if separator:
        where, params = f"{where} AND (title, id) > (?, ?)", [*params, title, last]
    rows = query(
        f"SELECT id, title, slug, body FROM article WHERE {where} ORDER BY title, id LIMIT ?",
        *params, most + 1,
    )  # fmt: skip
    lines = [_line(row) for row in rows[:most]]
    more = f"{lines[-1].title}~{lines[-1].id}" if len(rows) > most else None
    return Section(category, sorted(lines, key=_alphabetical), more)


def _alphabetical(line: Line) -> str:
    """Order titles as people do: databases put accents and marks behind all letters."""
    return " ".join(re.findall(r"\w+", fold(line.title)))


def category_of(site_id: int, category_id: str | None) -> Category | None:
    found = fetch(Category, "site_id = ? AND id = ?", site_id, category_id) if category_id else []
    return found[0] if found else None


def at(site_id: int, locale: str, slug: str) -> Article | None:
    """Return the published article found at an address."""
    found = fetch(Article, f"{SHELF} AND slug = ? AND removed_at IS NULL", site_id, locale, slug)
    return found[0] if found else None


def lines(site_id: int, ids: list[str]) -> dict[str, Line]:
    """Return published articles by id, for what a search found."""
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    rows = query(
        "SELECT id, title, slug, body, locale FROM article WHERE site_id = ? AND removed_at IS NULL"
        f" AND published_at IS NOT NULL AND id IN ({marks})",
        site_id, *ids,
    )  # fmt: skip
    return {row[0]: _line(row) for row in rows}


def everything(site_id: int) -> list[tuple[Any, ...]]:
    """Return topic, language, slug and last change of all published articles, for a sitemap."""
    return query(
        "SELECT topic, locale, slug, updated_at FROM article WHERE site_id = ?"
        " AND published_at IS NOT NULL AND removed_at IS NULL ORDER BY topic, locale LIMIT ?",
        site_id, SITEMAP,
    )  # fmt: skip


def excerpt(body: str, most: int = EXCERPT) -> str:
    """Return the beginning of a Markdown text as plain words."""
    return shorten(to_words(body), most)


def _line(row: tuple[Any, ...]) -> Line:
    return Line(row[0], row[1], row[2], excerpt(row[3]))
