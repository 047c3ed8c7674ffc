"""Where a site's articles lie in meaning, if it has a model for that."""

from peewee import SqliteDatabase


def up(migrator, db):
    lite = isinstance(db, SqliteDatabase)
    integer, packed = ("INTEGER", "BLOB") if lite else ("BIGINT", "BYTEA")
    compact = " WITHOUT ROWID" if lite else ""
    db.execute_sql("ALTER TABLE assistant_writer ADD COLUMN embedder TEXT NOT NULL DEFAULT ''")
    db.execute_sql("ALTER TABLE assistant_writer ADD COLUMN embeds_at TEXT")
    db.execute_sql(
        "CREATE TABLE article_meaning ("
        f"site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE,"
        " article_id TEXT NOT NULL, space TEXT NOT NULL, digest TEXT NOT NULL,"
        f" dimension INTEGER NOT NULL, sketch {packed} NOT NULL, vector {packed} NOT NULL,"
        f" PRIMARY KEY (site_id, article_id)){compact}"
    )
