"""A migrated, empty database for each test, made once and copied or emptied after that."""

import shutil
from pathlib import Path

import psycopg

from widget_server import database, migrations

#: Where the migrations that were applied are listed; emptying it would apply them again.
HISTORY = "schema_migration"


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
        self._tables = [name for name in made.get_tables() if name != HISTORY]
        made.close_all()

    def create(self, name: str) -> str:
        """Make an empty, unmigrated database and return its URL."""
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        return f"{self.server}/{name}"

    def fresh(self) -> str:
        tables = ", ".join(f'"{name}"' for name in self._tables)
        with psycopg.connect(self._url, autocommit=True) as inside:
            inside.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
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
