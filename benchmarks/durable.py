"""Tickets accepted and on disk, against SQLite alone writing the same rows the same way."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .person import Person

THREADS, COUNT = 8, 400

#: What filing a request writes, and the column that names the ticket.
ROWS = {"ticket": "id", "message": "ticket_id", "event": "ticket_id"}

Statement = tuple[str, tuple[Any, ...]]


def ratio(person: Person, file: Path, copy: Path) -> float:
    """Return requests a second divided by transactions a second in a copy of the same database."""
    twins = [person.twin() for _ in range(THREADS)]
    for twin in twins:
        twin.open_ticket(0)
    with sqlite3.connect(file) as source, sqlite3.connect(copy) as target:
        source.backup(target)
        last = {table: _last(source, table) for table in ("idempotency", "ticket_search")}

    def work(twin: Person) -> list[str]:
        return [twin.open_ticket(number)["id"] for number in range(COUNT // THREADS)]

    with ThreadPoolExecutor(THREADS) as pool:
        begun = time.perf_counter()
        made = [ticket for batch in pool.map(work, twins) for ticket in batch]
        asked = len(made) / (time.perf_counter() - begun)
    return asked / _raw(file, copy, made, last)


def _raw(file: Path, copy: Path, made: list[str], last: dict[str, int]) -> float:
    with sqlite3.connect(file) as source:
        new = {
            table: source.execute(f"SELECT * FROM {table} WHERE rowid > ?", (row,)).fetchall()
            for table, row in last.items()
        }
        written = [
            _statements(source, ticket, key, new["ticket_search"])
            for ticket, key in zip(made, new["idempotency"], strict=True)
        ]
    database = sqlite3.connect(copy, isolation_level=None)
    database.execute("PRAGMA journal_mode = wal")
    database.execute("PRAGMA synchronous = full")
    begun = time.perf_counter()
    for statements in written:
        database.execute("BEGIN IMMEDIATE")
        for sql, row in statements:
            database.execute(sql, row)
        database.execute("COMMIT")
    passed = time.perf_counter() - begun
    database.close()
    return len(made) / passed


def _statements(
    source: sqlite3.Connection, ticket: str, key: tuple[Any, ...], entries: list[tuple[Any, ...]]
) -> list[Statement]:
    found = [("idempotency", key)]
    found += [("ticket_search", entry) for entry in entries if entry[1] == ticket]
    for table, column in ROWS.items():
        sql = f"SELECT * FROM {table} WHERE {column} = ?"
        found += [(table, row) for row in source.execute(sql, (ticket,))]
    person = next(row for table, row in found if table == "ticket")[3]
    # The ticket comes before what refers to it.
    found.sort(key=lambda pair: pair[0] != "ticket")
    inserts = [
        (f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row) for table, row in found
    ]
    return [
        *inserts,
        ("UPDATE counter SET value = value + 1 WHERE name = 'ticket'", ()),
        ("UPDATE requester SET cursor = cursor + 1 WHERE site_id = 1 AND id = ?", (person,)),
    ]


def _last(source: sqlite3.Connection, table: str) -> int:
    return int(source.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0])
