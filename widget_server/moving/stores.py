"""A database as tables of rows, the same for SQLite and PostgreSQL.

What the tables are is read from the catalogue, so that a table added tomorrow is moved too.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from .errors import CannotMove

#: Not moved: what each database knows of itself, and what is made anew from the rest.
HISTORY, SEARCH, PROGRESS = "schema_migration", "ticket_search", "moving_progress"
LEFT_OUT = {HISTORY, SEARCH, PROGRESS}

#: Rows read and written in one go.
BATCH = 500

Row = tuple[Any, ...]


class Table(NamedTuple):
    """A table's name, all its columns, and those of its primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


class Store(Protocol):
    """One connection. Reads between :meth:`freeze` and :meth:`commit` see one moment."""

    engine: str

    def freeze(self) -> None:
        """Begin to read: from now on all reads see this moment, whoever writes meanwhile."""

    def begin(self) -> None: ...
    def commit(self) -> None: ...

    def run(self, sql: str, *params: Any) -> list[Row]:
        """Run a statement written with ``?`` and return its rows."""

    def has(self, table: str) -> bool: ...

    def tables(self) -> list[Table]:
        """Return the tables, those that others refer to first."""

    def rows(self, table: Table, *, after: Sequence[Any] | None = None) -> Iterator[list[Row]]:
        """Yield all rows in the order of their key, in batches; only those past ``after``."""

    def add(self, table: Table, rows: Iterable[Row]) -> None: ...

    def set_sequences(self) -> None:
        """Let numbers given by the database go on after the highest that is there."""

    def close(self) -> None: ...


def open_store(url: str) -> Store:
    """Return the database at ``url``, as settings write it."""
    if url.startswith("sqlite:"):
        return SqliteStore(url.removeprefix("sqlite:///"))
    return PostgresStore(url)


def _select(table: Table, marks: str, order: Sequence[str], after: Sequence[Any] | None) -> str:
    columns = ", ".join(f'"{name}"' for name in table.columns)
    key = ", ".join(order)
    past = f" WHERE ({key}) > ({marks})" if after is not None else ""
    return f'SELECT {columns} FROM "{table.name}"{past} ORDER BY {key}'


def _insert(table: Table, mark: str) -> str:
    columns = ", ".join(f'"{name}"' for name in table.columns)
    marks = ", ".join([mark] * len(table.columns))
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'


def _parents_first(tables: dict[str, Table], refers: Iterable[tuple[str, str]]) -> list[Table]:
    waits: dict[str, set[str]] = {name: set() for name in tables}
    for child, parent in refers:
        if child in waits and parent in waits and child != parent:
            waits[child].add(parent)
    order: list[Table] = []
    while waits:
        free = sorted(name for name, parents in waits.items() if not parents)
        if not free:
            raise RuntimeError(f"These tables refer to each other in a circle: {sorted(waits)}")
        order += [tables[name] for name in free]
        waits = {name: parents - set(free) for name, parents in waits.items() if name not in free}
    return order


