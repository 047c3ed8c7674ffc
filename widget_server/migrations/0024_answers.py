"""Who writes a site's answers, how many were asked for each day, and what was written.

And who came back after it was solved, which was looked up in their tickets until now.
"""

from peewee import SqliteDatabase

from widget_server.clock import stamp

RETURNED = """
UPDATE suggestion_showing SET returned_at = (
  SELECT min(t.opened_at) FROM ticket t WHERE t.site_id = suggestion_showing.site_id
  AND t.requester_id = suggestion_showing.visitor AND t.opened_at >= suggestion_showing.at
  AND (suggestion_showing.category_id IS NULL OR t.category_id = suggestion_showing.category_id))
WHERE outcome = 'solved'
"""


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    site = f"site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE"
    db.execute_sql(
        f"CREATE TABLE assistant_writer ({site}, url TEXT NOT NULL, model_name TEXT NOT NULL,"
        " sealed TEXT, daily INTEGER NOT NULL, enabled_at TEXT, changed_at TEXT NOT NULL,"
        " PRIMARY KEY (site_id))"
    )
    db.execute_sql(
        f"CREATE TABLE assistant_spent ({site}, day TEXT NOT NULL, asked INTEGER NOT NULL,"
        " written INTEGER NOT NULL, PRIMARY KEY (site_id, day))"
    )
    for column in ("written", "returned_at", "dismissed_at"):
        db.execute_sql(f"ALTER TABLE suggestion_showing ADD COLUMN {column} TEXT")
    db.execute_sql(RETURNED)
    now = stamp()
    # Terms are weighed otherwise from now on, and what was imported by command was not indexed.
    db.execute_sql(
        "INSERT INTO job (kind, payload, run_at, attempts, created_at) SELECT"
        " 'assistant.rebuild', '{\"site_id\": ' || id || '}',"
        f" '{now}', 0, '{now}' FROM site"
    )
