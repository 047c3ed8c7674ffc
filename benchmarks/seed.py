"""Tickets by the thousand, written straight into the database: other people's, in the way."""

import random
import sqlite3
from pathlib import Path

from widget_server.clock import stamp
from widget_server.ids import new_id

#: Tickets of each person; so many that the people grow with the tickets.
EACH = 100

WORDS = ["parcel", "invoice", "password", "order", "refund", "address", "colour", "size", "late"]


def tickets(file: Path, site: int, upto: int) -> None:
    """Fill up until the site has ``upto`` tickets."""
    database = sqlite3.connect(file, timeout=30)
    chance = random.Random(7)
    known = database.execute("SELECT count(*) FROM ticket WHERE site_id = ?", (site,)).fetchone()[0]
    number = _counter(database, site)
    people, rows, messages, entries = [], [], [], []
    for index in range(upto - known):
        at = stamp(seconds=-chance.randrange(60, 90 * 86_400))
        if index % EACH == 0:
            person = new_id()
            people.append((site, person, f"seed-{person}", at, at))
        ticket, title = new_id(), " ".join(chance.choices(WORDS, k=4))
        state = chance.choice(["waiting", "in_progress", "completed", "completed", "completed"])
        done = at if state == "completed" else None
        number += 1
        rows.append((site, ticket, number, person, title, state, at, at, done))
        messages.append((site, new_id(), ticket, person, title * 5, at))
        entries.append((site, ticket, title))
    many = database.executemany
    many(
        "INSERT INTO requester (site_id, id, sub, created_at, seen_at, opened)"
        f" VALUES (?, ?, ?, ?, ?, {EACH})",
        people,
    )
    many(
        "INSERT INTO ticket (site_id, id, number, requester_id, category_id, title, state,"
        " checklist, locale, fields, opened_at, updated_at, completed_at)"
        " VALUES (?, ?, ?, ?, 'help', ?, ?, '[]', 'en', '{}', ?, ?, ?)",
        rows,
    )
    many(
        "INSERT INTO message (site_id, id, ticket_id, author, author_id, author_name, body,"
        " sent_at) VALUES (?, ?, ?, 'requester', ?, '', ?, ?)",
        messages,
    )
    many("INSERT INTO ticket_search (site_id, ticket_id, text) VALUES (?, ?, ?)", entries)
    database.execute(
        "UPDATE counter SET value = ? WHERE site_id = ? AND name = 'ticket'", (number, site)
    )
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _counter(database: sqlite3.Connection, site: int) -> int:
    found = database.execute(
        "SELECT value FROM counter WHERE site_id = ? AND name = 'ticket'", (site,)
    ).fetchone()
    if found is None:
        raise RuntimeError("Open a ticket first: the counter starts with it.")
    return int(found[0])
