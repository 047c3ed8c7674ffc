"""Neither counting days nor looking at them walks a table, on either database."""

import pytest

from widget_server import database
from widget_server.assistant import outcomes
from widget_server.database import is_sqlite, query
from widget_server.desk import finding
from widget_server.figures import book, counting, joined, rolling, service
from widget_server.figures.days import ONE
from widget_server.sites import service as sites
from widget_server.tickets import search

from ..console.test_inbox import explained

#: Small by nature: a row a site, or one for each day a visitor was shown something.
SMALL = ("SCAN site", "Seq Scan on site", "SCAN category", "SCAN CONSTANT ROW")


@pytest.fixture
def asked(monkeypatch):
    """Collect what the figures ask the database."""
    heard = []
    plain = database.execute

    def listen(sql, *params):
        if sql.startswith("SELECT"):
            heard.append((sql, params))
        return plain(sql, *params)

    monkeypatch.setattr(database, "execute", listen)
    return heard


def walked(asked):
    plans = [(explained(sql, params), sql) for sql, params in asked]
    for allowed in SMALL:
        plans = [(plan.replace(allowed, ""), sql) for plan, sql in plans]
    return [(plan, sql) for plan, sql in plans if "SCAN " in plan or "Seq Scan" in plan]


def test_days_are_counted_and_read_by_indexes(clock, ada, site, asked):
    ada.open()
    clock.pass_(days=3)
    del asked[:]
    rolling.roll_site(sites.site_of(site.id))
    today = counting.utcnow().date()
    service.days([sites.site_of(site.id)], today.replace(day=1), today)
    assert walked(asked) == []
    assert len(asked) > 12


def test_the_hours_of_today_are_read_by_their_key(clock, ada, site, asked):
    ada.open()
    clock.pass_(hours=3)
    rolling.roll_site(site)
    del asked[:]
    today = counting.utcnow().date()
    service.days([site], today, today)
    rolling.roll_site(site)
    found = [(sql, params) for sql, params in asked if "figure_piece" in sql]
    noted = [(sql, params) for sql, params in asked if "FROM figure_change WHERE" in sql]
    assert found
    assert noted
    for sql, params in (*found, *noted):
        plan = explained(sql, params)
        if is_sqlite():
            assert "autoindex_figure_change_1 (site_id=?" in plan
            assert "figure_piece_1 (site_id=? AND since>? AND since<?)" in plan or sql in dict(
                noted
            )
        else:
            assert "Seq Scan" not in plan


def test_a_year_is_read_from_the_weeks_the_job_added_up(clock, visit, site, asked):
    for nth in range(12):
        visit(f"asker {nth}").open()
        clock.pass_(days=4)
    rolling.roll_site(site)
    today = counting.utcnow().date()
    first = today - 40 * ONE
    for step in (joined.WEEK, joined.MONTH):
        del asked[:]
        _, spans = service.grouped([site], first, today, step)
        assert sum(span.told.opened for span in spans) == sum(
            span.told.hours.total() for span in spans
        )
        assert walked(asked) == []
        joins = [params for sql, params in asked if "FROM figure_span" in sql]
        assert [params[1] for params in joins] == [step]
        read = [params[1:] for sql, params in asked if "SELECT day, waits" in sql]
        whole = [span for span in spans if len(joined.read(site.id, step, span.first, span.last))]
        assert len(whole) > (3 if step == joined.WEEK else 0)
        for span in whole:
            assert not any(since <= span.last.isoformat() <= until for since, until in read)


def test_a_span_whose_day_changed_is_read_from_its_days(clock, ada, site):
    ticket = ada.open()
    clock.pass_(days=40)
    rolling.roll_site(site)
    day = counting.utcnow().date() - 40 * ONE
    week = joined.first_of(joined.WEEK, day)
    assert list(joined.read(site.id, joined.WEEK, week, week + 6 * ONE)) == [week]
    query("UPDATE ticket SET category_id = 'bug' WHERE id = ? RETURNING id", ticket["id"])
    book.mark(site.id, [day])
    for _ in ("marked", "counted again"):
        _, spans = service.grouped([site], week, week + 6 * ONE, joined.WEEK)
        assert dict(spans[0].told.categories) == {f"{site.id}:bug": 1}
        rolling.roll_site(site)
        assert list(joined.read(site.id, joined.WEEK, week, week + 6 * ONE)) == [week]


def test_what_one_day_needs_reads_its_own_entries_only(app, site, asked):
    today = counting.utcnow().date()
    counting.count(site.id, sites.zone_of(site), today, today)
    plans = " ".join(explained(sql, params) for sql, params in asked)
    for index in ("ticket_opened", "ticket_answered", "event_turn", "rating_at"):
        assert index in plans


def test_counts_of_the_inbox_are_answered_by_indexes_alone(app, site):
    if not is_sqlite():
        return
    term = (
        "completed_at IS NULL AND held_at IS NULL AND snoozed_until IS NULL AND state = 'waiting'"
    )
    (plan,) = query(f"EXPLAIN QUERY PLAN SELECT 1 FROM ticket WHERE {term} AND +site_id = 1")
    assert plan[3].startswith("SEARCH ticket USING COVERING INDEX ticket_open")


def test_the_answer_before_a_ticket_is_found_by_the_ticket(app, site, monkeypatch):
    heard = []
    monkeypatch.setattr(outcomes, "query", lambda sql, *params: heard.append((sql, params)) or [])
    assert outcomes.written_for(site.id, "x") is None
    ((sql, params),) = heard
    assert "suggestion_showing_ticket" in explained(sql, params)


def test_a_single_letter_beside_a_word_narrows_nothing(app, site, ada):
    ada.open(title="It is order A-54321")
    assert [row.title for row in finding.find("A-54321", 1)] == ["It is order A-54321"]
    assert len(finding.find("a", 1)) == 1


def test_a_word_that_is_everywhere_is_found_as_it_stands(app, site, ada, monkeypatch):
    monkeypatch.setattr(finding, "SHALLOW", 3)
    for title in ("Orders", "Order one", "Order two", "Order three"):
        ada.open(title=title)
    found = [row.title for row in finding.find("order", 1)]
    assert found[:3] == ["Order three", "Order two", "Order one"]
    assert len(finding.find("orders", 1)) == 1
    assert search.walk("order", 100) != search.walk("order", 3) or not is_sqlite()


def test_marks_made_during_a_count_stay(app, site):
    day = counting.utcnow().date()
    book.mark(site.id, [day])
    seen = book.stale(site.id)
    book.mark(site.id, [day])
    book.unmark(site.id, day, seen[day])
    assert list(book.stale(site.id)) == [day]
