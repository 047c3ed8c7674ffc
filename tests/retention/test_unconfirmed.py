"""What waits for a confirmation that never comes is not kept for good."""

import pytest

from widget_server import jobs
from widget_server.database import execute, is_sqlite, query
from widget_server.retention import finding, night
from widget_server.sites import service as sites

from ..server.test_sessions import PNG
from .conftest import numbers

ANA = "ana@mail.example"


@pytest.fixture
def held(site, visitor):
    """File a request that waits for its address to be confirmed."""
    found = sites.find_site(site.key)
    sites.update_site(found, settings=found.settings | {"mail": {"confirm": True}})
    file = visitor.upload("a.png", PNG).json["id"]
    ticket = visitor.open(email=ANA, attachments=[file])
    assert ticket["held"] is True
    return ticket


def pass_days(clock, days):
    clock.pass_(days=days)
    jobs.schedule()
    while jobs.run_due():
        pass


def test_it_goes_after_thirty_days_with_all_that_was_its(clock, held):
    pass_days(clock, 29)
    assert len(numbers()) == 1
    pass_days(clock, 2)
    for table in ("ticket", "message", "event", "attachment", "ticket_search"):
        assert query(f"SELECT * FROM {table}") == [], table
    assert query("SELECT count(*) FROM requester WHERE opened <> 0") == [(0,)]


def test_what_was_confirmed_or_needed_no_confirmation_stays(clock, site, held, visitor, ada):
    ada.open(title="Known")
    (requester_id,) = query("SELECT requester_id FROM ticket WHERE id = ?", held["id"])[0]
    execute("UPDATE ticket SET held_at = NULL WHERE requester_id = ?", requester_id)
    pass_days(clock, 60)
    assert len(numbers()) == 2


def test_one_confirmed_at_the_last_moment_stays(clock, held, monkeypatch):
    clock.pass_(days=31)
    found = finding.unconfirmed(night.UNCONFIRMED, 10)
    assert [ticket_id for _, ticket_id in found] == [held["id"]]
    answers = [found, []]
    monkeypatch.setattr(finding, "unconfirmed", lambda *_: answers.pop(0))
    execute("UPDATE ticket SET held_at = NULL")
    night.forget_unconfirmed()
    assert len(numbers()) == 1


def test_it_is_found_by_its_own_index(app, site):
    if not is_sqlite():
        execute("SET enable_seqscan = off")
    explain = "EXPLAIN QUERY PLAN " if is_sqlite() else "EXPLAIN "
    plan = str(
        query(
            explain + "SELECT site_id, id FROM ticket WHERE held_at <= ?"
            " ORDER BY held_at, site_id, id LIMIT ?",
            "2026", 40,
        )
    )  # fmt: skip
    assert "ticket_held" in plan, plan
    assert "TEMP B-TREE" not in plan
