"""The connection: SQLite in one file, or PostgreSQL, behind the same few functions.

Connections come from peewee's pool and go back after each request. The pool hands out the oldest,
so a quiet server uses one, whose cache of pages is warm.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from peewee import (
    Database,
    DatabaseProxy,
    InterfaceError,
    OperationalError,
    SqliteDatabase,
    TextField,
)
from peewee import Model as PeeweeModel
from playhouse.pool import MaxConnectionsExceeded, PooledSqliteDatabase

from . import postgres
from .turns import lent

db = DatabaseProxy()
_local = threading.local()

_witnesses: list[Callable[[], None]] = []

#: SQLite's writers take turns by sleeping and looking again; our own threads need not.
_writer = threading.Lock()

#: FULL: what was answered with 2xx is on disk, also after a power cut.
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "cache_size": -16_000,
    "temp_store": "memory",
}

#: Seconds a writer waits for another before "database is locked".
SQLITE_TIMEOUT = 20

POOL_SIZE = 20


def connect(url: str, *, pool: int = POOL_SIZE, timeout: int = 30) -> Database:
    """Bind ``db`` to the database at ``url`` and return it. Nothing is opened yet.

    ``pool`` and ``timeout`` are PostgreSQL's: connections at most, and seconds a statement may
    take; 0 leaves that to the server.
    """
    database: Database = at(url, pool=pool, timeout=timeout)
    db.initialize(database)
    return database


def at(url: str, *, pool: int = POOL_SIZE, timeout: int = 30) -> Any:
    """Return the pool of the database at ``url``, bound to nothing and not opened yet."""
    if url.startswith("sqlite:"):
        path = url.removeprefix("sqlite:///")
        Path(path).absolute().parent.mkdir(parents=True, exist_ok=True)
        # IMMEDIATE: with the default, two read-then-write transactions fail as locked.
        return PooledSqliteDatabase(
            path,
            max_connections=None,
            check_same_thread=False,
            pragmas=SQLITE_PRAGMAS,
            timeout=SQLITE_TIMEOUT,
            lock_type="IMMEDIATE",
        )
    return postgres.connect(url, pool=pool, timeout=timeout)


def open_as(settings: Mapping[str, Any]) -> Database:
    """Bind ``db`` as the settings want it."""
    return connect(
        settings["DATABASE_URL"],
        pool=settings["DATABASE_POOL"],
        timeout=settings["DATABASE_TIMEOUT"],
    )


def lost() -> Any:
    """Return the exceptions raised when the database is away, or says no for the moment."""
    if is_sqlite():
        return (MaxConnectionsExceeded,)
    return (MaxConnectionsExceeded, OperationalError, InterfaceError, *postgres.errors())


def is_sqlite() -> bool:
    return isinstance(db.obj, SqliteDatabase)


def release() -> None:
    """Give the connection back to the pool."""
    if not db.is_closed():
        db.close()


def insist(act: Callable[[], object], patience: float = 60) -> None:
    """Write something that has to be, as soon as the database can be reached again."""
    deadline = time.monotonic() + patience
    while True:
        release()
        try:
            act()
        except lost():
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


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


Rows = list[tuple[Any, ...]]


def query(sql: str, *params: Any) -> Rows:
    """Run a SELECT written with ``?`` and return its rows. For reads too hot to build each time."""
    return ask(sql, *params)()


def ask(sql: str, *params: Any) -> Callable[[], Rows]:
    """Run a SELECT written with ``?``; return what gives its rows, once. See :func:`together`."""
    cursor = execute(sql, *params)
    return lambda: list(cursor.fetchall())


@contextmanager
def together() -> Iterator[None]:
    """Send what is asked inside in one go; its rows are there after the block.

    PostgreSQL is away by a round trip, which a ticket and its thread need not make seven times.
    Nothing but :func:`ask` and :func:`ask_for` may ask inside.
    """
    with nullcontext() if is_sqlite() else db.obj.connection().pipeline():
        yield


def execute(sql: str, *params: Any) -> Any:
    """Run a statement written with ``?`` and return its cursor; errors are the driver's own."""
    database: Database = db.obj
    return database.connection().execute(_dialect(sql), params)


