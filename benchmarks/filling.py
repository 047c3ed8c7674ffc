"""Rows by the million, written straight into the database, SQLite or PostgreSQL."""

from typing import Any

from widget_server.database import db, is_sqlite
from widget_server.tickets.search import words

COLUMNS = {
    "requester": "site_id id sub email email_verified_at name locale created_at seen_at opened",
    "ticket": "site_id id number requester_id category_id title state progress checklist"
    " assignee_id locale email fields opened_at updated_at waiting_since answered_at completed_at"
    " due_at agent_unread_since snoozed_until cursor",
    "message": "site_id id ticket_id author author_id author_name body internal_at sent_at",
    "event": "site_id id ticket_id kind actor actor_id actor_name data internal_at at",
    "rating": "site_id ticket_id good comment at",
    "suggestion_showing": "site_id id visitor category_id question shown outcome at",
    "ticket_search": "site_id ticket_id text",
}

Rows = dict[str, list[tuple[Any, ...]]]


def write(rows: Rows) -> None:
    connection = db.obj.connection()
    if is_sqlite():
        connection.execute("BEGIN IMMEDIATE")
        for table, written in rows.items():
            names = COLUMNS[table].split()
            connection.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
                written,
            )
        connection.execute("COMMIT")
        return
    with connection.cursor() as cursor:
        for table, written in rows.items():
            names, into = ", ".join(COLUMNS[table].split()), table
            if table == "ticket_search":
                written = [(*key, words(text)) for *key, text in written]
                into = "entry"
            with cursor.copy(f"COPY {into} ({names}) FROM STDIN") as copy:
                for row in written:
                    copy.write_row(row)
        cursor.execute(
            "INSERT INTO ticket_search (site_id, ticket_id, words)"
            " SELECT site_id, ticket_id, to_tsvector('simple', text) FROM entry"
        )
        cursor.execute("TRUNCATE entry")
    connection.commit()


def begin() -> None:
    """Have rows taken as they are; they refer to each other, and are lost if this is.

    PostgreSQL: texts wait in a table of their own, and the index of words is made at the end.
    """
    connection = db.obj.connection()
    if is_sqlite():
        connection.execute("PRAGMA foreign_keys = 0")
        connection.execute("PRAGMA synchronous = 0")
        return
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET statement_timeout = 0")
    connection.execute("CREATE TEMPORARY TABLE entry (site_id bigint, ticket_id text, text text)")
    connection.execute("DROP INDEX ticket_search_words")
    connection.commit()


def settle() -> None:
    """Let the database learn how much there is of what, as its own upkeep would."""
    connection = db.obj.connection()
    if is_sqlite():
        connection.execute("PRAGMA foreign_keys = 1")
        connection.execute("PRAGMA synchronous = 2")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    connection.execute("RESET session_replication_role")
    connection.execute("CREATE INDEX ticket_search_words ON ticket_search USING gin (words)")
    connection.commit()
    connection.execute("ANALYZE")
    connection.execute("RESET statement_timeout")
    connection.commit()