class SqliteStore:
    """An SQLite file. In WAL mode a long read keeps nobody from writing."""

    engine = "sqlite"

    def __init__(self, path: str) -> None:
        if not Path(path).exists():
            raise CannotMove(f"There is no database at {path}.")
        self._db = sqlite3.connect(path, isolation_level=None, timeout=20)
        self._db.execute("PRAGMA synchronous = FULL")

    def freeze(self) -> None:
        self._db.execute("BEGIN")
        self._db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()

    def begin(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._db.execute("COMMIT")

    def run(self, sql: str, *params: Any) -> list[Row]:
        return self._db.execute(sql, params).fetchall()

    def has(self, table: str) -> bool:
        return bool(self.run("SELECT 1 FROM sqlite_master WHERE name = ?", table))

    def tables(self) -> list[Table]:
        names = self.run(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        )
        found, refers = {}, []
        for (name,) in names:
            if name in LEFT_OUT or name.startswith("sqlite_"):
                continue
            columns = self.run("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", name)
            key = sorted((place, column) for column, place in columns if place)
            found[name] = Table(name, tuple(row[0] for row in columns), tuple(k for _, k in key))
            parents = self.run('SELECT "table" FROM pragma_foreign_key_list(?)', name)
            refers += [(name, parent) for (parent,) in parents]
        return _parents_first(found, refers)

    def rows(self, table: Table, *, after: Sequence[Any] | None = None) -> Iterator[list[Row]]:
        order = [f'"{name}"' for name in table.key]
        text = _select(table, ", ".join("?" * len(order)), order, after)
        with closing(self._db.execute(text, tuple(after or ()))) as cursor:
            while batch := cursor.fetchmany(BATCH):
                yield batch

    def add(self, table: Table, rows: Iterable[Row]) -> None:
        self._db.executemany(_insert(table, "?"), rows)

    def set_sequences(self) -> None:
        pass  # AUTOINCREMENT follows what is inserted.

    def close(self) -> None:
        self._db.close()


class PostgresStore:
    """A PostgreSQL database; reads see a snapshot by REPEATABLE READ."""

    engine = "postgresql"

    def __init__(self, url: str) -> None:
        import psycopg

        self._db = psycopg.connect(url, autocommit=True)
        self._texts: dict[str, set[str]] = {}

    def freeze(self) -> None:
        self._db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self._db.execute("SELECT 1")

    def begin(self) -> None:
        self._db.execute("BEGIN")

    def commit(self) -> None:
        self._db.execute("COMMIT")

    def run(self, sql: str, *params: Any) -> list[Row]:
        cursor = self._db.execute(sql.replace("?", "%s"), params)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []

    def has(self, table: str) -> bool:
        return self.run("SELECT to_regclass(?) IS NOT NULL", table) == [(True,)]

    def tables(self) -> list[Table]:
        columns: dict[str, list[str]] = {}
        for name, column, kind in self.run(
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE table_schema = current_schema() AND t.table_type = 'BASE TABLE'"
            " ORDER BY c.table_name, c.ordinal_position"
        ):
            columns.setdefault(name, []).append(column)
            if kind == "text":
                self._texts.setdefault(name, set()).add(column)
        keys: dict[str, list[str]] = {}
        for name, column in self.run(
            "SELECT k.table_name, k.column_name FROM information_schema.table_constraints t"
            " JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)"
            " WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_schema = current_schema()"
            " ORDER BY k.table_name, k.ordinal_position"
        ):
            keys.setdefault(name, []).append(column)
        found = {
            name: Table(name, tuple(columns[name]), tuple(keys[name]))
            for name in columns
            if name not in LEFT_OUT
        }
        refers = self.run(
            "SELECT DISTINCT child.relname, parent.relname FROM pg_constraint c"
            " JOIN pg_class child ON child.oid = c.conrelid"
            " JOIN pg_class parent ON parent.oid = c.confrelid WHERE c.contype = 'f'"
        )
        return _parents_first(found, refers)

    def rows(self, table: Table, *, after: Sequence[Any] | None = None) -> Iterator[list[Row]]:
        texts = self._texts.get(table.name, set())
        order = [f'"{name}"' + ' COLLATE "C"' * (name in texts) for name in table.key]
        text = _select(table, ", ".join(["%s"] * len(order)), order, after)
        with self._db.cursor(name="moving") as cursor:
            cursor.execute(text, tuple(after or ()))  # type: ignore[arg-type]
            while batch := cursor.fetchmany(BATCH):
                yield batch

    def add(self, table: Table, rows: Iterable[Row]) -> None:
        with self._db.cursor() as cursor:
            cursor.executemany(_insert(table, "%s"), list(rows))  # type: ignore[arg-type]

    def set_sequences(self) -> None:
        for table, column in self.run(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND is_identity = 'YES'"
        ):
            if table in LEFT_OUT:
                continue
            self.run(
                "SELECT setval(pg_get_serial_sequence(?, ?), coalesce(max(found), 1),"
                f' max(found) IS NOT NULL) FROM (SELECT max("{column}") found FROM "{table}") made',
                f'"{table}"', column,
            )  # fmt: skip

    def close(self) -> None:
        self._db.close()
