"""`python -m benchmarks.console`: does the console stay as quick with a hundred thousand tickets?

Every page is asked of the application itself, with 1,000 tickets and with as many as wished, on
SQLite and, where its address is given, on PostgreSQL. The figure is the one time divided by the
other: each the least of several tries, since what else the machine does only ever adds.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from widget_server import database, migrations
from widget_server.app import create_app
from widget_server.database import query
from widget_server.figures import rolling

from . import desk
from .figures import Figure, at_most, report
from .load import Wrong

FEW, MANY = 1_000, 100_000
TRIES = 5
BAR = 1.5

#: What is searched for: words that are everywhere, hardly anywhere and nowhere, and operators.
SEARCHES = {
    "a common word": "order",
    "two common words": "parcel invoice",
    "the beginning of a word": "ord",
    "a rare word": desk.RARE,
    "a word nobody wrote": "xylophone",
    "an order number": desk.ORDER,
    "whom it is from": "from:ferrer",
    "from and a word": "from:ada refund",
    "a site": 'site:"Shop 1" voucher',
    "open with a word": "is:open parcel",
    "late": "is:late",
    "unassigned": "is:unassigned",
    "completed": "is:completed",
    "a file": "has:file",
    "notes with a word": "has:note parcel",
    "a category": "category:bug",
}
VIEWS = ("open", "mine", "unassigned", "waiting", "due", "in_progress", "snoozed", "completed")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console")
    parser.add_argument("--tickets", type=int, default=MANY, help="how many; ten messages each")
    parser.add_argument("--postgresql", help="address of a server on which databases may be made")
    parser.add_argument("--keep", type=Path, help="folder where the databases are made and kept")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ventanilla-bench-") as folder:
        found = measure(chosen.keep or Path(folder), chosen.tickets, chosen.postgresql)
        met = report(found, Path(__file__).with_name("console.json"))
    return 0 if met else 1


def measure(folder: Path, tickets: int, postgresql: str | None = None) -> Iterator[Figure]:
    engines = {"SQLite": lambda many: f"sqlite:///{folder}/desk-{many}.db"}
    if postgresql:
        engines["PostgreSQL"] = lambda many: _made(postgresql, f"desk_{many}")
    for engine, url in engines.items():
        few, many = (times(url(count), count, folder) for count in (FEW, tickets))
        for name, seconds in many.items():
            grown = f"{engine}, {name} ({1_000 * seconds:.1f} ms)"
            yield at_most(f"{grown}: to {FEW:,}", seconds / few[name], "ratio", BAR)


def times(url: str, tickets: int, folder: Path) -> dict[str, float]:
    """Return the seconds each page takes with so many tickets; they are made if they are not."""
    opened = database.connect(url)
    migrations.migrate(opened)
    opened.connect(reuse_if_open=True)
    if not query("SELECT 1 FROM ticket LIMIT 1"):
        desk.fill(tickets)
        rolling.roll()
    paths = pages()
    ((email,),) = query("SELECT email FROM agent ORDER BY id LIMIT 1")
    opened.close()
    app = create_app(
        {
            "SECRET_KEY": ["benchmark-" * 4], "DATABASE_URL": url, "FILES_DIR": folder / "files",
            "SERVER_URL": "https://help.example",
        }
    )  # fmt: skip
    client = app.test_client()
    client.post("/console/sign-in", data={"email": email, "password": desk.PASSWORD})
    return {name: _least(client, path) for name, path in paths.items()}


def pages() -> dict[str, str]:
    """Return what agents look at all day, by name."""
    found = {f"view {name}": f"?view={name}" for name in VIEWS}
    ((site, key),) = query("SELECT id, key FROM site ORDER BY id LIMIT 1")
    found["view of a site"] = f"?site={key}"
    found |= {f"search: {name}": f"?q={text}" for name, text in SEARCHES.items()}
    ((number, requester),) = query(
        "SELECT number, requester_id FROM ticket t WHERE site_id = ? AND (SELECT count(*)"
        " FROM message m WHERE m.site_id = t.site_id AND m.ticket_id = t.id) = ?"
        " ORDER BY number DESC LIMIT 1",
        site, desk.LONG,
    )  # fmt: skip
    found["a ticket"] = f"tickets/{key}/{number}"
    found["its version"] = f"tickets/{key}/{number}/pulse?mark=x"
    found["a requester"] = f"people/{key}/{requester}"
    found |= {f"figures, {days} days": f"figures?days={days}" for days in (30, 365)}
    return found


def _least(client: Any, path: str) -> float:
    # SQLite works in our own thread, whose clock stands still while others are at work.
    clock = time.thread_time if database.is_sqlite() else time.perf_counter
    took = []
    for _ in range(TRIES):
        begun = clock()
        answer = client.get(f"/console/{path}")
        took.append(clock() - begun)
        if answer.status_code not in (200, 204):
            raise Wrong(f"{path}: {answer.status_code}")
    return min(took)


def _made(server: str, name: str) -> str:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if not known:
            admin.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{server}/{name}"


if __name__ == "__main__":
    sys.exit(main())
