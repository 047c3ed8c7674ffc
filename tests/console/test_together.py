"""Agents beside each other: who is here, who was quicker, and several tickets at once."""

import html
import re

import pytest

from widget_server.agents import service as agents
from widget_server.database import query
from widget_server.desk import presence
from widget_server.tickets import service

from ..support.console import AgentBrowser
from .test_inbox import numbers


@pytest.fixture
def bea(app, agent):
    """Bea, signed in at a browser of her own."""
    password = "correct horse battery"
    record = agents.add_agent(email="bea@team.example", name="Bea", password=password)
    client = app.test_client()
    client.post(
        "/console/sign-in",
        data={"email": record.email, "password": password},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    return AgentBrowser(client, record)


@pytest.fixture
def path(ada, site):
    return f"/tickets/{site.key}/{ada.open()['number']}"


def pulse(agent, path, **headers):
    return agent.get(f"{path}/pulse", headers={"HX-Request": "true"} | headers).text


def seen(agent, path):
    return re.search(r'name="seen" value="([^"]*)"', agent.get(path).text)[1]


def test_others_are_seen_while_they_are_here(clock, agent, bea, path):
    bea.get(path)
    assert "Bea la está viendo" in agent.get(path).text
    pulse(bea, path, **{"X-Visible": "1", "X-Writing": "1"})
    assert "Bea está respondiendo" in pulse(agent, path)
    assert "Bea" not in re.findall(r'class="presence".*?</p>', bea.get(path).text)
    clock.pass_(seconds=presence.GONE + 1)
    assert "Bea está" not in agent.get(path).text


def test_a_page_at_rest_stays_quiet_while_others_stay(agent, bea, path):
    bea.get(path)
    mark = html.unescape(
        re.search(r'id="ticket-pulse" hx-get="/console([^"]+)"', agent.get(path).text)[1]
    )
    pulse(bea, path, **{"X-Visible": "1"})
    assert agent.get(mark).status_code == 204


def test_a_double_answer_is_warned_of_and_can_be_meant(agent, bea, path, site, ada):
    known = seen(agent, path)
    bea.reply(site, 1, "Bea was quicker")
    answer = agent.reply(site, 1, "Me too", seen=known)
    assert answer.status_code == 409
    assert "Bea ha respondido" in answer.text
    assert "Me too</textarea>" in answer.text
    assert query("SELECT count(*) FROM message") == [(2,)]
    assert agent.reply(site, 1, "Me too", seen=known, sure="1").status_code == 303
    assert query("SELECT count(*) FROM message") == [(3,)]


def test_ones_own_answer_and_notes_of_others_warn_of_nothing(agent, bea, path, site):
    known = seen(agent, path)
    bea.reply(site, 1, "Between us", kind="note")
    assert agent.reply(site, 1, "One", seen=known).status_code == 303
    assert agent.reply(site, 1, "Two", seen=known).status_code == 303


@pytest.fixture
def three(ada, site):
    for _ in range(3):
        ada.open()
    return [f"{site.key}:{number}" for number in (1, 2, 3)]


def undo_of(answer):
    return re.findall(r'name="was" value="([^"]+)"', html.unescape(answer.text))


def bulk(agent, act, tickets):
    return agent.client.post(
        "/console/bulk",
        data={"act": act, "ticket": tickets},
        headers={"Sec-Fetch-Site": "same-origin", "HX-Request": "true"},
    )


def undo(agent, was):
    return agent.client.post(
        "/console/bulk/undo", data={"was": was}, headers={"Sec-Fetch-Site": "same-origin"}
    )


@pytest.mark.parametrize(
    ("act", "view"),
    [("complete", "completed"), ("assign:me", "mine"), ("snooze:week", "snoozed")],
)
def test_one_act_on_many_and_back(agent, three, act, view):
    answer = bulk(agent, act, three[:2])
    assert sorted(numbers(agent.get(f"/?view={view}").text)) == [1, 2]
    undo(agent, undo_of(answer))
    assert numbers(agent.get(f"/?view={view}").text) == []
    assert sorted(numbers(agent.get("/").text)) == [1, 2, 3]


def test_what_was_completed_by_mistake_is_due_as_before(agent, three):
    promised = query("SELECT id, waiting_since, due_at FROM ticket ORDER BY id")
    answer = bulk(agent, "complete", three)
    assert query("SELECT count(*) FROM ticket WHERE due_at IS NOT NULL") == [(0,)]
    undo(agent, undo_of(answer))
    assert query("SELECT id, waiting_since, due_at FROM ticket ORDER BY id") == promised


def test_taking_an_act_back_leaves_what_others_did_meanwhile(agent, bea, three, site, ada):
    answer = bulk(agent, "priority:high", three)
    bea.post(f"/tickets/{site.key}/1/state", state="completed")
    bea.post(f"/tickets/{site.key}/2/assignee", assignee="me")
    bea.post(f"/tickets/{site.key}/3/tags", tag="vip")
    undo(agent, undo_of(answer))
    assert query("SELECT state, assignee_id, tags, priority FROM ticket ORDER BY number") == [
        ("completed", None, "[]", "normal"),
        ("waiting", bea.record.id, "[]", "normal"),
        ("waiting", None, '["vip"]', "normal"),
    ]


def test_a_request_asked_again_meanwhile_is_not_completed_anew(agent, three, site, ada):
    agent.post(f"/tickets/{site.key}/1/snooze", until="week")
    answer = bulk(agent, "complete", three)
    ada.post(f"/tickets/{_id(site, 1)}/messages", body="Not yet!")
    agent.post(f"/tickets/{site.key}/1/state", state="in_progress")
    undo(agent, undo_of(answer))
    assert query("SELECT state, snoozed_until FROM ticket ORDER BY number") == [
        ("in_progress", None), ("waiting", None), ("waiting", None),
    ]  # fmt: skip


def test_what_became_part_of_another_meanwhile_is_left_out(agent, three, site):
    answer = bulk(agent, "assign:me", three)
    agent.post(f"/tickets/{site.key}/2/merger", number="1")
    undo(agent, undo_of(answer))
    assert sorted(numbers(agent.get("/?view=unassigned").text)) == [1, 3]
    assert undo_of(bulk(agent, "complete", [f"{site.key}:2"])) == []
    assert numbers(agent.get("/?view=completed").text) == []


def test_all_that_was_ticked_is_acted_on_and_undone_or_nothing_is(agent, three, site):
    many = [f"{site.key}:{number}" for number in range(1_000, 1_120)]
    answer = bulk(agent, "complete", many + three)
    assert sorted(numbers(agent.get("/?view=completed").text)) == [1, 2, 3]
    undo(agent, [f"{key}=waiting::normal::=completed::normal::" for key in many] + undo_of(answer))
    assert numbers(agent.get("/?view=completed").text) == []
    assert (
        bulk(agent, "complete", [f"{site.key}:{number}" for number in range(401)]).status_code
        == 422
    )


def test_a_ticket_with_no_room_stops_no_other(agent, three, site):
    agent.post(f"/tickets/{site.key}/1/tags", tag=",".join(f"t{number}" for number in range(20)))
    answer = agent.client.post(
        "/console/bulk",
        data={"act": "tag", "tag": "vip", "ticket": three},
        headers={"Sec-Fetch-Site": "same-origin", "HX-Request": "true"},
    )
    assert len(undo_of(answer)) == 2
    assert sorted(numbers(agent.get("/?q=tag:vip").text)) == [2, 3]


def test_what_is_gone_or_done_is_left_out(agent, three, site, ada):
    service.close(service.find_by_id(site.id, _id(site, 1)), service.ledger.Actor("agent", "1", ""))
    answer = bulk(agent, "complete", [*three, f"{site.key}:99", "nonsense"])
    assert len(undo_of(answer)) == 2


@pytest.mark.parametrize("act", ["", "explode", "assign:4711", "snooze:", "snooze:nonsense"])
def test_acts_that_are_none_are_refused(agent, three, act):
    assert bulk(agent, act, three).status_code == 422


def _id(site, number):
    rows = query("SELECT id FROM ticket WHERE site_id = ? AND number = ?", site.id, number)
    return rows[0][0]
