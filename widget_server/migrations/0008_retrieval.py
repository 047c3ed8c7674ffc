"""The index suggestions are found with, and what became of them."""

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE retrieval_document (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, shelf INTEGER NOT NULL,
  number INTEGER NOT NULL, ref TEXT NOT NULL, locale TEXT NOT NULL, links TEXT NOT NULL,
  terms {bytes} NOT NULL, words INTEGER NOT NULL, pieces INTEGER NOT NULL,
  concepts INTEGER NOT NULL, PRIMARY KEY (site_id, shelf, number));
CREATE UNIQUE INDEX retrieval_document_ref ON retrieval_document (site_id, shelf, ref);
CREATE TABLE retrieval_shelf (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, shelf INTEGER NOT NULL,
  last INTEGER NOT NULL, last_term INTEGER NOT NULL, documents INTEGER NOT NULL,
  words BIGINT NOT NULL, pieces BIGINT NOT NULL, concepts BIGINT NOT NULL,
  PRIMARY KEY (site_id, shelf));
CREATE TABLE retrieval_term (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, shelf INTEGER NOT NULL,
  term TEXT NOT NULL, id INTEGER NOT NULL, documents INTEGER NOT NULL,
  PRIMARY KEY (site_id, shelf, term)){compact};
CREATE TABLE retrieval_posting (
  site_id {integer} NOT NULL, shelf INTEGER NOT NULL, term_id INTEGER NOT NULL,
  number INTEGER NOT NULL, weight INTEGER NOT NULL,
  PRIMARY KEY (site_id, shelf, term_id, number)){compact};
CREATE TABLE suggestion_showing (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, id TEXT NOT NULL,
  visitor TEXT NOT NULL, category_id TEXT, question TEXT NOT NULL, shown TEXT NOT NULL,
  outcome TEXT, article_id TEXT, ticket_id TEXT, at TEXT NOT NULL,
  PRIMARY KEY (site_id, id));
CREATE INDEX suggestion_showing_at ON suggestion_showing (site_id, at);
CREATE INDEX suggestion_showing_visitor ON suggestion_showing (site_id, visitor, at);
CREATE INDEX suggestion_showing_ticket ON suggestion_showing (site_id, ticket_id)
  WHERE ticket_id IS NOT NULL;
"""


def up(migrator, db):
    lite = isinstance(db, SqliteDatabase)
    text = TABLES.format(
        integer="INTEGER" if lite else "BIGINT",
        bytes="BLOB" if lite else "BYTEA",
        compact=" WITHOUT ROWID" if lite else "",
    )
    for statement in text.split(";"):
        if statement.strip():
            db.execute_sql(statement)
