"""Quotes with their versions, decisions on them, orders, their moves and what was paid."""

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE purchase (
  site_id {integer} NOT NULL, id TEXT NOT NULL, ticket_id TEXT NOT NULL, kind TEXT NOT NULL,
  state TEXT NOT NULL, quote_id TEXT NOT NULL, quote_number TEXT, number TEXT,
  title TEXT NOT NULL, currency TEXT NOT NULL, total {integer} NOT NULL,
  lead_days {integer} NOT NULL, accepted_at TEXT, paid_at TEXT, delivery_on TEXT,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  PRIMARY KEY (site_id, id), UNIQUE (site_id, quote_number), UNIQUE (site_id, number),
  FOREIGN KEY (site_id, ticket_id) REFERENCES ticket (site_id, id) ON DELETE CASCADE);
CREATE INDEX purchase_ticket ON purchase (site_id, ticket_id, created_at, id);
CREATE TABLE quote (
  site_id {integer} NOT NULL, id TEXT NOT NULL, order_id TEXT NOT NULL, version {integer} NOT NULL,
  title TEXT NOT NULL, lines TEXT NOT NULL, note TEXT NOT NULL, currency TEXT NOT NULL,
  net {integer} NOT NULL, vat {integer} NOT NULL, total {integer} NOT NULL, rates TEXT NOT NULL,
  lead_days {integer} NOT NULL, valid_until TEXT, expires_at TEXT, digest TEXT NOT NULL,
  agent_id TEXT NOT NULL, agent_name TEXT NOT NULL, sent_at TEXT NOT NULL,
  PRIMARY KEY (site_id, id), UNIQUE (site_id, order_id, version),
  FOREIGN KEY (site_id, order_id) REFERENCES purchase (site_id, id) ON DELETE CASCADE);
CREATE TABLE decision (
  site_id {integer} NOT NULL, quote_id TEXT NOT NULL, order_id TEXT NOT NULL, answer TEXT NOT NULL,
  digest TEXT NOT NULL, reason TEXT NOT NULL, requester_id TEXT NOT NULL, name TEXT NOT NULL,
  email TEXT, origin TEXT, address TEXT, at TEXT NOT NULL,
  PRIMARY KEY (site_id, quote_id),
  FOREIGN KEY (site_id, quote_id) REFERENCES quote (site_id, id) ON DELETE CASCADE);
CREATE INDEX decision_order ON decision (site_id, order_id, at);
CREATE TABLE order_move (
  site_id {integer} NOT NULL, order_id TEXT NOT NULL, step {integer} NOT NULL, was TEXT,
  became TEXT NOT NULL, actor TEXT NOT NULL, actor_id TEXT NOT NULL, actor_name TEXT NOT NULL,
  reason TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (site_id, order_id, step),
  FOREIGN KEY (site_id, order_id) REFERENCES purchase (site_id, id) ON DELETE CASCADE);
CREATE TABLE receipt (
  site_id {integer} NOT NULL, id TEXT NOT NULL, order_id TEXT NOT NULL, kind TEXT NOT NULL,
  provider TEXT NOT NULL, reference TEXT NOT NULL, amount {integer} NOT NULL,
  currency TEXT NOT NULL, surplus INTEGER NOT NULL, actor_name TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (site_id, id), UNIQUE (site_id, provider, reference, kind),
  FOREIGN KEY (site_id, order_id) REFERENCES purchase (site_id, id) ON DELETE CASCADE);
CREATE INDEX receipt_order ON receipt (site_id, order_id, at, id);
CREATE TABLE revenue (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, day TEXT NOT NULL,
  currency TEXT NOT NULL, quoted {integer} NOT NULL DEFAULT 0,
  accepted {integer} NOT NULL DEFAULT 0, paid {integer} NOT NULL DEFAULT 0,
  refunded {integer} NOT NULL DEFAULT 0, PRIMARY KEY (site_id, day, currency));
CREATE TABLE logo (
  site_id {integer} PRIMARY KEY REFERENCES site (id) ON DELETE CASCADE, url TEXT NOT NULL,
  picture TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE saved_item (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, id TEXT NOT NULL,
  text TEXT NOT NULL, quantity {integer} NOT NULL, price {integer} NOT NULL,
  currency TEXT NOT NULL, rate {integer} NOT NULL, PRIMARY KEY (site_id, id));
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
