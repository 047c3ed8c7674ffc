"""Which tickets hold a note is told by an index of the notes alone; the latest ones by theirs.

Both are answered without a look into the tables.
"""

STATEMENTS = (
    # The last column says nothing, but SQLite would look it up in the table.
    "CREATE INDEX message_note ON message (site_id, ticket_id, internal_at)"
    " WHERE internal_at IS NOT NULL",
    "DROP INDEX ticket_inbox",
    "CREATE INDEX ticket_inbox ON ticket (updated_at, id, site_id)",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
