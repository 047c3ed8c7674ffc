"""Figures by site and local day, the indexes they are counted with, and how it went."""

from peewee import SqliteDatabase

COUNTED = """
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, day TEXT NOT NULL,
  opened INTEGER NOT NULL, closed INTEGER NOT NULL, reopened INTEGER NOT NULL,
  gone INTEGER NOT NULL, shown INTEGER NOT NULL, solved INTEGER NOT NULL,
  confirmed INTEGER NOT NULL, pleased INTEGER NOT NULL, displeased INTEGER NOT NULL,
  waits TEXT NOT NULL, hours TEXT NOT NULL, categories TEXT NOT NULL,
  PRIMARY KEY (site_id, day)"""

TABLES = """
CREATE TABLE figure_day ({counted});
CREATE TABLE figure_erased ({counted});
CREATE TABLE figure_stale (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, day TEXT NOT NULL,
  mark TEXT NOT NULL, PRIMARY KEY (site_id, day));
CREATE TABLE rating (
  site_id {integer} NOT NULL, ticket_id TEXT NOT NULL, good INTEGER NOT NULL,
  comment TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (site_id, ticket_id),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX rating_at ON rating (site_id, at);
CREATE TABLE figure_progress (
  site_id {integer} PRIMARY KEY REFERENCES site (id) ON DELETE CASCADE, zone TEXT NOT NULL,
  next_day TEXT NOT NULL);
CREATE INDEX ticket_opened ON ticket (site_id, opened_at);
CREATE INDEX ticket_answered ON ticket (site_id, answered_at) WHERE answered_at IS NOT NULL;
CREATE INDEX event_turn ON event (site_id, at) WHERE kind IN ('closed', 'reopened');
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    script = TABLES.replace("{counted}", COUNTED).format(integer=integer)
    for statement in script.split(";"):
        if statement.strip():
            db.execute_sql(statement)
