"""Sites that are put away, their uploaded logos, and what retention goes by."""

from peewee import SqliteDatabase

TABLES = """
ALTER TABLE site ADD COLUMN archived_at TEXT;
CREATE TABLE site_logo (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, digest TEXT NOT NULL,
  picture TEXT NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (site_id, digest));
CREATE INDEX site_logo_old ON site_logo (created_at);
ALTER TABLE ticket ADD COLUMN emptied_at TEXT;
CREATE INDEX ticket_closed ON ticket (site_id, completed_at, id)
  WHERE completed_at IS NOT NULL AND (emptied_at IS NULL OR emptied_at < completed_at);
CREATE INDEX ticket_emptied ON ticket (site_id, completed_at, id)
  WHERE emptied_at IS NOT NULL;
CREATE INDEX attachment_kept ON attachment (site_id, created_at, id) WHERE ticket_id IS NOT NULL;
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