def _dialect(sql: str) -> str:
    return sql if is_sqlite() else sql.replace("?", "%s")


class Columns(NamedTuple):
    """What is asked of a model again and again."""

    names: list[str]
    sql: str
    json: list[str]


@cache
def _columns(model: type[Model]) -> Columns:
    fields = model._meta.sorted_fields
    return Columns(
        [field.name for field in fields],
        ", ".join(f'"{field.column_name}"' for field in fields),
        [field.name for field in fields if isinstance(field, JSONField)],
    )


def fetch(model: type[M], where: str, *params: Any) -> list[M]:
    """Return the rows of ``model`` that satisfy ``where`` (SQL with ``?``), in its order.

    For the reads behind every open panel: peewee builds a query each time, which costs ten times
    what running it does; here only the text of the columns is kept.
    """
    return ask_for(model, where, *params)()


def ask_for(model: type[M], where: str, *params: Any) -> Callable[[], list[M]]:
    """Do what :func:`fetch` does, in two steps; see :func:`together`."""
    columns = _columns(model).sql
    rows = ask(f'SELECT {columns} FROM "{model._meta.table_name}" WHERE {where}', *params)
    return lambda: _instances(model, rows())


def _instances(model: type[M], rows: Rows) -> list[M]:
    names, _, json_names = _columns(model)
    found = []
    for row in rows:
        instance = model(__no_default__=True)
        data = instance.__data__
        data.update(zip(names, row, strict=True))
        for name in json_names:
            if data[name] is not None:
                data[name] = json.loads(data[name])
        instance._dirty.clear()  # type: ignore[attr-defined]
        found.append(instance)
    return found


def insert(model: type[Model], *, or_ignore: bool = False, **values: Any) -> bool:
    """Write one row; return whether it was, which ``or_ignore`` lets be false for one that exists.

    The statement is built once for each set of columns, see :func:`fetch`.
    """
    text, json_places = _insert_text(model, tuple(values), or_ignore)
    row = list(values.values())
    for place in json_places:
        if row[place] is not None:
            row[place] = json.dumps(row[place], ensure_ascii=False)
    return bool(execute(text, *row).rowcount)


@cache
def _insert_text(
    model: type[Model], names: tuple[str, ...], or_ignore: bool
) -> tuple[str, list[int]]:
    fields = [model._meta.fields[name] for name in names]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join("?" * len(fields))
    text = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks})'
    places = [place for place, field in enumerate(fields) if isinstance(field, JSONField)]
    return f"{text} ON CONFLICT DO NOTHING" if or_ignore else text, places


@contextmanager
def transaction() -> Iterator[None]:
    """Write everything inside or nothing; then run what :func:`after_commit` was given."""
    if db.in_transaction():
        yield  # Part of the caller's: it is kept or lost as a whole.
        return
    _local.after = []
    with _alone() if is_sqlite() else db.atomic():
        yield
        for witness in _witnesses:
            witness()
    waiting, _local.after = _local.after, []
    for act in waiting:
        act()


@contextmanager
def _alone() -> Iterator[None]:
    """A transaction of SQLite's; while it waits for the disk, other requests go on."""
    try:
        with lent() as let_others_on, _writer, db.transaction():
            yield
            let_others_on()
    except OperationalError as error:
        raise _cause(error) from None


def _cause(error: BaseException) -> BaseException:
    """A full disk has SQLite roll back by itself, and peewee fail at it: what came first counts."""
    while "cannot rollback" in str(error) and error.__context__ is not None:
        error = error.__context__
    return error


def before_commit(act: Callable[[], None]) -> Callable[[], None]:
    """Call ``act`` at the end of every transaction from now on; what it writes is part of it."""
    _witnesses.append(act)
    return act


def after_commit(act: Callable[[], None]) -> None:
    """Run ``act`` once the current transaction is on disk; at once if there is none."""
    if db.in_transaction():
        _local.after.append(act)
    else:
        act()
