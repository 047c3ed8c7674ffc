"""`python -m benchmarks.console`: does the console stay as quick with a hundred thousand tickets?

Every page is asked of the application itself, with 1,000 tickets and with as many as wished, on
SQLite and, where its address is given, on PostgreSQL. The figure is the one time divided by the
other: each the least of several tries, since what else the machine does only ever adds.

Both desks are open at once, each in a process of its own, and are asked in turn, so that what else
the machine does meets both. Time is what the processor spent on it, PostgreSQL's own process
included where it runs on this machine.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg

from widget_server import database, migrations
from widget_server.app import create_app
from widget_server.database import query
from widget_server.figures import rolling
from widget_server.sites import service as sites

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
    parser.add_argument("--tickets", type=int, default=MANY, help="how many there are")
    parser.add_argument("--messages", type=int, default=desk.LONG, help="of a ticket, on average")
    parser.add_argument("--postgresql", help="address of a server on which databases may be made")
    parser.add_argument("--keep", type=Path, help="folder where the databases are made and kept")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ventanilla-bench-") as folder:
        kept = chosen.keep or Path(folder)
        found = measure(kept, chosen.tickets, chosen.messages, chosen.postgresql)
        met = report(found, Path(__file__).with_name("console.json"))
    return 0 if met else 1


def measure(
    folder: Path, tickets: int, messages: int = desk.LONG, postgresql: str | None = None
) -> Iterator[Figure]:
    engines = {"SQLite": lambda many: f"sqlite:///{folder}/desk-{many}.db"}
    if postgresql:
        engines["PostgreSQL"] = lambda many: _made(postgresql, f"desk_{many}")
    for engine, url in engines.items():
        with (
            _opened(url(FEW), FEW, messages, folder) as few,
            _opened(url(tickets), tickets, messages, folder) as many,
        ):
            names = few.recv()
            many.recv()
            for name in names:
                least, seconds = _least(few, name, many)
                grown = f"{engine}, {name} ({1_000 * seconds:.1f} ms)"
                yield at_most(f"{grown}: to {FEW:,}", seconds / least, "ratio", BAR)


def _least(few: Connection, name: str, many: Connection) -> tuple[float, float]:
    """Return the least seconds a page takes at two desks, which are asked in turn."""
    took = []
    for _ in range(TRIES):
        took.append([_asked(each, name) for each in (few, many)])
    one, other = (min(each) for each in zip(*took, strict=True))
    return one, other


def _asked(desk_of: Connection, name: str) -> float:
    desk_of.send(name)
    answer = desk_of.recv()
    if isinstance(answer, str):
        raise Wrong(answer)
    return float(answer)


@contextmanager
def _opened(url: str, tickets: int, messages: int, folder: Path) -> Iterator[Connection]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, url, tickets, messages, folder))
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join()


def _serve(line: Connection, url: str, tickets: int, messages: int, folder: Path) -> None:
    """Ask a desk for its pages, by the names that come; it is made if it is not yet."""
    opened = database.connect(url, timeout=0)
    migrations.migrate(opened)
    opened.connect(reuse_if_open=True)
    if not query("SELECT 1 FROM ticket LIMIT 1"):
        desk.fill(tickets, messages)
    for site in sites.all_sites():
        rolling.roll_site(site)
    paths = pages(messages)
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
    line.send(list(paths))
    clock = _clock()
    try:
        while True:
            path = paths[line.recv()]
            begun = clock()
            answer = client.get(f"/console/{path}")
            took = clock() - begun
            line.send(took if answer.status_code in (200, 204) else f"{path}: {answer.status_code}")
    except EOFError:
        return


def _clock() -> Callable[[], float]:
    """Return what tells the seconds our thread, and PostgreSQL's process for us, were at work."""
    if database.is_sqlite():
        return time.thread_time
    with database.db.connection_context():
        ((process,),) = query("SELECT pg_backend_pid()")
    # A quiet server uses one connection, see :mod:`widget_server.database`.
    told = Path(f"/proc/{process}/schedstat")
    if not told.exists():
        return time.perf_counter
    return lambda: time.thread_time() + int(told.read_text().split()[0]) / 1e9


def pages(messages: int) -> dict[str, str]:
    """Return what agents look at all day, by name."""
    found = {f"view {name}": f"?view={name}" for name in VIEWS}
    ((site, key),) = query("SELECT id, key FROM site ORDER BY id LIMIT 1")
    found["view of a site"] = f"?site={key}"
    found |= {f"search: {name}": f"?q={text}" for name, text in SEARCHES.items()}
    ((number,),) = query(
        "SELECT number FROM ticket t WHERE site_id = ? AND (SELECT count(*)"
        " FROM message m WHERE m.site_id = t.site_id AND m.ticket_id = t.id) = ?"
        " ORDER BY number DESC LIMIT 1",
        site, messages,
    )  # fmt: skip
    # As many tickets, so that the page is as full, whatever the number of others.
    ((requester,),) = query(
        "SELECT requester_id FROM ticket WHERE site_id = ? GROUP BY requester_id"
        " HAVING count(*) = ? ORDER BY requester_id DESC LIMIT 1",
        site, desk.EACH,
    )  # fmt: skip
    found["a ticket"] = f"tickets/{key}/{number}"
    found["its version"] = f"tickets/{key}/{number}/pulse?mark=x"
    found["a requester"] = f"people/{key}/{requester}"
    found |= {f"figures, {days} days": f"figures?days={days}" for days in (30, 365)}
    return found


def _made(server: str, name: str) -> str:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if not known:
            admin.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{server}/{name}"


if __name__ == "__main__":
    sys.exit(main())
