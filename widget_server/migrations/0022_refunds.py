"""Which payment a refund returned: two payments of one provider may have to go back."""


def up(migrator, db):
    db.execute_sql("ALTER TABLE receipt ADD COLUMN payment TEXT")
    db.execute_sql(
        "UPDATE receipt SET payment = substr(reference, 1, length(reference) - 7)"
        " WHERE kind = 'refund' AND substr(reference, length(reference) - 6) = ':refund'"
    )
