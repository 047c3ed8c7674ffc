"""Requests nobody confirmed are found without a look at the others."""


def up(migrator, db):
    db.execute_sql(
        "CREATE INDEX ticket_held ON ticket (held_at, site_id, id) WHERE held_at IS NOT NULL"
    )
