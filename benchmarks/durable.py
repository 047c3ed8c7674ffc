"""Tickets accepted and on disk, against SQLite alone writing the same rows the same way."""

import json
import sqlite3
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from widget_server.ids import new_id

from .load import rate
from .person import Person

#: Seconds of filing.
LONG = 2

#: Every request has a key of its own, or it would be answered from memory.
FILING = """
local nth, head = 0, "%s"
request = function()
  nth = nth + 1
  return wrk.format("POST", nil, {
    ["Authorization"] = wrk.headers["Authorization"], ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = head .. nth,
  }, '{"category": "help", "title": "Parcel ' .. nth .. '", "body": "%s"}')
end
"""

#: What filing a request writes, and the column that names the ticket.
ROWS = {"ticket": "id", "message": "ticket_id", "event": "ticket_id"}

Statement = tuple[str, tuple[Any, ...]]


def ratio(person: Person, file: Path, copy: Path) -> float:
    """Return requests a second divided by transactions a second in a copy of the same database."""
    person.open_ticket(0)
    with sqlite3.connect(file) as source, sqlite3.connect(copy) as target:
        source.backup(target)
        last = {table: _last(source, table) for table in ("idempotency", "ticket_search")}
    script = copy.with_suffix(".lua")
    script.write_text(FILING % (new_id(), "It has not arrived. " * 10))
    asked = rate(person.target("/api/v1/tickets"), LONG, script=str(script))
    return asked / _raw(file, copy, last)


def _raw(file: Path, copy: Path, last: dict[str, int]) -> float:
    with sqlite3.connect(file) as source:
        keys, entries = (
            source.execute(
                f"SELECT * FROM {table} WHERE rowid > ? ORDER BY rowid", (row,)
            ).fetchall()
            for table, row in last.items()
        )
        by_ticket = defaultdict(list)
        for entry in entries:
            by_ticket[entry[1]].append(("ticket_search", entry))
        written = []
        for key in keys:
            ticket = json.loads(key[4])["ticket"]
            written.append(_statements(source, ticket, [("idempotency", key), *by_ticket[ticket]]))
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
    return len(written) / passed


def _statements(
    source: sqlite3.Connection, ticket: str, found: list[tuple[str, tuple[Any, ...]]]
) -> list[Statement]:
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
