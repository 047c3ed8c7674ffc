"""Requests that were merged belong to whom the one they lead to belongs; everybody's are recounted.

A proof used to hand them over apart, and to take them off the count of their former owner twice.
"""

INTO = (
    "SELECT {what} FROM ticket led"
    " WHERE led.site_id = ticket.site_id AND led.id = ticket.merged_into"
)
COUNT = (
    "SELECT count(*) FROM ticket WHERE ticket.site_id = requester.site_id"
    " AND ticket.requester_id = requester.id AND ticket.merged_into IS NULL"
)
STATEMENTS = (
    # What led to an erased one stands for itself again.
    "UPDATE ticket SET merged_into = NULL"
    f" WHERE merged_into IS NOT NULL AND NOT EXISTS ({INTO.format(what=1)})",
    f"UPDATE ticket SET requester_id = ({INTO.format(what='led.requester_id')})"
    " WHERE merged_into IS NOT NULL"
    f" AND requester_id <> ({INTO.format(what='led.requester_id')})",
    f"UPDATE requester SET opened = ({COUNT}) WHERE opened <> ({COUNT})",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
