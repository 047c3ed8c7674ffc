"""Help articles, the addresses they had before, and what readers made of them."""

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE article (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, id TEXT NOT NULL,
  topic TEXT NOT NULL, locale TEXT NOT NULL, slug TEXT NOT NULL, title TEXT NOT NULL,
  body TEXT NOT NULL, tags TEXT NOT NULL, category_id TEXT, ticket_id TEXT, message_id TEXT,
  author TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, published_at TEXT,
  removed_at TEXT, helpful INTEGER NOT NULL DEFAULT 0, unhelpful INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, category_id) REFERENCES category (site_id, id));
CREATE UNIQUE INDEX article_slug ON article (site_id, locale, slug) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX article_topic ON article (site_id, topic, locale) WHERE removed_at IS NULL;
CREATE INDEX article_recent ON article (site_id, updated_at, id) WHERE removed_at IS NULL;
CREATE INDEX article_shelf ON article (site_id, locale, category_id, title, id)
  WHERE published_at IS NOT NULL;
CREATE INDEX article_ticket ON article (site_id, ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX article_removed ON article (removed_at) WHERE removed_at IS NOT NULL;
CREATE TABLE article_address (
  site_id {integer} NOT NULL, locale TEXT NOT NULL, slug TEXT NOT NULL, article_id TEXT NOT NULL,
  PRIMARY KEY (site_id, locale, slug),
  FOREIGN KEY (site_id, article_id) REFERENCES article (site_id, id) ON DELETE CASCADE);
CREATE INDEX article_address_of ON article_address (site_id, article_id);
CREATE TABLE article_vote (
  site_id {integer} NOT NULL, article_id TEXT NOT NULL, voter TEXT NOT NULL,
  helpful INTEGER NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (site_id, article_id, voter),
  FOREIGN KEY (site_id, article_id) REFERENCES article (site_id, id) ON DELETE CASCADE);
CREATE INDEX article_vote_voter ON article_vote (site_id, voter);
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
