"""Tags and priority of tickets: for agents only."""

from peewee import SqliteDatabase

TABLES = """
ALTER TABLE ticket ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE ticket ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
CREATE INDEX ticket_priority ON ticket (priority, updated_at, id) WHERE priority <> 'normal';
CREATE TABLE tag (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, name TEXT NOT NULL,
  created_at TEXT NOT NULL, PRIMARY KEY (site_id, name));
CREATE TABLE ticket_tag (
  site_id {integer} NOT NULL, ticket_id TEXT NOT NULL, tag TEXT NOT NULL,
  PRIMARY KEY (site_id, ticket_id, tag),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX ticket_tag_found ON ticket_tag (tag, ticket_id);
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
