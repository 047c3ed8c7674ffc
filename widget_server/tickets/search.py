"""Full text of tickets: an entry per message, so that nothing is ever rewritten.

SQLite keeps it in FTS5, PostgreSQL in a tsvector; both fold case and accents and match beginnings
of words, so "envio" finds "envíos".
"""

import re
import unicodedata
from typing import Any

from ..database import execute, is_sqlite, query

#: Entries read for one search, newest first; several may belong to one ticket.
DEPTH = 2_000

WORDS = 8


def add(site_id: int, ticket_id: str, text: str) -> None:
    """Make ``text`` findable, in the caller's transaction."""
    if is_sqlite():
        execute(
            "INSERT INTO ticket_search (site_id, ticket_id, text) VALUES (?, ?, ?)",
            site_id, ticket_id, text,
        )  # fmt: skip
    else:
        execute(
            "INSERT INTO ticket_search (site_id, ticket_id, words)"
            " VALUES (?, ?, to_tsvector('simple', ?))",
            # Split here: its own parser would keep "ana@example.com" or an address as one word.
            site_id, ticket_id, " ".join(re.findall(r"\w+", fold(text))),
        )  # fmt: skip


def matching(text: str, depth: int = DEPTH) -> tuple[str, list[Any]] | None:
    """Return the query of ``(site_id, ticket_id, place)`` for what matches every word."""
    found = re.findall(r"\w+", fold(text))[:WORDS]
    if not found:
        return None
    # A single letter begins a word of nearly every entry; beside others it narrows nothing.
    words = [word for word in found if len(word) > 1] or found
    if is_sqlite():
        as_they_are = " ".join(f'"{word}"' for word in words)
        begun = " ".join(f'"{word}"*' for word in words)
        return (
            "SELECT site_id, ticket_id, rowid AS place FROM ticket_search"
            f" WHERE ticket_search MATCH ? ORDER BY rowid DESC LIMIT {depth}",
            [as_they_are if _abound(as_they_are, depth) else begun],
        )
    return (
        "SELECT site_id, ticket_id, id AS place FROM ticket_search"
        f" WHERE words @@ to_tsquery('simple', ?) ORDER BY id DESC LIMIT {depth}",
        [" & ".join(f"{word}:*" for word in words)],
    )


def _abound(words: str, depth: int) -> bool:
    """Do so many entries hold the words as they are that no others will be looked at?

    FTS5 walks what holds a word from the end and stops; for all that begins with one it first
    gathers everything.
    """
    return bool(
        query(
            "SELECT 1 FROM ticket_search WHERE ticket_search MATCH ? ORDER BY rowid DESC"
            " LIMIT 1 OFFSET ?",
            words, depth - 1,
        )
    )  # fmt: skip


def fold(text: str) -> str:
    """Return ``text`` lower-cased, without accents."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))
