"""The sites an agent is limited to; no row: all of them."""

from peewee import SqliteDatabase


def up(migrator, db):
    integer = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    db.execute_sql(
        f"CREATE TABLE agent_site (agent_id {integer} NOT NULL,"
        f" site_id {integer} NOT NULL REFERENCES site (id) ON DELETE CASCADE,"
        " PRIMARY KEY (site_id, agent_id))"
    )
    db.execute_sql("CREATE INDEX agent_site_agent ON agent_site (agent_id)")
