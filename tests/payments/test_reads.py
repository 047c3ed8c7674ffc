"""What is asked whenever a ticket is opened or a call comes in walks no table."""

from widget_server import database
from widget_server.database import query
from widget_server.payments import accounts, rows, service, watching


def test_no_read_grows_with_its_table(order, session_of, site, monkeypatch):
    session = session_of()
    if not database.is_sqlite():
        return
    asked = []
    plain = database.execute

    def listen(sql, *params):
        asked.append((sql, params))
        return plain(sql, *params)

    monkeypatch.setattr(database, "execute", listen)
    watching.offer(order())
    accounts.enabled(site.id)
    rows.find(site.id, "stripe", "reference", session)
    rows.find(site.id, "stripe", "payment", "pi_1")
    rows.of_order(order())
    rows.quiet(["stripe", "woocommerce"])
    service.owed_back()
    service.troubles()
    monkeypatch.undo()
    walked = [
        (step, sql)
        for sql, params in asked
        for *_, step in query(f"EXPLAIN QUERY PLAN {sql}", *params)
        if step.startswith("SCAN") and "INDEX" not in step
    ]
    assert walked == []
    assert len(asked) >= 8
