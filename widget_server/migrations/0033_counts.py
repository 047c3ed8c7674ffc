"""What the inbox counts is answered by the index alone."""

STATEMENTS = (
    "DROP INDEX ticket_open",
    "CREATE INDEX ticket_open ON ticket (state, assignee_id, snoozed_until, held_at, site_id)"
    " WHERE completed_at IS NULL",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
