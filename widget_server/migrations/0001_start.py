"""The first tables. Every table of a site's data leads its keys with ``site_id``."""

from peewee import SqliteDatabase

GLOBAL = """
CREATE TABLE site (
  id {serial}, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, origins TEXT NOT NULL,
  settings TEXT NOT NULL, created_at TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE agent (
  id {serial}, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password_hash TEXT NOT NULL,
  role TEXT NOT NULL, locale TEXT NOT NULL, created_at TEXT NOT NULL, disabled_at TEXT);
CREATE TABLE agent_session (
  id TEXT PRIMARY KEY, agent_id {integer} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  created_at TEXT NOT NULL, seen_at TEXT NOT NULL, expires_at TEXT NOT NULL,
  address TEXT NOT NULL, browser TEXT NOT NULL);
CREATE INDEX agent_session_agent ON agent_session (agent_id);
CREATE TABLE job (
  id {serial}, kind TEXT NOT NULL, payload TEXT NOT NULL, run_at TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, lease_until TEXT, lease_owner TEXT, dead_at TEXT,
  last_error TEXT, unique_key TEXT UNIQUE, created_at TEXT NOT NULL);
CREATE INDEX job_due ON job (run_at) WHERE dead_at IS NULL;
"""

PER_SITE = """
CREATE TABLE site_key (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, kid TEXT NOT NULL,
  secret TEXT NOT NULL, created_at TEXT NOT NULL, retired_at TEXT, PRIMARY KEY (site_id, kid));
CREATE TABLE counter (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, name TEXT NOT NULL,
  value {integer} NOT NULL, PRIMARY KEY (site_id, name));
CREATE TABLE category (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, id TEXT NOT NULL,
  position INTEGER NOT NULL, icon TEXT NOT NULL, name TEXT NOT NULL, hint TEXT NOT NULL,
  notice TEXT, fields TEXT NOT NULL, retired_at TEXT, PRIMARY KEY (site_id, id));
CREATE TABLE requester (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, id TEXT NOT NULL, sub TEXT,
  email TEXT, email_verified_at TEXT, name TEXT, locale TEXT, created_at TEXT NOT NULL,
  seen_at TEXT NOT NULL, cursor {integer} NOT NULL DEFAULT 0, opened {integer} NOT NULL DEFAULT 0,
  PRIMARY KEY (site_id, id), UNIQUE (site_id, sub));
CREATE INDEX requester_email ON requester (site_id, email);
CREATE INDEX requester_guest ON requester (seen_at) WHERE sub IS NULL AND opened = 0;
CREATE TABLE session (
  site_id {integer} NOT NULL, id TEXT NOT NULL, requester_id TEXT NOT NULL, origin TEXT NOT NULL,
  created_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT, PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, requester_id) REFERENCES requester (site_id, id) ON DELETE CASCADE);
CREATE INDEX session_requester ON session (site_id, requester_id);
CREATE INDEX session_expired ON session (expires_at);
CREATE TABLE used_token (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, jti TEXT NOT NULL,
  expires_at TEXT NOT NULL, PRIMARY KEY (site_id, jti));
CREATE INDEX used_token_expired ON used_token (expires_at);
CREATE TABLE idempotency (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, scope TEXT NOT NULL,
  key TEXT NOT NULL, fingerprint TEXT NOT NULL, answer TEXT NOT NULL, created_at TEXT NOT NULL,
  PRIMARY KEY (site_id, scope, key));
CREATE INDEX idempotency_old ON idempotency (created_at);
CREATE TABLE ticket (
  site_id {integer} NOT NULL, id TEXT NOT NULL, number {integer} NOT NULL,
  requester_id TEXT NOT NULL, category_id TEXT, title TEXT NOT NULL, state TEXT NOT NULL,
  progress INTEGER NOT NULL DEFAULT 0, progress_before INTEGER, checklist TEXT NOT NULL,
  assignee_id {integer} REFERENCES agent (id) ON DELETE SET NULL, locale TEXT NOT NULL,
  email TEXT, notify INTEGER NOT NULL DEFAULT 1, context TEXT, fields TEXT NOT NULL,
  opened_at TEXT NOT NULL, updated_at TEXT NOT NULL, waiting_since TEXT, answered_at TEXT,
  completed_at TEXT, unread_since TEXT, agent_unread_since TEXT,
  cursor {integer} NOT NULL DEFAULT 0,
  PRIMARY KEY (site_id, id), UNIQUE (site_id, number),
  FOREIGN KEY (site_id, requester_id) REFERENCES requester (site_id, id) ON DELETE CASCADE,
  FOREIGN KEY (site_id, category_id) REFERENCES category (site_id, id));
CREATE INDEX ticket_mine ON ticket (site_id, requester_id, updated_at, id);
CREATE INDEX ticket_mine_state ON ticket (site_id, requester_id, state, updated_at, id);
CREATE INDEX ticket_changes ON ticket (site_id, requester_id, cursor);
CREATE INDEX ticket_unread ON ticket (site_id, requester_id) WHERE unread_since IS NOT NULL;
CREATE INDEX ticket_inbox ON ticket (updated_at, id);
CREATE INDEX ticket_inbox_state ON ticket (state, updated_at, id);
CREATE INDEX ticket_inbox_assignee ON ticket (assignee_id, updated_at, id);
CREATE INDEX ticket_inbox_site ON ticket (site_id, updated_at, id);
CREATE INDEX ticket_open ON ticket (state, assignee_id) WHERE completed_at IS NULL;
CREATE TABLE message (
  site_id {integer} NOT NULL, id TEXT NOT NULL, ticket_id TEXT NOT NULL, author TEXT NOT NULL,
  author_id TEXT NOT NULL, author_name TEXT NOT NULL, body TEXT NOT NULL,
  internal_at TEXT, sent_at TEXT NOT NULL, PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX message_thread ON message (site_id, ticket_id, sent_at, id);
CREATE TABLE event (
  site_id {integer} NOT NULL, id TEXT NOT NULL, ticket_id TEXT NOT NULL, kind TEXT NOT NULL,
  actor TEXT NOT NULL, actor_id TEXT NOT NULL, actor_name TEXT NOT NULL, data TEXT NOT NULL,
  internal_at TEXT, at TEXT NOT NULL, PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX event_thread ON event (site_id, ticket_id, at, id);
CREATE TABLE attachment (
  site_id {integer} NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL, ticket_id TEXT,
  message_id TEXT, name TEXT NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL,
  size {integer} NOT NULL, sha256 TEXT NOT NULL, preview_at TEXT, created_at TEXT NOT NULL,
  PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE,
  FOREIGN KEY (site_id, message_id) REFERENCES message (site_id, id) ON DELETE CASCADE);
CREATE INDEX attachment_ticket ON attachment (site_id, ticket_id);
CREATE INDEX attachment_message ON attachment (site_id, message_id);
CREATE INDEX attachment_orphan ON attachment (created_at) WHERE ticket_id IS NULL;
"""

SEARCH_SQLITE = """
CREATE VIRTUAL TABLE ticket_search USING fts5(
  site_id UNINDEXED, ticket_id UNINDEXED, text,
  tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
"""

SEARCH_POSTGRESQL = """

CREATE TABLE ticket_search (
  site_id BIGINT NOT NULL, id BIGINT GENERATED ALWAYS AS IDENTITY, ticket_id TEXT NOT NULL,
  words TSVECTOR NOT NULL, PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX ticket_search_words ON ticket_search USING gin (words);
CREATE INDEX ticket_search_ticket ON ticket_search (site_id, ticket_id);
"""


def up(migrator, db):
    sqlite = isinstance(db, SqliteDatabase)
    types = {
        "serial": "INTEGER PRIMARY KEY AUTOINCREMENT"
        if sqlite
        else "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        "integer": "INTEGER" if sqlite else "BIGINT",
    }
    for script in (GLOBAL, PER_SITE, SEARCH_SQLITE if sqlite else SEARCH_POSTGRESQL):
        for statement in script.format(**types).split(";"):
            if statement.strip():
                db.execute_sql(statement)
