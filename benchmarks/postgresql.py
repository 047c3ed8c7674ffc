"""On PostgreSQL: tickets accepted and on disk against psycopg alone, and one more process.

The server is a private one in a temporary folder that keeps what it confirms (`fsync` and
`synchronous_commit` on), as `ventanilla serve` meets it.
"""

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.support.postgres import cluster
from widget_server import database, migrations
from widget_server.ids import new_id
from widget_server.sites import service as sites

from .durable import FILING, LONG, ROWS
from .figures import Figure, at_least
from .load import SHORT, Target, rate
from .person import Person, identity, sign_in
from .processes import free_port, running, settings

ORIGIN = "http://127.0.0.1"
ROUNDS = 3

#: How often one process and two are asked in turn.
TURNS = 9

Row = tuple[Any, ...]


def measure(folder: Path) -> Iterator[Figure]:
    with cluster(durable=True) as server:
        _admin(server, "CREATE DATABASE served")
        site, key = _new_site(f"{server}/served")
        with _serving(folder, server) as url:
            person = sign_in(url, ORIGIN, site.key, identity(key, "ada"))
            made = [person.open_ticket(number)["id"] for number in range(25)]
        ratios = [_durable(folder, server, person.token, nth) for nth in range(ROUNDS)]
        yield at_least(
            "POST /tickets on PostgreSQL, to raw psycopg", statistics.median(ratios), "ratio", 0.3
        )
        path = f"/api/v1/tickets/{made[-1]}"
        gain = _gain(folder, server, Person("", person.token).target(path))
        yield at_least("2 processes on PostgreSQL ÷ 1", gain, "ratio", 1.6)


def _durable(folder: Path, server: str, token: str, nth: int) -> float:
    """Return requests a second divided by transactions a second in a copy of the same database."""
    copy = f"copy_{nth}"
    _admin(server, f"CREATE DATABASE {copy} TEMPLATE served")
    script = folder / f"{copy}.lua"
    script.write_text(FILING % (new_id(), "It has not arrived. " * 10))
    with _serving(folder, server) as url:
        asked = rate(Person(url, token).target("/api/v1/tickets"), LONG, script=str(script))
    with psycopg.connect(f"{server}/served") as source, psycopg.connect(f"{server}/{copy}") as into:
        known = {row[0] for row in into.execute("SELECT id FROM ticket")}
        written = _by_ticket(source, known)
        into.commit()
        begun = time.perf_counter()
        for statements in written:
            for sql, row in statements:
                into.execute(sql, row)
            into.commit()
        return asked * (time.perf_counter() - begun) / len(written)


def _by_ticket(source: "psycopg.Connection[Row]", known: set[str]) -> list[list[tuple[str, Row]]]:
    """Return of each new ticket what writes it."""
    found: dict[str, list[tuple[str, Row]]] = {}
    # The ticket comes before what refers to it.
    for table, column in {**ROWS, "ticket_search": "ticket_id"}.items():
        names, rows = _rows(source, table)
        sql = _insert(table, names)
        for row in rows:
            ticket = row[names.index(column)]
            if ticket not in known:
                found.setdefault(ticket, []).append((sql, row))
                if table == "ticket":
                    found[ticket] += _counters(row[names.index("requester_id")])
    names, rows = _rows(source, "idempotency")
    for row in rows:
        statements = found.get(json.loads(row[names.index("answer")]).get("ticket"), [])
        statements.append((_insert("idempotency", names), row))
    return list(found.values())


def _counters(person: str) -> list[tuple[str, Row]]:
    return [
        ("UPDATE counter SET value = value + 1 WHERE site_id = 1 AND name = 'ticket'", ()),
        ("UPDATE requester SET cursor = cursor + 1 WHERE site_id = 1 AND id = %s", (person,)),
    ]


def _rows(source: "psycopg.Connection[Row]", table: str) -> tuple[list[str], list[Row]]:
    cursor = source.execute(f'SELECT * FROM "{table}"')
    return [column.name for column in cursor.description or []], cursor.fetchall()


def _insert(table: str, names: list[str]) -> str:
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
    return f'INSERT INTO "{table}" ({columns}) OVERRIDING SYSTEM VALUE VALUES ({marks})'


def _gain(folder: Path, server: str, target: Target) -> float:
    """Return how often two processes answer while one answers once.

    Both stand there all the time and are asked in turn, so that what else the machine does meets
    both.
    """
    with _serving(folder, server, 1) as one, _serving(folder, server, 2) as two:
        for url in (one, two):
            rate(target.at(url), SHORT)
        return statistics.median(
            rate(target.at(two), SHORT) / rate(target.at(one), SHORT) for _ in range(TURNS)
        )


@contextmanager
def _serving(folder: Path, server: str, processes: int = 1) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = settings(folder, port) | {"VENTANILLA_DATABASE_URL": f"{server}/served"}
    words = ("app", str(port), str(processes))
    with running("benchmarks.server", *words, url=f"{url}/health", environment=environment):
        yield url


def _new_site(url: str) -> tuple[sites.Site, sites.SiteKey]:
    opened = database.connect(url)
    migrations.migrate(opened)
    made = sites.add_site(name="Shop", origins=[ORIGIN])
    opened.close_all()
    return made


def _admin(server: str, sql: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(sql)
