"""Full text of tickets: an entry per message, so that nothing is ever rewritten.

SQLite keeps it in FTS5, PostgreSQL in a tsvector; both fold case and accents and match beginnings
of words, so "envio" finds "envíos".
"""

import re
import unicodedata
from typing import Any, NamedTuple

from ..database import execute, is_sqlite, query

#: Entries read for one search, newest first; several may belong to one ticket.
DEPTH = 2_000

#: PostgreSQL: the latest entries, in how many of them words are frequent, and how many are walked
#: back for those at most.
LATEST, FREQUENT, WALKED = 4_000, 30, 100_000

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


class Walk(NamedTuple):
    """A query of ``(site_id, ticket_id, place)``, the latest first, see :meth:`asked`.

    ``below`` narrows it to what follows a place, where ``{below}`` stands in it; ``stops``: the
    fewer entries it is to give, the less it costs; ``several``: one ticket may have more of them.
    """

    sql: str
    params: list[Any]
    below: str
    stops: bool
    several: bool = False

    def asked(self, most: int, after: tuple[Any, ...] | None = None) -> tuple[str, list[Any]]:
        """Return the statement of ``most`` entries, from the start or ``after`` another."""
        if after is None:
            return self.sql.replace("{below}", ""), [*self.params, most]
        _, ticket_id, place, *_ = after
        where = [place, ticket_id][: self.below.count("?")]
        return self.sql.replace("{below}", f"{self.below} AND "), [*where, *self.params, most]


def matching(text: str, depth: int = DEPTH) -> tuple[str, list[Any]] | None:
    """Return the query of ``(site_id, ticket_id, place)`` for what matches every word."""
    found = walk(text, depth)
    return found.asked(depth) if found else None


def walk(text: str, frequent: int) -> Walk | None:
    """Return the way through what matches every word; words that stand in ``frequent`` entries
    are looked for as they are.
    """
    found = re.findall(r"\w+", fold(text))[:WORDS]
    if not found:
        return None
    # A single letter begins a word of nearly every entry; beside others it narrows nothing.
    telling = [word for word in found if len(word) > 1] or found
    return _in_fts5(telling, frequent) if is_sqlite() else _in_tsvector(telling)


def _in_fts5(asked: list[str], frequent: int) -> Walk:
    """FTS5 walks what holds a word from the end and stops, but of all that begins with one it first
    gathers everything: beginnings are looked for only if the very words are not everywhere.
    """
    exact = " ".join(f'"{word}"' for word in asked)
    abound = query(
        "SELECT 1 FROM ticket_search WHERE ticket_search MATCH ? ORDER BY rowid DESC"
        " LIMIT 1 OFFSET ?",
        exact, frequent - 1,
    )  # fmt: skip
    return Walk(
        "SELECT site_id, ticket_id, rowid AS place FROM ticket_search"
        " WHERE {below}ticket_search MATCH ? ORDER BY rowid DESC LIMIT ?",
        [exact if abound else " ".join(f'"{word}"*' for word in asked)],
        "rowid < ?",
        stops=bool(abound),
        several=True,
    )


def _in_tsvector(asked: list[str]) -> Walk:
    """PostgreSQL cannot tell how many entries begin with a word, so the latest ones are asked.

    What is frequent there is found by walking back, what is not by the index of words.
    """
    wanted = " & ".join(f"{word}:*" for word in asked)
    matches = "words @@ to_tsquery('simple', ?)"
    ((seen,),) = query(
        f"SELECT count(*) FROM (SELECT words FROM ticket_search ORDER BY id DESC LIMIT {LATEST})"
        f" latest WHERE {matches}",
        wanted,
    )
    frequent = seen >= FREQUENT
    if frequent:
        walked = f"(SELECT * FROM ticket_search ORDER BY id DESC LIMIT {WALKED}) entries"
        order = "id"
    else:
        walked, order = "ticket_search", "id + 0"
    return Walk(
        f"SELECT site_id, ticket_id, id AS place FROM {walked} WHERE {{below}}{matches}"
        f" ORDER BY {order} DESC LIMIT ?",
        [wanted],
        "id < ?",
        stops=frequent,
        several=True,
    )


def fold(text: str) -> str:
    """Return ``text`` lower-cased, without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))
