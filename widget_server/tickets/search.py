"""Full text of tickets: an entry per message, so that nothing is ever rewritten.

SQLite keeps it in FTS5, PostgreSQL in a tsvector; both fold case and accents and match beginnings
of words, so "envio" finds "envíos".
"""

import re
import unicodedata
from typing import Any

from ..database import execute, is_sqlite

#: Entries read for one search, newest first; several may belong to one ticket.
DEPTH = 2_000

WORDS = 8

INSERT_SQLITE = "INSERT INTO ticket_search (site_id, ticket_id, text) VALUES (?, ?, ?)"
INSERT_POSTGRESQL = (
    "INSERT INTO ticket_search (site_id, ticket_id, words) VALUES (?, ?, to_tsvector('simple', ?))"
)


def add(site_id: int, ticket_id: str, text: str) -> None:
    """Make ``text`` findable, in the caller's transaction."""
    if is_sqlite():
        execute(INSERT_SQLITE, site_id, ticket_id, text)
    else:
        execute(INSERT_POSTGRESQL, site_id, ticket_id, words(text))


def words(text: str) -> str:
    """Return the words of a text for PostgreSQL, whose own parser would keep "ana@example.com" or
    an address as one word."""
    return " ".join(re.findall(r"\w+", fold(text)))


def matching(text: str) -> tuple[str, list[Any]] | None:
    """Return the query of ``(site_id, ticket_id, place)`` for what matches every word."""
    asked = re.findall(r"\w+", fold(text))[:WORDS]
    if not asked:
        return None
    if is_sqlite():
        return (
            "SELECT site_id, ticket_id, rowid AS place FROM ticket_search"
            f" WHERE ticket_search MATCH ? ORDER BY rowid DESC LIMIT {DEPTH}",
            [" ".join(f'"{word}"*' for word in asked)],
        )
    return (
        "SELECT site_id, ticket_id, id AS place FROM ticket_search"
        f" WHERE words @@ to_tsquery('simple', ?) ORDER BY id DESC LIMIT {DEPTH}",
        [" & ".join(f"{word}:*" for word in asked)],
    )


def fold(text: str) -> str:
    """Return ``text`` lower-cased, without accents."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))
