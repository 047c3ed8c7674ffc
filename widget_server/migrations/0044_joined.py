"""Weeks and months whose days are over, added up: what a year of figures is drawn from.

The job that counts days fills it; until then the days themselves are read.
"""

from peewee import SqliteDatabase


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    db.execute_sql(
        "CREATE TABLE figure_span ("
        f"site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, step TEXT NOT NULL,"
        " first TEXT NOT NULL, waits TEXT NOT NULL, hours TEXT NOT NULL, categories TEXT NOT NULL,"
        " PRIMARY KEY (site_id, step, first))"
    )
