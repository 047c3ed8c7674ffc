"""Until when an answer was promised, and how the promises were kept."""

from peewee import SqliteDatabase

TABLES = """
ALTER TABLE ticket ADD COLUMN due_at TEXT;
ALTER TABLE ticket ADD COLUMN due_told TEXT;
CREATE INDEX ticket_due ON ticket (due_at, id) WHERE due_at IS NOT NULL;
CREATE TABLE promise (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, day TEXT NOT NULL,
  kept INTEGER NOT NULL DEFAULT 0, broken INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (site_id, day));
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
