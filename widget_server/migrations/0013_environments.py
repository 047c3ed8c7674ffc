"""What a site runs on, as its server told."""

from peewee import SqliteDatabase


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    db.execute_sql(
        f"CREATE TABLE environment (site_id {integer} PRIMARY KEY REFERENCES site (id)"
        " ON DELETE CASCADE, parts TEXT NOT NULL, told_at TEXT NOT NULL)"
    )
