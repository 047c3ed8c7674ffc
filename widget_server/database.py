"""The connection: SQLite in one file, or PostgreSQL, behind the same few functions.

SQLite connections stay open per thread (opening one costs more than most queries);
PostgreSQL connections come from peewee's pool and go back after each request.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from peewee import Database, DatabaseProxy, SqliteDatabase, TextField
from peewee import Model as PeeweeModel

db = DatabaseProxy()
_local = threading.local()

#: FULL: what was answered with 2xx is on disk, also after a power cut.
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "cache_size": -16_000,
    "mmap_size": 268_435_456,
    "temp_store": "memory",
}

#: Seconds a writer waits for another before "database is locked".
SQLITE_TIMEOUT = 20

POOL_SIZE = 20


def connect(url: str) -> Database:
    """Bind ``db`` to the database at ``url`` and return it. Nothing is opened yet."""
    if url.startswith("sqlite:"):
        path = url.removeprefix("sqlite:///")
        Path(path).absolute().parent.mkdir(parents=True, exist_ok=True)
        # IMMEDIATE: with the default, two read-then-write transactions fail as locked.
        database: Database = SqliteDatabase(
            path, pragmas=SQLITE_PRAGMAS, timeout=SQLITE_TIMEOUT, lock_type="IMMEDIATE"
        )
    else:
        from playhouse.pool import PooledPostgresqlDatabase

        parts = urlsplit(url)
        database = PooledPostgresqlDatabase(
            url if parts.netloc or parts.query else parts.path.lstrip("/"),
            max_connections=POOL_SIZE,
            stale_timeout=300,
            timeout=SQLITE_TIMEOUT,
            prefer_psycopg3=True,
        )
    db.initialize(database)
    return database


def is_sqlite() -> bool:
    return isinstance(db.obj, SqliteDatabase)


def release() -> None:
    """Give a pooled connection back. SQLite's stays with its thread."""
    if not is_sqlite() and not db.is_closed():
        db.close()


class Model(PeeweeModel):
    class Meta:
        database = db
        legacy_table_names = False


M = TypeVar("M", bound=Model)


class JSONField(TextField):
    """A JSON value kept as text: read and written whole, never queried inside."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


def query(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    """Run a SELECT written with ``?`` and return its rows. For reads too hot to build each time."""
    return list(db.execute_sql(_dialect(sql), params).fetchall())


def fetch(model: type[M], where: str, *params: Any) -> list[M]:
    """Return the rows of ``model`` that satisfy ``where`` (SQL with ``?``), in its order.

    For the reads behind every open panel: peewee builds a query each time, which costs ten times
    what running it does; here only the text of the columns is kept.
    """
    fields = model._meta.sorted_fields
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    names = [field.name for field in fields]
    readers = [(field.name, field.python_value) for field in fields if isinstance(field, JSONField)]
    found = []
    for row in query(f'SELECT {columns} FROM "{model._meta.table_name}" WHERE {where}', *params):
        instance = model(__no_default__=True)
        instance.__data__.update(zip(names, row, strict=True))
        for name, read in readers:
            instance.__data__[name] = read(instance.__data__[name])
        instance._dirty.clear()  # type: ignore[attr-defined]
        found.append(instance)
    return found


def insert(model: type[Model], **values: Any) -> None:
    """Write one row. The statement is built once for each set of columns, see :func:`fetch`."""
    fields = model._meta.fields
    execute(
        _insert_text(model._meta.table_name, tuple(fields[name].column_name for name in values)),
        *(fields[name].db_value(value) for name, value in values.items()),
    )


@lru_cache(maxsize=64)
def _insert_text(table: str, columns: tuple[str, ...]) -> str:
    named = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({named}) VALUES ({", ".join("?" * len(columns))})'


def execute(sql: str, *params: Any) -> Any:
    """Run a statement written with ``?`` and return its cursor."""
    return db.execute_sql(_dialect(sql), params)


def _dialect(sql: str) -> str:
    return sql if is_sqlite() else sql.replace("?", "%s")


@contextmanager
def transaction() -> Iterator[None]:
    """Write everything inside or nothing; then run what :func:`after_commit` was given."""
    if db.in_transaction():
        yield  # Part of the caller's: it is kept or lost as a whole.
        return
    _local.after = []
    with db.atomic():
        yield
    waiting, _local.after = _local.after, []
    for act in waiting:
        act()


def after_commit(act: Callable[[], None]) -> None:
    """Run ``act`` once the current transaction is on disk; at once if there is none."""
    if db.in_transaction():
        _local.after.append(act)
    else:
        act()
