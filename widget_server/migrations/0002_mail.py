"""Outgoing and incoming mail, mailed links, and what a reply by mail brings along."""

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE mail (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, id TEXT NOT NULL,
  ticket_id TEXT, kind TEXT NOT NULL, recipient TEXT NOT NULL, recipient_name TEXT,
  audience TEXT NOT NULL, locale TEXT NOT NULL, about TEXT NOT NULL, once TEXT NOT NULL,
  state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, error TEXT, created_at TEXT NOT NULL,
  handed_at TEXT, sent_at TEXT, failed_at TEXT, text TEXT,
  PRIMARY KEY (site_id, id), UNIQUE (site_id, once),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX mail_ticket ON mail (site_id, ticket_id, created_at);
CREATE INDEX mail_failed ON mail (failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX mail_created ON mail (created_at);
CREATE TABLE incoming (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, id TEXT NOT NULL,
  fingerprint TEXT NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL, reason TEXT,
  ticket_id TEXT, message_id TEXT, sender TEXT NOT NULL, sender_name TEXT NOT NULL,
  subject TEXT NOT NULL, excerpt TEXT NOT NULL, size {integer} NOT NULL, waiting_at TEXT,
  raw_at TEXT, received_at TEXT NOT NULL, decided_at TEXT, decided_by TEXT,
  PRIMARY KEY (site_id, id), UNIQUE (site_id, fingerprint),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX incoming_waiting ON incoming (waiting_at) WHERE waiting_at IS NOT NULL;
CREATE INDEX incoming_ticket ON incoming (site_id, ticket_id);
CREATE INDEX incoming_raw ON incoming (raw_at) WHERE raw_at IS NOT NULL;
CREATE TABLE mail_link (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, id TEXT NOT NULL,
  purpose TEXT NOT NULL, token TEXT, email TEXT NOT NULL, code TEXT,
  tries INTEGER NOT NULL DEFAULT 0, requester_id TEXT, ticket_id TEXT, locale TEXT,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL, used_at TEXT, PRIMARY KEY (site_id, id));
CREATE INDEX mail_link_address ON mail_link (site_id, email, created_at);
CREATE INDEX mail_link_token ON mail_link (token) WHERE token IS NOT NULL;
CREATE INDEX mail_link_expiry ON mail_link (expires_at);
CREATE TABLE unreachable (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, email TEXT NOT NULL,
  reason TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (site_id, email));
CREATE TABLE mailbox (
  name TEXT PRIMARY KEY, validity {integer} NOT NULL, last_uid {integer} NOT NULL,
  looked_at TEXT, error TEXT);
ALTER TABLE message ADD COLUMN quoted TEXT;
ALTER TABLE message ADD COLUMN via TEXT;
ALTER TABLE ticket ADD COLUMN held_at TEXT;
ALTER TABLE agent ADD COLUMN mailed TEXT NOT NULL DEFAULT 'all';
CREATE INDEX ticket_address ON ticket (site_id, email);
CREATE UNIQUE INDEX requester_proven ON requester (site_id, email)
  WHERE sub IS NULL AND email_verified_at IS NOT NULL;
CREATE INDEX requester_address ON requester (site_id, email) WHERE email IS NOT NULL;
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
