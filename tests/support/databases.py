"""A migrated, empty database for each test, made once and copied or emptied after that."""

import shutil
from pathlib import Path

import psycopg

from widget_server import database, migrations

#: Where the migrations that were applied are listed; emptying it would apply them again.
HISTORY = "schema_migration"

#: Rows above which a table's indexes have grown, which deleting does not undo.
FEW = 100

#: As in a new table: what the planner would take it for, and where numbers begin.
FORGET = "UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE oid = ANY(%s::regclass[])"
RESTART = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""


class SqliteSupply:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        # Not bound: it may be made while a test has another database open.
        made = database.at(f"sqlite:///{self._template}")
        migrations.migrate(made)
        made.close_all()

    def fresh(self, folder: Path) -> str:
        path = folder / "test.db"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"


class PostgresSupply:
    """One migrated database, emptied before each test."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._url = self.create("ventanilla_test")
        made = database.at(self._url)
        migrations.migrate(made)
        self._tables = [f'"{name}"' for name in made.get_tables() if name != HISTORY]
        made.close_all()

    def create(self, name: str) -> str:
        """Make an empty, unmigrated database and return its URL."""
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        return f"{self.server}/{name}"

    def fresh(self) -> str:
        # TRUNCATE makes every table and index a new file, of which there are hundreds. Like it, this
        # waits for whoever of the last test is still writing.
        lock = f"LOCK {', '.join(self._tables)} IN EXCLUSIVE MODE"
        deletions = [f"DELETE FROM {name}" for name in self._tables]
        with psycopg.connect(self._url, autocommit=True) as inside:
            inside.execute("SET session_replication_role = replica")  # no order among the tables
            answers = inside.execute("; ".join([lock, *deletions])).results()
            _, *counts = [answer.rowcount for answer in answers]
            gone = dict(zip(self._tables, counts, strict=True))
            emptied = [name for name, rows in gone.items() if rows]
            grown = [name for name, rows in gone.items() if rows > FEW]
            if grown:
                inside.execute(f"TRUNCATE {', '.join(grown)} CASCADE")
            if emptied:
                inside.execute(f"VACUUM {', '.join(emptied)}")
                inside.execute(FORGET, [emptied])
            inside.execute(RESTART)
        return self._url


def disconnect() -> None:
    """Close what the code under test has open, so that nothing of one test holds a lock."""
    bound = database.db.obj
    if bound is None:
        return
    if hasattr(bound, "close_all"):
        bound.close_all()
    elif not bound.is_closed():
        bound.close()
