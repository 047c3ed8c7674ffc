"""The tables: nothing crosses sites by mistake, and no hot query walks a table."""

from widget_server import database
from widget_server.clock import utcnow
from widget_server.database import query
from widget_server.identity import service as identity
from widget_server.orders import service as orders
from widget_server.orders.pricing import Line
from widget_server.orders.service import Offer
from widget_server.tickets import service, thread
from widget_server.tickets.models import Ticket

#: Tables that belong to no site.
GLOBAL = {
    "site", "agent", "agent_session", "job", "schema_migration", "sqlite_sequence", "mailbox",
    "agent_recovery", "agent_pass", "agent_browser", "agent_try", "api_token", "audit", "team",
    "team_member",
}  # fmt: skip
GLOBAL |= {"saved_reply", "saved_view", "rule"}


def tables():
    rows = query("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [name for (name,) in rows if not name.startswith("ticket_search")]


def test_every_key_of_a_sites_data_contains_the_site(app):
    if not database.is_sqlite():
        rows = query(
            "SELECT c.conrelid::regclass::text, c.conname, array_agg(a.attname::text) FROM"
            " pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum ="
            " ANY (c.conkey) WHERE c.contype IN ('p', 'u', 'f') AND c.connamespace ="
            " 'public'::regnamespace GROUP BY 1, 2"
        )
        wrong = [row for row in rows if row[0] not in GLOBAL and "site_id" not in row[2]]
        assert [row for row in wrong if "assignee_id" not in row[2]] == []
        return
    checked = 0
    for table in tables():
        if table in GLOBAL:
            continue
        for _, index, unique, *_ in query(f"PRAGMA index_list({table})"):
            columns = [row[2] for row in query(f"PRAGMA index_info({index})")]
            if unique:
                assert columns[0] == "site_id", (table, columns)
                checked += 1
        foreign: dict[int, list[str]] = {}
        for row in query(f"PRAGMA foreign_key_list({table})"):
            foreign.setdefault(row[0], []).append(row[3])
        for columns in foreign.values():
            # An agent belongs to no site; who a ticket is assigned to is such a reference.
            assert "site_id" in columns or columns == ["assignee_id"], (table, columns)
    assert checked >= 12


def test_hot_reads_use_an_index(ada, ines, monkeypatch):
    ticket = ada.open()
    offer = Offer("Work", [Line("Hours", 1_000, 100, 0)], "EUR", 1, utcnow().date())
    orders.quote(service.find_by_id(1, ticket["id"]), ines, offer)
    caller = identity.find_caller({"s": 1, "i": query("SELECT id FROM session")[0][0]})
    asked = []
    plain = database.execute

    def listen(sql, *params):
        asked.append((sql, params))
        return plain(sql, *params)

    monkeypatch.setattr(database, "execute", listen)
    identity.find_caller({"s": 1, "i": caller.session_id})
    thread.home(caller, "es")
    thread.home(caller, "es", state="waiting", before=thread._cursor(ticket["updated_at"], "x"))
    thread.news(caller, "es", 0)
    thread.detail(caller, service.find_ticket(caller, ticket["id"]), "es")
    monkeypatch.undo()
    walked = [(step, sql) for sql, params in asked for step in walks(sql, params)]
    assert walked == []
    assert len(asked) > 8


def walks(sql, params):
    """Return the steps of a statement's plan that read a whole table, or sort what an index could."""
    if database.is_sqlite():
        steps = [row[-1] for row in query(f"EXPLAIN QUERY PLAN {sql}", *params)]
        return [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step]
    # Tables this small are cheapest read whole; forbidden to, it shows whether an index would do.
    database.execute("SET enable_seqscan = off")
    database.execute("SET enable_sort = off")
    steps = [row[0] for row in query(f"EXPLAIN {sql}", *params)]
    return [step for step in steps if "Seq Scan" in step or "Sort" in step.partition("(")[0]]


def test_times_are_utc_text_of_one_width(ada):
    ada.open()
    row = Ticket.get()
    assert {len(row.opened_at), len(row.updated_at)} == {27}
    assert row.opened_at.endswith("Z")
