"""Proofs of work, each good for one request."""

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE used_proof (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, challenge TEXT NOT NULL,
  expires_at TEXT NOT NULL, PRIMARY KEY (site_id, challenge));
CREATE INDEX used_proof_expiry ON used_proof (expires_at);
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
