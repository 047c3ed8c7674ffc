"""What the inbox counts is answered by the index alone; frequent words are found from the end."""

from peewee import SqliteDatabase

STATEMENTS = (
    "DROP INDEX ticket_open",
    # The last column says nothing, but SQLite would look it up in the table.
    "CREATE INDEX ticket_open ON ticket"
    " (state, assignee_id, snoozed_until, held_at, site_id, completed_at)"
    " WHERE completed_at IS NULL",
)

#: Of a word that is everywhere the index of words names too many entries: these are walked back.
POSTGRESQL = ("CREATE INDEX ticket_search_latest ON ticket_search (id)",)


def up(migrator, db):
    for statement in STATEMENTS + (() if isinstance(db, SqliteDatabase) else POSTGRESQL):
        db.execute_sql(statement)
