"""Finding: search operators and saved views."""

import json
import re

import pytest

from widget_server.clock import stamp
from widget_server.database import is_sqlite, query
from widget_server.desk import candidates, finding, views
from widget_server.tickets import search
from widget_server.tickets.search import Walk

from .test_inbox import explained, numbers


@pytest.fixture
def asked(agent, ada, bruno, site):
    ada.open(title="Refund please", body="Charged twice")
    bruno.open(title="Refund late", body="Still nothing")
    ada.open(title="Lamp", body="Broken")
    agent.reply(site, 3, "Answer")
    agent.reply(site, 2, "Looks odd", kind="note")

    def asked(text):
        return [row.number for row in finding.find(text, agent.record.id)]

    return asked


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("refund", [2, 1]),
        ("from:ada refund", [1]),
        ("from:bruno", [2]),
        ('from:"Ada Ferrer" is:open', [3, 1]),
        ("from:FERRER refund twice", []),
        ("is:waiting", [2, 1]),
        ("is:in_progress", [3]),
        ("is:in-progress", [3]),
        ("is:unassigned refund", [2, 1]),
        ("is:mine", []),
        ("is:late", []),
        ("is:mentioned", []),
        ("is:snoozed", []),
        ("is:completed", []),
        ("is:nonsense", []),
        ("has:note", [2]),
        ("has:note from:ada", []),
        ("site:shop is:open", [3, 2, 1]),
        ("site:elsewhere is:open", []),
        ("category:nonsense", []),
        ("nosuch:operator", []),
        ("from:", []),
        ("%", []),
    ],
)
def test_operators_narrow_a_search(asked, text, found):
    assert sorted(asked(text)) == sorted(found)


def test_category_is_found_by_any_of_its_names(agent, site, ada, asked):
    (texts,) = query("SELECT name FROM category WHERE site_id = ? AND id = 'help'", site.id)[0]
    assert asked(f'category:"{next(iter(json.loads(texts).values()))}"')


@pytest.fixture
def depths(monkeypatch):
    """Collect how many entries each step of each walk of a search goes."""
    gone = []
    plain = Walk.asked

    def asked(walk, most, after=None):
        gone.extend([[]] if after is None else [])
        gone[-1].append(most)
        return plain(walk, most, after)

    monkeypatch.setattr(Walk, "asked", asked)
    return gone


@pytest.fixture
def walked(monkeypatch):
    """Collect what a search asks for its candidates; it comes by enough of them, all in vain."""
    asked = []

    def listen(sql, *params):
        asked.append((sql, params))
        # How many entries the step came by, and the last of them.
        place = 1 if "ticket_search" in sql else stamp()
        return [(finding.DEPTH, "an id", place)] if "UNION ALL" in sql else []

    monkeypatch.setattr(candidates, "query", listen)
    return asked


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("refund", "ticket_search"),
        ("from:ada is:open", "ticket_search"),
        ("is:open", "ticket_inbox_state"),
        ("is:unassigned", "ticket_open"),
        ("is:open is:mine", "ticket_open"),
        ("is:late", "ticket_due"),
        ("is:snoozed", "ticket_snoozed"),
        ("is:mentioned", "mention_agent"),
        ("priority:high", "ticket_priority"),
        ("tag:vip", "ticket_tag_found"),
        ("has:file", "ticket_inbox"),
    ],
)
def test_a_search_looks_at_a_bounded_part_of_an_index(app, site, walked, depths, text, index):
    finding.find(text, 1)
    deepest = finding.SHALLOW if text == "refund" else finding.DEPTH
    assert depths
    assert {sum(steps) for steps in depths} == {deepest}
    for sql, params in walked:
        plan = explained(sql, params)
        # PostgreSQL goes by how much there is of what; of nothing every index is as good.
        assert index in plan or ("ticket_inbox_state" in plan and not is_sqlite())
        assert "SCAN ticket" not in plan.replace("SCAN ticket_search", "") or "USING" in plan
        assert "SCAN t" not in plan.replace("SCAN ticket", "")
        assert "Seq Scan on ticket " not in plan


def test_the_latest_tickets_are_walked_by_their_index_alone(app, site, walked):
    finding.find("has:file", 1)
    assert "COVERING INDEX ticket_inbox" in explained(*walked[0]) or not is_sqlite()


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("has:note", "message_note"),
        ("has:note parcel", "message_note"),
        ("has:file", "attachment_ticket"),
        ("has:draft", "draft"),
        ("is:mentioned", "mention"),
        ("tag:vip", "ticket_tag"),
        ("from:ada is:open", "requester"),
        ("category:help site:shop", "ticket"),
    ],
)
def test_candidates_are_looked_up_one_by_one(app, site, walked, text, index):
    finding.find(text, 1, site.id)
    assert walked
    for sql, params in walked:
        plan = explained(sql, params)
        if is_sqlite():
            assert "SEARCH t USING INDEX sqlite_autoindex_ticket_1 (site_id=? AND id=?)" in plan
            assert "MULTI-INDEX OR" not in plan
        # The index of words is asked in a way this plan may not take.
        assert "Seq Scan" not in plan.replace("Seq Scan on ticket_search", "")
        # PostgreSQL goes by how much there is of what; of nothing every index is as good.
        assert (index if is_sqlite() else index.partition("_")[0]) in plan


