"""Full text of tickets: an entry per message, so that nothing is ever rewritten.

SQLite keeps it in FTS5, PostgreSQL in a tsvector; both fold case and accents and match beginnings
of words, so "envio" finds "envíos".
"""

import re
import unicodedata

from ..database import execute, is_sqlite, query

#: Entries read for one search, newest first; several may belong to one ticket.
DEPTH = 400

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


def find(text: str) -> list[tuple[int, str]]:
    """Return ``(site_id, ticket_id)`` of what matches every word, latest entry first, once each."""
    words = re.findall(r"\w+", fold(text))[:WORDS]
    if not words:
        return []
    if is_sqlite():
        rows = query(
            "SELECT site_id, ticket_id FROM ticket_search WHERE ticket_search MATCH ?"
            " ORDER BY rowid DESC LIMIT ?",
            " ".join(f'"{word}"*' for word in words),
            DEPTH,
        )
    else:
        rows = query(
            "SELECT site_id, ticket_id FROM ticket_search"
            " WHERE words @@ to_tsquery('simple', ?) ORDER BY id DESC LIMIT ?",
            " & ".join(f"{word}:*" for word in words),
            DEPTH,
        )
    return list(dict.fromkeys((site_id, ticket_id) for site_id, ticket_id in rows))


def fold(text: str) -> str:
    """Return ``text`` lower-cased, without accents."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))
