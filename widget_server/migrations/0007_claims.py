"""What hosts say of their users beside name and address."""


def up(migrator, db):
    db.execute_sql("ALTER TABLE requester ADD COLUMN claims TEXT")
