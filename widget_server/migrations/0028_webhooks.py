"""Outgoing webhooks and what was delivered to them."""

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE webhook (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, id TEXT NOT NULL,
  url TEXT NOT NULL, events TEXT NOT NULL, sealed TEXT NOT NULL, sealed_before TEXT,
  rotated_at TEXT, created_at TEXT NOT NULL, changed_at TEXT NOT NULL, disabled_at TEXT,
  disabled_because TEXT, failing_since TEXT, slow INTEGER NOT NULL DEFAULT 0, paused_until TEXT,
  PRIMARY KEY (site_id, id));
CREATE TABLE webhook_delivery (
  site_id {integer} NOT NULL, id TEXT NOT NULL, webhook_id TEXT NOT NULL, ticket_id TEXT,
  event TEXT NOT NULL, about TEXT NOT NULL, body TEXT, state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, turn INTEGER NOT NULL DEFAULT 0, status INTEGER,
  duration INTEGER, answer TEXT, error TEXT, created_at TEXT NOT NULL, first_at TEXT NOT NULL,
  tried_at TEXT, next_at TEXT,
  PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, webhook_id) REFERENCES webhook (site_id, id) ON DELETE CASCADE,
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX webhook_delivery_log ON webhook_delivery (site_id, webhook_id, id);
CREATE INDEX webhook_delivery_state ON webhook_delivery (site_id, webhook_id, state, id);
CREATE INDEX webhook_delivery_ticket ON webhook_delivery (site_id, ticket_id);
CREATE INDEX webhook_delivery_old ON webhook_delivery (created_at);
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
