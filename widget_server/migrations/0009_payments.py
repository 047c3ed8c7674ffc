"""Ways to pay, payments begun, and what providers told of them."""

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE payment_account (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, way TEXT NOT NULL,
  settings TEXT NOT NULL, sealed TEXT, enabled_at TEXT, heard_at TEXT, changed_at TEXT NOT NULL,
  PRIMARY KEY (site_id, way));
CREATE TABLE checkout (
  site_id {integer} NOT NULL, id TEXT NOT NULL, order_id TEXT NOT NULL, way TEXT NOT NULL,
  serial {integer} NOT NULL, state TEXT NOT NULL, amount {integer} NOT NULL,
  currency TEXT NOT NULL, request TEXT NOT NULL, reference TEXT, payment TEXT, url TEXT,
  error TEXT, returned_at TEXT, expires_at TEXT, created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (site_id, id), UNIQUE (site_id, order_id, way, serial),
  UNIQUE (site_id, way, reference),
  FOREIGN KEY (site_id, order_id) REFERENCES purchase (site_id, id) ON DELETE CASCADE);
CREATE INDEX checkout_payment ON checkout (site_id, way, payment);
CREATE TABLE payment_news (
  site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE, way TEXT NOT NULL,
  id TEXT NOT NULL, kind TEXT NOT NULL, payment TEXT, order_id TEXT, data TEXT NOT NULL,
  outcome TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (site_id, way, id));
CREATE INDEX checkout_open ON checkout (updated_at) WHERE state IN ('open', 'confirming');
CREATE INDEX checkout_error ON checkout (updated_at) WHERE error IS NOT NULL;
CREATE INDEX receipt_surplus ON receipt (at) WHERE surplus = 1;
CREATE INDEX payment_news_payment ON payment_news (site_id, way, payment);
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for statement in TABLES.format(integer=integer).split(";"):
        if statement.strip():
            db.execute_sql(statement)
