"""What answers a question: a hook for whoever knows better, and a plain search until then."""

import re
from collections.abc import Callable
from typing import NamedTuple

from ..database import query
from ..text import shorten, to_words
from ..tickets.search import fold

#: Articles looked at by the plain search, the latest first: a help centre is seldom larger.
DEPTH = 500

PASSAGE = 200


class Hit(NamedTuple):
    """A published article that may answer, and the passage that says so."""

    article_id: str
    passage: str


Search = Callable[[int, str, str, int], list[Hit]]


def plain(site_id: int, text: str, locale: str, most: int) -> list[Hit]:
    """Return the articles of one language that have the most of the words, titles first."""
    words = [word for word in dict.fromkeys(re.findall(r"\w+", fold(text))) if len(word) > 2][:12]
    if not words:
        return []
    rows = query(
        "SELECT id, title, tags, body FROM article WHERE site_id = ? AND removed_at IS NULL"
        " AND published_at IS NOT NULL AND locale = ? ORDER BY updated_at DESC, id DESC LIMIT ?",
        site_id, locale, DEPTH,
    )  # fmt: skip
    found: list[tuple[int, int, Hit]] = []
    for article_id, title, tags, body in rows:
        heading, content = fold(f"{title} {tags}"), fold(body)
        score = sum(3 * (word in heading) + (word in content) for word in words)
        if score:
            found.append((-score, len(found), Hit(article_id, passage(body, words))))
    return [hit for _, _, hit in sorted(found)[:most]]


def passage(body: str, words: list[str]) -> str:
    """Return the part of a Markdown text around the first of ``words``, without its marks."""
    text = to_words(body)
    folded = fold(text)
    at = min((folded.find(word) for word in words if word in folded), default=0)
    start = text.rfind(" ", 0, max(0, at - PASSAGE // 4)) + 1 if at > PASSAGE // 2 else 0
    shown = shorten(text[start:], PASSAGE)
    return f"…{shown}" if start else shown


class Retrieval:
    """The search in use."""

    current: Search = staticmethod(plain)


def search_with(search: Search) -> None:
    """Answer from now on with ``search(site_id, text, locale, most)``."""
    Retrieval.current = staticmethod(search)  # type: ignore[assignment]


def search(site_id: int, text: str, locale: str, most: int = 20) -> list[Hit]:
    """Return what may answer ``text``, best first; only published articles."""
    return Retrieval.current(site_id, text, locale, most)
