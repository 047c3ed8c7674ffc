"""`make bench`: measure, print every figure beside its bar, keep them in results.json.

Speeds are shares of what bare Flask does under the same server in the same run, since absolute
figures of a shared machine say nothing the day after.
"""

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import peewee

from widget_server import database, migrations
from widget_server.articles import service as articles
from widget_server.assets import Assets
from widget_server.assistant import gathering as gathering
from widget_server.sites import service as sites

from . import browser, durable, install, postgresql, seed
from .figures import Figure, at_least, at_most, report
from .load import Target, Wrong, share
from .person import Person, identity, sign_in
from .processes import free_port, resident, running, settings

FEW, MANY = 1_000, 100_000

#: What somebody types whom an article helps, but for its last letter.
QUESTION = "quiero devolver dos pedido"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="ventanilla-bench-") as name:
        met = report(measure(Path(name)), Path(__file__).with_name("results.json"))
    return 0 if met else 1


def measure(folder: Path) -> Iterator[Figure]:
    port, bare_port, host_port = free_port(), free_port(), free_port()
    url, bare_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{bare_port}"
    origin = f"http://127.0.0.1:{host_port}"
    environment = settings(folder, port)
    file = folder / "tickets.db"
    site, key = _new_site(environment["VENTANILLA_DATABASE_URL"], origin)
    bare = Target(f"{bare_url}/hello", {})

    yield from installed()
    yield from start_and_memory(url, environment)
    with (
        running(
            "benchmarks.server", "app", str(port), url=f"{url}/health", environment=environment
        ) as (group, _),
        running("benchmarks.server", "bare", str(bare_port), url=bare.url, environment={}),
    ):
        person = sign_in(url, origin, site.key, identity(key, "ada"))
        yield from sizes(url, site.key)
        made = [person.open_ticket(number)["id"] for number in range(25)]
        for number in range(29):
            person.reply(made[-1], f"Message {number}, still nothing. " * 3)
        seed.tickets(file, site.id, FEW)
        person = sign_in(url, origin, site.key, identity(key, "ada"))
        paths = hot_paths(person, made[-1])
        small = {name: share(target, bare) for name, target in paths.items()}

        yield from in_browser(url, origin, host_port, site.key, identity(key, "ada"))

        seed.tickets(file, site.id, MANY)
        loader = Target(f"{url}/w/{site.key}.js", {"Accept-Encoding": "br"})
        yield at_least("loader, to bare Flask", share(loader, bare), "ratio", 1.0)
        large = {name: share(target, bare) for name, target in paths.items()}
        for (name, value), bar in zip(large.items(), (0.3, 0.12, 0.08), strict=True):
            yield at_least(f"{name}, to bare Flask", value, "ratio", bar)
        for name, value in large.items():
            grown = f"{name}: time at {MANY:,} ÷ at {FEW:,} tickets"
            yield at_most(grown, small[name] / value, "ratio", 1.5)
        yield at_least(
            "POST /tickets, on disk, to raw SQLite",
            statistics.median(
                durable.ratio(person, file, folder / f"copy-{nth}.db") for nth in range(3)
            ),
            "ratio",
            0.3,
        )
        yield at_most("memory of server and worker, after all this", resident(group), "MB", 160)
    yield from postgresql.measure(folder)


def installed() -> Iterator[Figure]:
    core = install.core()
    yield at_most("packages of a core install", len(core), "", 50)
    yield at_most("core install on disk", install.megabytes(core), "MB", 120)


def start_and_memory(url: str, environment: dict[str, str]) -> Iterator[Figure]:
    times = []
    for _ in range(3):
        with running(
            "widget_server.cli", "serve", url=f"{url}/health", environment=environment
        ) as (group, seconds):
            times.append(seconds)
            memory = resident(group)
    yield at_most("ventanilla serve to first 200", statistics.median(times), "s", 1.5)
    yield at_most("memory of server and worker, idle", memory, "MB", 140)


def sizes(url: str, site_key: str) -> Iterator[Figure]:
    yield at_most(
        "loader with its configuration, brotli", _size(f"{url}/w/{site_key}.js"), "B", 4_000
    )
    manifest = Assets().manifest()
    names = [manifest["panel"], manifest["lang"]["es"]]
    total = sum(_size(f"{url}{name}") for name in names)
    yield at_most("panel and one language, brotli", total, "B", 30_000)


def hot_paths(person: Person, ticket: str) -> dict[str, Target]:
    """What every open panel asks for; each is asked once to see that it is what it should be."""
    long = person.ask("GET", f"/api/v1/tickets/{ticket}")
    if sum(entry["type"] == "message" for entry in long["thread"]) != 30:
        raise Wrong("The long ticket should have 30 messages.")
    if len(person.ask("GET", "/api/v1/tickets")["tickets"]) != 20:
        raise Wrong("The list should be full.")
    updates = f"/api/v1/updates?since={person.cursor}"
    if person.ask("GET", updates) is not None:
        raise Wrong("There should be nothing new.")
    return {
        "updates, nothing new": person.target(updates),
        "list of 20": person.target("/api/v1/tickets"),
        "ticket with 30 messages": person.target(f"/api/v1/tickets/{ticket}"),
    }


def in_browser(url: str, origin: str, port: int, site_key: str, token: str) -> Iterator[Figure]:
    head = '<!doctype html><html lang="es"><title>Shop</title><link rel="icon" href="data:,">'
    queue = (
        "<script>window.ventanilla = function () { (ventanilla.q = ventanilla.q || [])"
        f".push(arguments) }}; ventanilla('identify', '{token}')</script>"
    )
    pages = {
        "/blank": f"{head}<h1>Shop</h1>",
        "/": f'{head}{queue}<h1>Shop</h1><script async src="{url}/w/{site_key}.js"></script>',
    }
    with browser.host(pages, port):
        seen = browser.visits(origin, url)
        typed = browser.suggestion(origin, QUESTION)
    yield at_most("requests before the first click", seen["before"], "", 1)
    yield at_most("script before the first click", seen["cpu 1"], "ms", 5)
    yield at_most("script before the first click, CPU 4 times slower", seen["cpu 4"], "ms", 25)
    yield at_most("requests from click to list", seen["click"], "", 4)
    yield at_most("bytes from click to list, on the wire", seen["click bytes"], "B", 30_000)
    yield at_most("click to list, CPU 4 times slower, 40 ms away", seen["ms"], "ms", 600)
    yield at_most("last key to the article that fits", typed, "ms", 700)


def _new_site(url: str, origin: str) -> tuple[sites.Site, sites.SiteKey]:
    opened: peewee.Database = database.connect(url)
    migrations.migrate(opened)
    made = sites.add_site(name="Shop", origins=[origin])
    written = articles.write(
        made[0], locale="es", title="Devolver un pedido", body="Tienes 30 días.", author="Inés"
    )
    articles.publish(written)
    opened.close()
    return made


def _size(url: str) -> int:
    with urlopen(Request(url, headers={"Accept-Encoding": "br"})) as answer:
        if answer.headers["Content-Encoding"] != "br":
            raise Wrong(f"{url} is not compressed")
        return len(answer.read())


if __name__ == "__main__":
    sys.exit(main())
