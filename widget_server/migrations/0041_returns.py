"""What agents asked a provider to send back, and how that went."""

from peewee import SqliteDatabase


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    db.execute_sql(
        "CREATE TABLE money_return ("
        f"site_id {integer} NOT NULL, id TEXT NOT NULL, order_id TEXT NOT NULL,"
        f" receipt_id TEXT NOT NULL, amount {integer} NOT NULL, currency TEXT NOT NULL,"
        " state TEXT NOT NULL, fault TEXT, agent_name TEXT NOT NULL, at TEXT NOT NULL,"
        " PRIMARY KEY (site_id, id),"
        " FOREIGN KEY (site_id, order_id) REFERENCES purchase (site_id, id) ON DELETE CASCADE)"
    )
    db.execute_sql("CREATE INDEX money_return_order ON money_return (site_id, order_id)")
