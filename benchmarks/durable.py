"""Tickets accepted and on disk, against SQLite alone writing the same rows the same way."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .person import Person

THREADS, COUNT = 8, 400

#: What filing a request writes: found by its column naming the ticket.
ROWS = {"ticket": "id", "message": "ticket_id", "event": "ticket_id", "ticket_search": "ticket_id"}


def ratio(person: Person, file: Path, folder: Path) -> float:
    """Return requests a second divided by bare transactions a second."""
    twins = [person.twin() for _ in range(THREADS)]
    for twin in twins:
        twin.open_ticket(0)

    def work(twin: Person) -> list[str]:
        return [twin.open_ticket(number)["id"] for number in range(COUNT // THREADS)]

    with ThreadPoolExecutor(THREADS) as pool:
        begun = time.perf_counter()
        made = [ticket for batch in pool.map(work, twins) for ticket in batch]
        asked = len(made) / (time.perf_counter() - begun)
    return asked / _raw(file, folder / "raw.db", made)


def _raw(file: Path, copy: Path, made: list[str]) -> float:
    source = sqlite3.connect(file)
    written = [_rows_of(source, ticket, nth) for nth, ticket in enumerate(made)]
    database = _same_schema(source, copy)
    begun = time.perf_counter()
    for statements in written:
        database.execute("BEGIN IMMEDIATE")
        for sql, row in statements:
            database.execute(sql, row)
        database.execute("COMMIT")
    passed = time.perf_counter() - begun
    database.close()
    return len(made) / passed


def _rows_of(source: sqlite3.Connection, ticket: str, nth: int) -> list[tuple[str, Any]]:
    found = []
    for table, column in ROWS.items():
        rows = source.execute(f"SELECT * FROM {table} WHERE {column} = ?", (ticket,)).fetchall()
        found += [(_insert(table, row), row) for row in rows]
    key = source.execute("SELECT * FROM idempotency LIMIT 1 OFFSET ?", (nth,)).fetchone()
    found.append((_insert("idempotency", key), key))
    found.append(("UPDATE counter SET value = value + 1", ()))
    found.append(("UPDATE requester SET cursor = cursor + 1, opened = opened + 1", ()))
    return found


def _insert(table: str, row: tuple[Any, ...]) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})"


def _same_schema(source: sqlite3.Connection, copy: Path) -> sqlite3.Connection:
    """An empty database with the tables and indexes of ``source``, and its durability."""
    database = sqlite3.connect(copy, isolation_level=None)
    database.execute("PRAGMA journal_mode = wal")
    database.execute("PRAGMA synchronous = full")
    for name, sql in source.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
        # SQLite makes the tables behind a full-text index by itself.
        if not name.startswith(("sqlite_", "ticket_search_")):
            database.execute(sql)
    for table in ("counter", "requester"):
        row = source.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
        database.execute(_insert(table, row), row)
    return database
