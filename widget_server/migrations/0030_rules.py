"""Rules: what the desk does by itself, and what it did."""

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE rule (
  id TEXT PRIMARY KEY, place {integer} NOT NULL, name TEXT NOT NULL, occasion TEXT NOT NULL,
  match TEXT NOT NULL, conditions TEXT NOT NULL, acts TEXT NOT NULL, enabled_at TEXT,
  created_at TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE INDEX rule_enabled ON rule (occasion, place) WHERE enabled_at IS NOT NULL;
CREATE TABLE rule_run (
  site_id {integer} NOT NULL, ticket_id TEXT NOT NULL, event TEXT NOT NULL, rule_id TEXT NOT NULL,
  replied INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL,
  PRIMARY KEY (site_id, ticket_id, event, rule_id),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX rule_run_of ON rule_run (rule_id, at);
CREATE INDEX rule_run_old ON rule_run (at);
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
