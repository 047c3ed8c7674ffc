"""Putting aside: what sleeps until a time or a reply, and what wakes it."""

import re

import pytest

from widget_server import jobs
from widget_server.database import query
from widget_server.tickets import inbox, service, snoozing
from widget_server.tickets.inbox import View
from widget_server.tickets.ledger import Actor

from .test_inbox import numbers

TEAM = Actor("agent", "1", "Inés")


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
