"""Bytes are looked up by their id alone when those without a row are removed."""


def up(migrator, db):
    db.execute_sql("CREATE INDEX attachment_id ON attachment (id)")
    db.execute_sql("CREATE INDEX incoming_id ON incoming (id)")
