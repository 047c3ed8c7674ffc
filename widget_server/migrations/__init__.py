"""Numbered scripts that bring a database up to date, run by one process at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import Database, SqliteDatabase
from playhouse.migrations import Runner

from .. import postgres

DIRECTORY = Path(__file__).parent

#: Any fixed number: the name of our advisory lock in PostgreSQL.
ADVISORY_LOCK = 7_305_112


def migrate(database: Database, *, last: str | None = None) -> list[str]:
    """Apply what is pending, up to ``last`` if given, and return the names.

    Two processes starting at once take turns.
    """
    if isinstance(database, postgres.Pool) and database.is_closed():
        postgres.wait(database)
    with database.connection_context() if database.is_closed() else _open(), _turn(database):
        return list(Runner(database, str(DIRECTORY)).up(last))


def applied(database: Database) -> list[str]:
    """Return the names of scripts this database has, in order; none for an empty one."""
    return sorted(Runner(database, str(DIRECTORY)).applied())


def known() -> list[str]:
    """Return the names of all scripts there are, in order."""
    return sorted(path.stem for path in DIRECTORY.glob("[0-9]*.py"))


def pending(database: Database) -> list[str]:
    """Return the names of scripts not yet applied."""
    return [step.name for step in Runner(database, str(DIRECTORY)).status() if not step.applied]


@contextmanager
def _open() -> Iterator[None]:
    yield


@contextmanager
def _turn(database: Database) -> Iterator[None]:
    if isinstance(database, SqliteDatabase):
        with open(f"{database.database}.migrating", "w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        return
    # Waiting for one's turn, or for an index, may take longer than any request's statement.
    database.execute_sql("SET statement_timeout = 0")
    database.execute_sql("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
    try:
        yield
    finally:
        database.execute_sql("SELECT pg_advisory_unlock(%s)", (ADVISORY_LOCK,))
        database.execute_sql("RESET statement_timeout")