def test_notes_are_looked_for_among_notes_alone(app, site, walked):
    finding.find("has:note parcel", 1)
    plan = explained(*walked[-1])
    assert "message_note" in plan
    if is_sqlite():
        assert "COVERING INDEX message_note (site_id=? AND ticket_id=?" in plan
        # Before their tickets are looked up.
        assert plan.index("message_note") < plan.index("SEARCH t ")


def test_who_asked_is_looked_up_only_if_a_search_is_for_somebody(app, site, walked):
    finding.find("is:open refund", 1)
    assert not any("requester" in sql for sql, _ in walked)
    finding.find("from:ada", 1)
    assert "requester r" in walked[-1][0]


@pytest.fixture
def steps(monkeypatch, depths):
    """Have a page of two, and steps to two, three and six entries."""
    monkeypatch.setattr(finding, "FOUND", 2)
    monkeypatch.setattr(candidates, "STEPS", (2, 3))
    monkeypatch.setattr(search, "FREQUENT", 1)
    monkeypatch.setattr(finding, "DEPTH", 6)
    return depths


def test_a_page_full_of_the_latest_needs_no_longer_walk(app, site, ada, steps):
    for title in ("Refund one", "Refund two", "Refund three", "Refund four"):
        ada.open(title=title, body="-")
    assert [row.number for row in finding.find("is:waiting", 1)] == [4, 3]
    assert [row.number for row in finding.find("is:waiting category:help", 1)] == [4, 3]
    assert [row.number for row in finding.find("is:open refund", 1)] == [4, 3]
    assert steps == [[2], [2], [6] if is_sqlite() else [2]]


def test_a_longer_walk_goes_on_where_the_shorter_ended(app, site, ada, steps):
    for _ in range(8):
        ada.open(title="Refund", body="-")
    assert finding.find("is:waiting category:nonsense", 1) == []
    assert steps == [[2, 1, 3]]


def test_a_walk_ends_where_there_is_nothing_more(app, site, ada, steps):
    ada.open(title="Refund", body="-")
    assert finding.find("is:waiting category:nonsense", 1) == []
    assert steps == [[2]]
    for _ in range(2):
        ada.open(title="Refund", body="-")
    del steps[:]
    assert finding.find("is:waiting category:nonsense", 1) == []
    assert steps == [[2, 1, 3]]


def test_what_is_rare_is_found_behind_what_is_frequent(ada, bruno, monkeypatch):
    bruno.open(title="Refund of old")
    for _ in range(4):
        ada.open(title="Refund")
    monkeypatch.setattr(candidates, "STEPS", (1, 2))
    monkeypatch.setattr(search, "FREQUENT", 1)
    assert [row.title for row in finding.find("from:bruno refund", 1)] == ["Refund of old"]
    assert [row.number for row in finding.find("is:open", 1)] == [5, 4, 3, 2, 1]


def test_a_search_is_kept_as_a_view_of_ones_own(agent, asked):
    agent.post("/views", name="Refunds", q="refund is:open")
    page = agent.get("/").text
    assert "Refunds" in page
    assert numbers(agent.get("/?q=refund+is:open").text) == [2, 1]
    (view_id,) = query("SELECT id FROM saved_view")[0]
    agent.post(f"/views/{view_id}/removal")
    assert "Refunds" not in agent.get("/").text


def test_a_saved_search_keeps_to_its_site(agent, ada, site):
    ada.open(title="Refund")
    page = agent.get(f"/?q=refund&site={site.key}").text
    (text,) = re.findall(r'action="/console/views".*?name="q" value="([^"]*)"', page)
    assert agent.post("/views", name="Ours", q=text).status_code == 303
    assert text == f"refund site:{site.key}"
    assert numbers(agent.get(f"/?q={text}").text) == [1]


def test_a_view_is_replaced_though_there_is_room_for_no_other(agent):
    for number in range(views.MOST):
        agent.post("/views", name=f"View {number}", q="refund")
    assert agent.post("/views", name="View 3", q="invoice").status_code == 303
    assert agent.post("/views", name="Another", q="invoice").status_code == 422
    kept = [view.text for view in views.of(agent.record.id)]
    assert (len(kept), kept.count("invoice")) == (views.MOST, 1)
