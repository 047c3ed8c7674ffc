"""The agents' desk: drafts, replies on their way and saved, views, presence, mentions, sleep."""

from peewee import SqliteDatabase

TABLES = """
ALTER TABLE ticket ADD COLUMN snoozed_until TEXT;
ALTER TABLE ticket ADD COLUMN merged_into TEXT;
CREATE INDEX ticket_snoozed ON ticket (snoozed_until, id) WHERE snoozed_until IS NOT NULL;
CREATE TABLE draft (
  site_id {integer} NOT NULL, ticket_id TEXT NOT NULL, agent_id {integer} NOT NULL,
  body TEXT NOT NULL, kind TEXT NOT NULL, saved_at TEXT NOT NULL,
  PRIMARY KEY (site_id, ticket_id, agent_id),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE TABLE sending (
  site_id {integer} NOT NULL, ticket_id TEXT NOT NULL, agent_id {integer} NOT NULL,
  id TEXT NOT NULL, agent_name TEXT NOT NULL, body TEXT NOT NULL, files TEXT NOT NULL,
  written_at TEXT NOT NULL, due_at TEXT NOT NULL,
  PRIMARY KEY (site_id, ticket_id, agent_id),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE TABLE presence (
  site_id {integer} NOT NULL, ticket_id TEXT NOT NULL, agent_id {integer} NOT NULL,
  writing INTEGER NOT NULL, seen_at TEXT NOT NULL,
  PRIMARY KEY (site_id, ticket_id, agent_id),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX presence_old ON presence (seen_at);
CREATE TABLE mention (
  site_id {integer} NOT NULL, ticket_id TEXT NOT NULL, agent_id {integer} NOT NULL,
  at TEXT NOT NULL, seen_at TEXT,
  PRIMARY KEY (site_id, ticket_id, agent_id),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX mention_agent ON mention (agent_id, at);
CREATE TABLE saved_reply (
  id TEXT PRIMARY KEY, site_id {integer} REFERENCES site (id) ON DELETE CASCADE,
  name TEXT NOT NULL, body TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE saved_view (
  id TEXT PRIMARY KEY, agent_id {integer} NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,
  created_at TEXT NOT NULL);
CREATE INDEX saved_view_agent ON saved_view (agent_id, created_at);
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
