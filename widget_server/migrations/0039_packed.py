"""The index suggestions are found with, packed: a row for a term and many documents, not for each.

It is built anew from articles and solved tickets.
"""

from peewee import SqliteDatabase

from widget_server.clock import stamp

TABLES = """
DROP TABLE retrieval_posting;
DROP TABLE retrieval_term;
DROP TABLE retrieval_document;
DELETE FROM retrieval_shelf;
CREATE TABLE retrieval_document (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, shelf INTEGER NOT NULL,
  number INTEGER NOT NULL, ref TEXT NOT NULL, locale TEXT NOT NULL, links TEXT NOT NULL,
  terms {bytes} NOT NULL, words INTEGER NOT NULL, pieces INTEGER NOT NULL,
  concepts INTEGER NOT NULL, PRIMARY KEY (site_id, shelf, number)){compact};
CREATE UNIQUE INDEX retrieval_document_ref ON retrieval_document (site_id, shelf, ref);
CREATE TABLE retrieval_term (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, shelf INTEGER NOT NULL,
  id INTEGER NOT NULL, term TEXT NOT NULL, documents INTEGER NOT NULL,
  PRIMARY KEY (site_id, shelf, id)){compact};
CREATE UNIQUE INDEX retrieval_term_term ON retrieval_term (site_id, shelf, term);
CREATE TABLE retrieval_posting (
  site_id {integer} NOT NULL, shelf INTEGER NOT NULL, term_id INTEGER NOT NULL,
  span INTEGER NOT NULL, packed {bytes} NOT NULL,
  PRIMARY KEY (site_id, shelf, term_id, span)){compact}
"""


def up(migrator, db):
    lite = isinstance(db, SqliteDatabase)
    text = TABLES.format(
        integer="INTEGER" if lite else "BIGINT",
        bytes="BLOB" if lite else "BYTEA",
        compact=" WITHOUT ROWID" if lite else "",
    )
    for statement in text.split(";"):
        db.execute_sql(statement)
    now = stamp()
    db.execute_sql(
        "INSERT INTO job (kind, payload, run_at, attempts, created_at) SELECT"
        " 'assistant.rebuild', '{\"site_id\": ' || id || '}',"
        f" '{now}', 0, '{now}' FROM site"
    )
