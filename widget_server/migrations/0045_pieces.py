"""Hours of the days that are not over, counted once, and the moments changed since.

The job that counts days fills the one, whatever reaches back into an hour the other; until then
everything is counted when somebody looks, as before.
"""

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE figure_piece (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, since TEXT NOT NULL,
  until TEXT NOT NULL, zone TEXT NOT NULL,
  opened INTEGER NOT NULL, closed INTEGER NOT NULL, reopened INTEGER NOT NULL,
  pleased INTEGER NOT NULL, displeased INTEGER NOT NULL,
  waits TEXT NOT NULL, hours TEXT NOT NULL, categories TEXT NOT NULL,
  PRIMARY KEY (site_id, since));
CREATE TABLE figure_change (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, at TEXT NOT NULL,
  id TEXT NOT NULL, PRIMARY KEY (site_id, at, id));
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
