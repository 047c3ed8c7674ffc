"""Rules in the console: written without a script, rehearsed, switched on, put in order."""

import re

import pytest

from widget_server.database import query
from widget_server.jobs import run_due
from widget_server.rules import service

FORM = {
    "name": "Refunds are urgent",
    "occasion": "opened",
    "match": "all",
    "c0-field": "text",
    "c0-not": "0",
    "c0-value": "refund",
    "a0-act": "priority",
    "a0-value": "urgent",
}


@pytest.fixture
def saved(agent):
    answer = agent.post("/rules/new", **FORM, do="save")
    assert answer.status_code == 303
    return re.search("rules/([^/]+)/rehearsal", answer.location)[1]


def test_a_rule_is_written_rehearsed_and_switched_on(agent, ada, saved):
    ada.open(title="A refund, please")
    ada.open(title="Something else")
    page = agent.get(f"/rules/{saved}/rehearsal").text
    assert "Habría actuado en 1 solicitud." in page
    assert "A refund, please" in page
    assert "Something else" not in page
    assert query("SELECT DISTINCT priority FROM ticket") == [("normal",)]
    seen = re.search('name="seen" value="([^"]+)"', page)[1]
    assert agent.post(f"/rules/{saved}/activation", seen=seen).status_code == 303
    ada.open(title="My refund")
    run_due()
    assert query("SELECT number FROM ticket WHERE priority = 'urgent'") == [(3,)]
    site_key = query("SELECT key FROM site")[0][0]
    shown = agent.get(f"/tickets/{site_key}/3").text
    assert "Regla «Refunds are urgent»: puso la prioridad Urgente" in shown
    assert "Regla «Refunds are urgent» puso la prioridad Urgente" in shown
    log = agent.get("/audit?group=rule").text
    assert "actuó en" in log
    assert "Actuó 1 vez" in agent.get("/rules").text
    agent.post(f"/rules/{saved}/deactivation")
    assert service.find(saved).enabled_at is None


def test_a_version_nobody_has_rehearsed_is_not_switched_on(agent, saved):
    answer = agent.post(f"/rules/{saved}/activation", seen="2020-01-01T00:00:00.000000Z")
    assert answer.status_code == 409
    assert "ha cambiado entretanto" in answer.text
    assert service.find(saved).enabled_at is None


def test_rows_are_added_changed_and_dropped_without_a_script(agent):
    more = agent.post("/rules/new", **FORM, do="add-condition").text
    assert 'name="c1-field"' in more
    assert 'value="refund"' in more
    shown = agent.post("/rules/new", **FORM | {"c0-field": "category"}, do="show").text
    assert '<select name="c0-value"' in shown
    fewer = agent.post("/rules/new", **FORM, do="drop-condition:0").text
    assert 'name="c0-field"' not in fewer
    assert "Sin condiciones" in fewer
    assert 'name="a1-act"' in agent.post("/rules/new", **FORM, do="add-act").text
    assert 'name="a0-act"' not in agent.post("/rules/new", **FORM, do="drop-act:0").text
    assert service.all_rules() == []


def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(agent):
    answer = agent.post("/rules/new", **FORM | {"c0-field": "requester"}, do="save")
    assert answer.status_code == 422
    assert 'aria-describedby="fault-conditions-0"' in answer.text
    assert 'value="refund"' in answer.text
    markup = agent.post("/rules/new", **FORM | {"name": "<script>"}, do="save").location
    assert "<script>" not in agent.client.get(markup).text.split("</head>")[1]


def test_rules_change_places_and_go(agent, saved):
    agent.post("/rules/new", **FORM | {"name": "Second"}, do="save")
    second = service.all_rules()[1].id
    agent.post(f"/rules/{second}/move", way="up")
    assert [rule.id for rule in service.all_rules()] == [second, saved]
    agent.post(f"/rules/{second}/move", way="up")
    agent.post(f"/rules/{second}/move", way="down")
    assert [rule.id for rule in service.all_rules()] == [saved, second]
    agent.post(f"/rules/{saved}/removal")
    assert [rule.id for rule in service.all_rules()] == [second]
    acts = [act for (act,) in query("SELECT act FROM audit ORDER BY id") if act.startswith("rule.")]
    assert acts == ["rule.saved"] * 2 + ["rule.moved"] * 2 + ["rule.removed"]
