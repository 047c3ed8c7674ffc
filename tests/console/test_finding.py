"""Finding and putting aside: search operators, saved views, sleep."""

import json
import re

import pytest

from widget_server import jobs
from widget_server.database import query
from widget_server.desk import finding
from widget_server.tickets import inbox, search, service, snoozing
from widget_server.tickets.inbox import View
from widget_server.tickets.ledger import Actor

from .test_inbox import explained, numbers

TEAM = Actor("agent", "1", "Inés")


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
def walked(monkeypatch):
    """Collect what a search asks for its candidates."""
    asked = []
    monkeypatch.setattr(
        finding, "query", lambda sql, *params: asked.append((sql, params)) or list[tuple]()
    )
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
        ("has:file", "ticket_inbox"),
    ],
)
def test_a_search_looks_at_a_bounded_part_of_an_index(app, site, walked, text, index):
    finding.find(text, 1)
    deepest = finding.SHALLOW if text == "refund" else finding.DEPTH
    assert deepest in {depth for _, params in walked for depth in params}
    for sql, params in walked:
        assert max(each for each in params if isinstance(each, int)) <= deepest
        plan = explained(sql, params)
        assert index in plan
        assert "SCAN ticket" not in plan.replace("SCAN ticket_search", "") or "USING" in plan
        assert "Seq Scan on ticket " not in plan


def test_a_page_full_of_the_latest_needs_no_longer_walk(app, site, ada, monkeypatch):
    for title in ("Refund one", "Refund two", "Refund three"):
        ada.open(title=title)
    whole = [row.number for row in finding.find("is:open refund", 1)]
    monkeypatch.setattr(finding, "FOUND", 2)
    monkeypatch.setattr(finding, "STEPS", (2,))
    monkeypatch.setattr(search, "FREQUENT", 1)
    monkeypatch.setattr(finding, "DEPTH", 3)
    asked = []
    plain = finding.query
    monkeypatch.setattr(
        finding, "query", lambda sql, *params: asked.append(params) or plain(sql, *params)
    )
    assert [row.number for row in finding.find("is:open refund", 1)] == whole[:2]
    assert [params[1] for params in asked] == [2]


def test_what_is_rare_is_found_behind_what_is_frequent(ada, bruno, monkeypatch):
    bruno.open(title="Refund of old")
    for _ in range(4):
        ada.open(title="Refund")
    monkeypatch.setattr(finding, "STEPS", (1, 2))
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


def test_a_snoozed_ticket_leaves_the_open_views_and_returns_at_its_time(clock, agent, ada, site):
    ada.open(title="Later")
    ada.open(title="Now")
    agent.post(f"/tickets/{site.key}/1/snooze", until="hours")
    assert numbers(agent.get("/").text) == [2]
    assert numbers(agent.get("/?view=snoozed").text) == [1]
    clock.pass_(hours=2)
    jobs.run_due()
    assert numbers(agent.get("/").text) == [2]
    clock.pass_(hours=2)
    jobs.schedule()
    jobs.run_due()
    assert numbers(agent.get("/").text) == [1, 2]
    assert numbers(agent.get("/?view=snoozed").text) == []


def test_who_snoozed_until_when_is_told_in_the_readers_own_time(agent, ada, site):
    agent.record.name = "<b>Inés</b>"
    agent.record.save()
    ada.open()
    agent.post(f"/tickets/{site.key}/1/snooze", until="week")
    (until,) = query("SELECT snoozed_until FROM ticket")[0]
    page = agent.get(f"/tickets/{site.key}/1").text
    (told,) = re.findall(r'<li id="entry-[^"]+" class="event event-snoozed"><span>(.*?) · ', page)
    assert told.startswith("&lt;b&gt;Inés&lt;/b&gt; ")
    assert f'<time datetime="{until}" data-exact>' in told


def test_a_reply_wakes_a_ticket_and_an_agents_does_not(agent, ada, site):
    ticket = ada.open()
    agent.post(f"/tickets/{site.key}/1/snooze", until="reply")
    agent.reply(site, 1, "Tell us more")
    assert numbers(agent.get("/").text) == []
    ada.post(f"/tickets/{ticket['id']}/messages", body="Here it is")
    assert numbers(agent.get("/").text) == [1]


def test_sleep_is_the_teams_affair(agent, ada, site):
    ticket = ada.open()
    before = ada.get("/tickets").json["tickets"]
    agent.post(f"/tickets/{site.key}/1/snooze", until="week")
    assert ada.get("/tickets").json["tickets"] == before
    assert "snoozed" not in ada.get(f"/tickets/{ticket['id']}").text


def test_waking_by_hand_and_completing_end_the_sleep(agent, ada, site):
    for number in (1, 2):
        ada.open()
        agent.post(f"/tickets/{site.key}/{number}/snooze", until="week")
    agent.post(f"/tickets/{site.key}/1/snooze", until="")
    agent.post(f"/tickets/{site.key}/2/state", state="completed")
    assert query("SELECT count(*) FROM ticket WHERE snoozed_until IS NOT NULL") == [(0,)]


@pytest.mark.parametrize("until", ["2001-01-01T10:00", "2999-01-01T10:00", "nonsense"])
def test_nothing_sleeps_into_the_past_or_for_ever(agent, ada, site, until):
    ada.open()
    answer = agent.post(f"/tickets/{site.key}/1/snooze", until=until)
    assert answer.status_code == 422


def test_sleepers_are_listed_by_when_they_wake(clock, app, site, ada, agent):
    ada.open()
    ada.open()
    agent.post(f"/tickets/{site.key}/1/snooze", until="week")
    agent.post(f"/tickets/{site.key}/2/snooze", until="hours")
    rows, _ = inbox.rows(View(asleep=True))
    assert [row.number for row in rows] == [2, 1]
    first, after = inbox.rows(View(asleep=True), most=1)
    rest, _ = inbox.rows(View(asleep=True), after=after)
    assert [row.number for row in (*first, *rest)] == [2, 1]


def test_what_is_completed_cannot_sleep(app, ada, site):
    ticket = ada.open()
    found = service.find_by_id(site.id, ticket["id"])
    service.close(found, TEAM)
    with pytest.raises(Exception, match="refused|completed|field|Send"):
        snoozing.snooze(found, TEAM, snoozing.FOR_A_REPLY)
