"""`python -m benchmarks.soak --minutes 30`: a busy server for a while; its memory must stay flat.

People file, reply and read as fast as they are answered, on SQLite with the worker inside the
server, which is where memory is scarcest. The first fifth of the time warms up, and so many
requests as fill what is remembered of the latest; what counts is how much the rest adds.
"""

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

from widget_server import database, migrations, signals
from widget_server.sites import service as sites

from .person import Person, identity, sign_in
from .processes import free_port, resident, running, settings

ORIGIN = "http://127.0.0.1"

#: Megabytes of growth after the warm-up that are still called flat.
FLAT = 8.0

#: Rows of the table.
LINES = 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="how long to go on")
    parser.add_argument("--people", type=int, default=4, help="how many at once")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ventanilla-soak-") as name:
        return soak(Path(name), options.minutes * 60, options.people)


def soak(folder: Path, seconds: float, people: int) -> int:
    port = free_port()
    environment = settings(folder, port) | {"VENTANILLA_TRUSTED_PROXIES": "1"}
    opened = database.connect(environment["VENTANILLA_DATABASE_URL"])
    migrations.migrate(opened)
    site, key = sites.add_site(name="Shop", origins=[ORIGIN])
    opened.close_all()
    url, stop, done = f"http://127.0.0.1:{port}", threading.Event(), [0] * people

    def live(number: int) -> None:
        turn = 0
        while not stop.is_set():
            if turn % 10 == 0:
                sub = f"person {number} {turn}"
                # Sessions are limited by address: each comes from one of its own.
                place = {"X-Forwarded-For": f"10.{number}.{turn // 2560 % 256}.{turn // 10 % 256}"}
                person = sign_in(url, ORIGIN, site.key, identity(key, sub), **place)
            _live_once(person, turn)
            turn += 1
            done[number] = turn

    measured, filed = [], []
    with running("widget_server.cli", "serve", url=f"{url}/health", environment=environment) as (
        group,
        _,
    ):
        threads = [threading.Thread(target=live, args=(n,)) for n in range(people)]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        print(f"{'minutes':>8} {'tickets':>9} {'MB':>8} {'added':>7}")
        try:
            for line in range(LINES + 1):
                time.sleep(max(begun + seconds * line / LINES - time.monotonic(), 0))
                if not all(thread.is_alive() for thread in threads):
                    raise RuntimeError("Somebody was refused; see above.")
                measured.append(resident(group))
                filed.append(sum(done))
                minutes, added = (time.monotonic() - begun) / 60, measured[-1] - measured[0]
                print(
                    f"{minutes:8.1f} {filed[-1]:9,} {measured[-1]:8.1f} {added:+7.1f}", flush=True
                )
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=60)
    warm = sum(count < signals.REMEMBERED for count in filed)
    rest = measured[max(warm, LINES // 5) :]
    if len(rest) < LINES // 4:
        print(f"{filed[-1]:,} requests are too few to tell: go on for longer.")
        return 1
    # Of the lowest points: what is only waiting to be given back comes and goes.
    half = len(rest) // 2
    growth = min(rest[half:]) - min(rest[:half])
    flat = growth <= FLAT
    verdict = "flat" if flat else "NOT FLAT"
    print(f"after the warm-up: {growth:+.1f} MB, at most {max(rest):.0f} MB: {verdict}")
    return 0 if flat else 1


def _live_once(person: Person, turn: int) -> None:
    ticket = person.open_ticket(turn)["id"]
    person.reply(ticket, "And one more thing. " * 5)
    for path in ("/api/v1/tickets", f"/api/v1/tickets/{ticket}", "/api/v1/updates?since=0"):
        person.ask("GET", path)


if __name__ == "__main__":
    sys.exit(main())
