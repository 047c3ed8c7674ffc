"""How long things are kept: counted before it is saved, and what the tables say of it."""

import pytest

from widget_server.agents.models import Agent
from widget_server.database import db, execute, is_sqlite, query
from widget_server.retention import finding, night, policy
from widget_server.sites import service as sites

from ..server.test_sessions import PNG
from .conftest import numbers

#: Tables of a ticket that outlive its being emptied: the order's own book.
BOOKS = {"purchase"}


def test_a_preview_counts_what_would_go_and_deletes_nothing(closed, ada, order, clock, site):
    file = ada.upload("a.png", PNG).json["id"]
    closed(attachments=[file])
    closed()
    order(to=["delivered"])
    clock.pass_(days=10)
    assert finding.would(site.id, policy.Policy(11, 11)) == (0, 0, 0, 0)
    assert finding.would(site.id, policy.Policy(9, 9)) == (2, 1, 2, 2 * len(PNG))
    assert numbers() == [1, 2, 3]


def test_the_console_shows_it_before_it_is_saved(closed, agent, clock, site):
    Agent.update(locale="en").execute()
    closed()
    clock.pass_(days=10)
    asked = {"tickets_days": "5", "files_days": "", "orders_years": "10"}
    shown = agent.get(f"/retention/{site.key}/preview", query_string=asked).text
    assert "1 request, with its messages" in shown
    wrong = agent.get(f"/retention/{site.key}/preview", query_string=asked | {"tickets_days": "x"})
    assert "Write a whole number from 1 to 3650." in wrong.text


@pytest.mark.parametrize("days", ["0", "-1", "1.5", "3651", "soon", "٣"])
def test_numbers_that_make_no_sense_are_refused_beside_their_field(agent, site, days):
    Agent.update(locale="en").execute()
    answer = agent.post(f"/retention/{site.key}", tickets_days=days, orders_years="10")
    assert answer.status_code == 422
    assert "Write a whole number from 1 to 3650." in answer.text
    assert not policy.policy(sites.find_site(site.key)).on


def test_the_console_saves_it_and_says_when_it_begins(agent, site, clock):
    Agent.update(locale="en").execute()
    answer = agent.post(
        f"/retention/{site.key}", tickets_days=" 30 ", files_days="7", orders_years="6"
    )
    assert answer.status_code == 303
    assert policy.policy(sites.find_site(site.key))[:3] == (30, 7, 6)
    page = agent.get(f"/retention?site={site.key}").text
    assert "Nothing goes before" in page
    assert "Deleting is on" in page
    clock.pass_(days=2)
    agent.post(f"/retention/{site.key}", tickets_days="", files_days="", orders_years="6")
    assert "Everything is kept" in agent.get(f"/retention?site={site.key}").text


def test_every_table_of_a_ticket_is_either_emptied_or_a_book(app):
    if is_sqlite():
        tables = [row[0] for row in query("SELECT name FROM sqlite_master WHERE type = 'table'")]
    else:
        tables = db.get_tables()
    of_tickets = {
        table
        for table in tables
        if "ticket_id" in {column.name for column in db.get_columns(table)}
    }
    apart = {"audit", "article", "suggestion_showing", "mail_link"}
    assert of_tickets - apart == set(night.EMPTIED) | BOOKS


def test_what_may_go_is_found_by_its_own_indexes(app, site):
    if not is_sqlite():
        execute("SET enable_seqscan = off")
    explain = "EXPLAIN QUERY PLAN " if is_sqlite() else "EXPLAIN "
    for sql, index in (
        (f"SELECT t.id FROM ticket t WHERE {finding.CLOSED}"
         " ORDER BY t.completed_at, t.id LIMIT 40", "ticket_closed"),
        ("SELECT t.id FROM ticket t WHERE t.site_id = ? AND t.emptied_at IS NOT NULL"
         " AND t.completed_at < ? ORDER BY t.completed_at, t.id LIMIT 40", "ticket_emptied"),
        ("SELECT a.id FROM attachment a WHERE a.site_id = ? AND a.ticket_id IS NOT NULL"
         " AND a.created_at <= ? ORDER BY a.created_at, a.id LIMIT 200", "attachment_kept"),
    ):  # fmt: skip
        plan = str(query(explain + sql, site.id, "2026"))
        assert index in plan, plan
