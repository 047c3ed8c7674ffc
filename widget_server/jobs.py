"""Work that will be done: a row written in your transaction, claimed under a lease.

A worker that dies lets its lease run out, and another takes the job up; a handler that raises is
tried again later and later, and after the last attempt the row stays, dead, for a person to see.
"""

import logging
import os
import random
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from peewee import AutoField, IntegerField, TextField

from . import signals
from .clock import parse, stamp, utcnow
from .database import (
    JSONField,
    Model,
    after_commit,
    execute,
    insert,
    is_sqlite,
    query,
    release,
    transaction,
)
from .ids import new_id

log = logging.getLogger(__name__)

LEASE_SECONDS = 120
MAX_ATTEMPTS = 12

#: Doubling from 5 s reaches an hour at the tenth try; twelve tries cover about six hours.
BACKOFF_FIRST, BACKOFF_LONGEST = 5, 3_600

#: How long an idle worker sleeps when nothing wakes it: another process may have written a job.
IDLE_SECONDS = 1.0

#: How often a worker looks for leases of the dead.
LOOK_SECONDS = 10.0

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
_schedules: dict[str, int] = {}
_patience: dict[str, "Patience"] = {}
wake = threading.Event()
signals.on("jobs", wake.set)


class Job(Model):
    """One piece of work: what to call, with what, and not before when."""

    id = AutoField()
    kind = TextField()
    payload = JSONField()
    run_at = TextField()
    attempts = IntegerField(default=0)
    lease_until = TextField(null=True)
    lease_owner = TextField(null=True)
    dead_at = TextField(null=True)
    last_error = TextField(null=True)
    unique_key = TextField(null=True, unique=True)
    created_at = TextField()


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a kind of job is tried, how long it waits at most, and who hears of its end."""

    attempts: int = MAX_ATTEMPTS
    longest: float = BACKOFF_LONGEST
    dead: Handler | None = None


def handler(
    kind: str, *, every: int | None = None, patience: Patience | None = None
) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of ``kind``; ``every``: also each so many seconds."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        if every:
            _schedules[kind] = every
        if patience:
            _patience[kind] = patience
        return function

    return register


def enqueue(kind: str, *, delay: float = 0, unique_key: str | None = None, **payload: Any) -> None:
    """Write a job in the caller's transaction. The same ``unique_key`` is queued once; one that was
    given up under it makes room.
    """
    if unique_key is not None:
        execute("DELETE FROM job WHERE unique_key = ? AND dead_at IS NOT NULL", unique_key)
    insert(
        Job,
        or_ignore=unique_key is not None,
        kind=kind,
        payload=payload,
        run_at=stamp(seconds=delay),
        attempts=0,
        unique_key=unique_key,
        created_at=stamp(),
    )
    after_commit(_call)


def _call() -> None:
    """Wake the workers: whoever is quickest takes it."""
    signals.tell("jobs")


def schedule() -> None:
    """Queue every periodic job that is not queued yet; many workers may call this."""
    for kind in _schedules:
        enqueue(kind, unique_key=f"schedule:{kind}")


def straighten() -> None:
    """Undo what a clock that ran ahead, and was put right, has left far in the future."""
    for kind, period in _schedules.items():
        execute(
            "UPDATE job SET run_at = ? WHERE unique_key = ? AND run_at > ?",
            stamp(), f"schedule:{kind}", stamp(seconds=max(period, BACKOFF_LONGEST) * 2),
        )  # fmt: skip
    execute(
        "UPDATE job SET lease_until = ? WHERE lease_until > ?",
        stamp(seconds=LEASE_SECONDS), stamp(seconds=LEASE_SECONDS * 2),
    )  # fmt: skip


def claim(owner: str) -> Job | None:
    """Lease the next due job to ``owner``; ``None`` if there is none.

    SQLite's writers take turns anyway; on PostgreSQL rows others hold are skipped.
    """
    now = stamp()
    due = (
        "SELECT id FROM job WHERE dead_at IS NULL AND run_at <= ?"
        " AND (lease_until IS NULL OR lease_until < ?) ORDER BY run_at, id LIMIT 1"
    )
    if is_sqlite() and not query(due, now, now):
        return None  # A read alone does not queue for the write lock.
    with transaction():
        rows = query(due if is_sqlite() else due + " FOR UPDATE SKIP LOCKED", now, now)
        if not rows:
            return None
        Job.update(
            lease_until=stamp(seconds=LEASE_SECONDS), lease_owner=owner, attempts=Job.attempts + 1
        ).where(Job.id == rows[0][0]).execute()
        return Job.get_by_id(rows[0][0])


def perform(job: Job) -> None:
    """Do a claimed job. What the handler writes and the job's end are separate commits,
    so handlers are written to be repeated."""
    try:
        _handlers[job.kind](**job.payload)
    except Exception as error:
        _fail(job, error)
    else:
        _finish(job)


def _finish(job: Job) -> None:
    period = _schedules.get(job.kind)
    if period and job.unique_key == f"schedule:{job.kind}":
        again = {"run_at": stamp(seconds=period), "attempts": 0, "lease_until": None}
        Job.update(**again).where(Job.id == job.id, Job.lease_owner == job.lease_owner).execute()
    else:
        Job.delete().where(Job.id == job.id, Job.lease_owner == job.lease_owner).execute()


def _fail(job: Job, error: Exception) -> None:
    log.warning("Job %s (%s) failed, attempt %s", job.id, job.kind, job.attempts, exc_info=True)
    patience = _patience.get(job.kind, Patience())
    wait = min(BACKOFF_FIRST * 2 ** min(job.attempts - 1, 20), patience.longest)
    dead = job.attempts >= patience.attempts and job.kind not in _schedules
    with transaction():
        Job.update(
            lease_until=None,
            last_error=f"{type(error).__name__}: {error}"[:500],
            run_at=stamp(seconds=wait * random.uniform(0.8, 1.2)),
            dead_at=stamp() if dead else None,
        ).where(Job.id == job.id, Job.lease_owner == job.lease_owner).execute()
        if dead and patience.dead:
            patience.dead(**job.payload)


def hasten(kind: str, failure: type[Exception]) -> None:
    """What kept jobs of a kind from being done is over: those that met this failure are due now."""
    execute(
        "UPDATE job SET run_at = ? WHERE kind = ? AND attempts > 0 AND dead_at IS NULL"
        " AND lease_until IS NULL AND run_at > ? AND last_error LIKE ?",
        stamp(), kind, stamp(), f"{failure.__name__}:%",
    )  # fmt: skip


def revive(job: Job) -> None:
    """Try a job again that was given up, from its first attempt on."""
    again = {"dead_at": None, "attempts": 0, "run_at": stamp(), "lease_until": None}
    with transaction():
        Job.update(**again).where(Job.id == job.id).execute()
        after_commit(wake.set)


def here() -> str:
    """Return a name for this process that another on the same machine can look up."""
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        space = ""
    return f"{socket.gethostname()}/{space}/{os.getpid()}"


def reclaim() -> None:
    """Take leases back from processes of this machine that died: no need to wait them out."""
    machine = here().rpartition("/")[0]
    for (owner,) in query("SELECT DISTINCT lease_owner FROM job WHERE lease_until IS NOT NULL"):
        name = owner.rpartition("#")[0]
        if name.rpartition("/")[0] == machine and not _alive(int(name.rpartition("/")[2])):
            _let_go(owner)


def _let_go(owner: str) -> None:
    """Give back what this worker held when it could not write down how that ended."""
    execute("UPDATE job SET lease_until = NULL WHERE lease_owner = ?", owner)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        # Killed, but not yet collected by whoever is its parent now: it will do nothing more.
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return state != "Z"


def run_due(owner: str = "by-hand#") -> int:
    """Do every job that is due and return how many. For tests and ``ventanilla worker --once``."""
    done = 0
    while job := claim(owner):
        perform(job)
        done += 1
    return done


def run_forever(stop: threading.Event) -> None:
    """Do jobs until ``stop`` is set, sleeping while there are none."""
    owner = f"{here()}#{new_id()[-6:]}"
    next_look, fell = 0.0, False
    while not stop.is_set():
        wake.clear()
        try:
            if not next_look:
                schedule()
            if fell:
                _let_go(owner)
                fell = False
            if time.monotonic() >= next_look:
                reclaim()
                straighten()
                next_look = time.monotonic() + LOOK_SECONDS
            job = claim(owner)
            if job:
                perform(job)
        except Exception:
            log.exception("The worker could not reach the database; trying again")
            job, fell = None, True
            stop.wait(IDLE_SECONDS)
        finally:
            release()
        if job is None:
            wake.wait(IDLE_SECONDS)


def oldest_wait() -> timedelta:
    """Return how long the longest-due job has been waiting."""
    rows = query("SELECT min(run_at) FROM job WHERE dead_at IS NULL AND lease_until IS NULL")
    first = rows[0][0]
    return max(utcnow() - parse(first), timedelta()) if first else timedelta()
