"""A busy help desk on several processes, each of which is killed in turn."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg

from .crowd import Agent, Postmaster, Program, Promises, Requester, Somebody
from .fleet import Fleet
from .reckoning import HURRY, HURRY_CALLS, WITNESS, Connection, digests, reconcile, undone
from .servers import wait_until

#: Seconds what is not started again at once stays away.
AWAY = 1.5


@dataclass
class Aftermath:
    """What is left to be reconciled."""

    fleet: Fleet
    promises: Promises
    kills: list[str] = field(default_factory=list)

    def connect(self) -> Connection:
        return psycopg.connect(self.fleet.database_url)

    def faults(self, database: Connection) -> list[str]:
        return reconcile(
            database,
            self.promises,
            self.fleet.mail.letters(),
            self.objects,
            self.fleet.hooks.calls(),
            self.fleet.secret,
            sum(name.startswith("worker") for name in self.kills),
        )

    @cached_property
    def objects(self) -> dict[str, str]:
        return digests(self.fleet.bucket)

    def doubled(self) -> int:
        """Return how often a letter came again under the same id."""
        return _again([letter["id"] for letter in self.fleet.mail.letters()])

    def told_again(self) -> int:
        """Return how often a webhook was called again under the same id."""
        return _again([call.id for call in self.fleet.hooks.calls()])


def _again(ids: list[str]) -> int:
    return len(ids) - len(set(ids))


@contextmanager
def chaos(
    folder: Path, *, seconds: float, say: Callable[[str], None] = lambda text: None
) -> Iterator[Aftermath]:
    """Keep people busy and kill one part after the other, then let all come to rest.

    Every part is killed at least once, however few ``seconds`` there are.
    """
    fleet = Fleet(folder).start()
    left = Aftermath(fleet, Promises())
    try:
        _witness(fleet)
        people: list[Somebody] = [Requester(fleet, left.promises, n) for n in range(4)]
        people += [Program(fleet, left.promises, 4), Agent(fleet, left.promises, 5)]
        stop = threading.Event()
        threads = [threading.Thread(target=each.run, args=(stop,)) for each in people]
        threads.append(threading.Thread(target=_hurry, args=(fleet, stop)))
        for thread in threads:
            thread.start()
        try:
            _kill_in_turn(left, people, seconds, say)
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=90)
        if any(thread.is_alive() for thread in threads):
            raise RuntimeError("Somebody still waits for an answer.")
        with left.connect() as database:
            database.autocommit = True
            wait_until(lambda: _at_rest(database), "the end of all work", 150)
            Postmaster(fleet, left.promises, 6).look()
            wait_until(lambda: _at_rest(database), "the end of what was sent again", 60)
        yield left
    finally:
        fleet.stop()


def _kill_in_turn(
    left: Aftermath, people: list[Somebody], seconds: float, say: Callable[[str], None]
) -> None:
    fleet, begun = left.fleet, time.monotonic()
    parts = {
        "app 1": (fleet.apps[0], 0.0),
        "worker 1": (fleet.workers[0], 0.0),
        "Redis": (fleet.redis, AWAY),
        "PostgreSQL": (fleet.postgres, 0.0),
        "bucket": (fleet.bucket, AWAY),
        "mail": (fleet.mail, AWAY),
        "webhooks": (fleet.hooks, AWAY),
        "app 2": (fleet.apps[1], 0.0),
        "worker 2": (fleet.workers[1], 0.0),
    }
    while time.monotonic() < begun + seconds or len(left.kills) < len(parts):
        for name, (part, away) in parts.items():
            seen = len(left.promises)
            part.kill()
            time.sleep(away)
            part.start()
            left.kills.append(name)
            wait_until(lambda seen=seen: len(left.promises) > seen + 10, f"life after {name}", 60)
            say(f"{name} killed; {len(left.promises)} promises so far")
            if time.monotonic() > begun + seconds and len(left.kills) >= len(parts):
                break


def _at_rest(database: Connection) -> bool:
    database.execute(HURRY_CALLS)
    return undone(database) == 0


def _witness(fleet: Fleet) -> None:
    with psycopg.connect(fleet.database_url) as database:
        database.execute(WITNESS)


def _hurry(fleet: Fleet, stop: threading.Event) -> None:
    while not stop.wait(1):
        try:
            with psycopg.connect(fleet.database_url) as database:
                database.execute(HURRY)
                database.execute(HURRY_CALLS)
        except psycopg.OperationalError:
            continue  # It is being started again.
