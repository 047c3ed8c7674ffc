"""Ready to serve: the database, the jobs and the files' home, each tried."""

import io
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from .. import database, jobs, migrations
from ..attachments.service import Files
from ..clock import stamp
from ..database import query
from ..ids import new_id

log = logging.getLogger(__name__)

#: Seconds an answer holds, so that asking often costs nothing.
FRESH = 1.0

#: Seconds a due job may wait while nobody works on any: the shortest schedule is 30.
STUCK = 180


class Failed(Exception):
    """A check did not pass; the text is for anybody to read."""


class Readiness:
    """The checks, and their last answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._last: tuple[bool, dict[str, Any]] = (False, {})

    def ask(self) -> tuple[bool, dict[str, Any]]:
        """Return whether all is well and what each check says."""
        with self._lock:
            if time.monotonic() >= self._until:
                told = {name: _try(check) for name, check in CHECKS.items()}
                self._last = all(each["ok"] for each in told.values()), told
                self._until = time.monotonic() + FRESH
            return self._last


def _try(check: Callable[[], str]) -> dict[str, Any]:
    began = time.perf_counter()
    try:
        ok, says = True, check()
    except Failed as error:
        ok, says = False, str(error)
    except Exception as error:
        # What went wrong is for the log: anybody may ask this.
        log.warning("Not ready: %s", check.__name__.strip("_"), exc_info=True)
        ok, says = False, type(error).__name__
    return {"ok": ok, "says": says, "ms": round((time.perf_counter() - began) * 1000, 1)}


def _database() -> str:
    query("SELECT 1")
    waiting = migrations.pending(database.db.obj)
    if waiting:
        raise Failed(f"{len(waiting)} migrations are pending; run ventanilla migrate")
    return "answers and is up to date"


def _jobs() -> str:
    wait = jobs.oldest_wait().total_seconds()
    if wait > STUCK and not query("SELECT 1 FROM job WHERE lease_until > ? LIMIT 1", stamp()):
        raise Failed(f"a job has been waiting for {wait:.0f} s; is a worker running?")
    return "moving"


def _files() -> str:
    probe = f"ready-{new_id()}"
    with Files.storage.receive(io.BytesIO(b"ready"), file_id=probe, most=5):
        pass
    return "can be written"


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "jobs": _jobs, "files": _files}
