"""What the inbox lists and counts is walked in its order among open tickets alone.

Open tickets are few however many there have been: by whose they are, by site, by when they are
due and by when they wake, each index holds all its question asks for.
"""

STATEMENTS = (
    "DROP INDEX ticket_open",
    "CREATE INDEX ticket_open ON ticket"
    " (state, assignee_id, updated_at, id, snoozed_until, held_at, site_id, completed_at)"
    " WHERE completed_at IS NULL",
    "CREATE INDEX ticket_open_site ON ticket"
    " (site_id, state, updated_at, id, snoozed_until, held_at, completed_at)"
    " WHERE completed_at IS NULL",
    "DROP INDEX ticket_due",
    "CREATE INDEX ticket_due ON ticket (due_at, id, held_at, site_id, completed_at)"
    " WHERE due_at IS NOT NULL",
    "DROP INDEX ticket_snoozed",
    "CREATE INDEX ticket_snoozed ON ticket (snoozed_until, id, held_at, site_id, completed_at)"
    " WHERE snoozed_until IS NOT NULL",
    # Nothing is listed by it any more; who goes is still found in what was theirs.
    "DROP INDEX ticket_inbox_assignee",
    "CREATE INDEX ticket_assignee ON ticket (assignee_id) WHERE assignee_id IS NOT NULL",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
