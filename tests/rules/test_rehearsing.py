"""A rule is rehearsed before it acts; one that makes no sense is not even kept."""

import pytest

from widget_server.database import query
from widget_server.errors import Conflict, Invalid
from widget_server.identity import service as identity
from widget_server.rules import grammar, rehearsing, service
from widget_server.tickets import labels
from widget_server.tickets import service as tickets
from widget_server.tickets.ledger import Actor

INES = Actor("agent", "1", "Inés")


def test_a_changed_rule_is_off_until_its_rehearsal_was_seen(rule):
    made = rule("opened", [], [("tag", "a")], on=False)
    assert service.find(made.id).enabled_at is None
    service.switch_on(made.id, made.changed_at)
    given = {"name": "N", "occasion": "opened", "match": "all", "conditions": []}
    service.save(made.id, given | {"acts": [{"act": "tag", "value": "b"}]})
    assert service.find(made.id).enabled_at is None
    with pytest.raises(Conflict):
        service.switch_on(made.id, made.changed_at)
    acts = [act for (act,) in query("SELECT act FROM audit ORDER BY id") if act.startswith("rule")]
    assert acts == []  # Nobody's request: a test wrote them.


def test_the_rehearsal_tells_what_would_happen_and_changes_nothing(rule, site, ada, visit, boss):
    owner = identity.owner_of(site.id, "ada@customers.example")
    caller = identity.caller_for(site.id, owner, email="ada@customers.example", name=None)

    def file(title):
        return tickets.open_ticket(caller, title=title, body="x", locale="es", category="help")

    for number in range(105):
        file(f"Refund {number}" if number % 2 else "Other")
    labels.set_tags(file("Refund, tagged"), INES, ["r"])
    closed = file("Refund, done")
    tickets.close(closed, INES)
    before = query("SELECT * FROM ticket"), query("SELECT count(*) FROM event")
    made = rule("opened", [("text", "refund")], [("tag", "r"), ("note", "x")], on=False)
    found = rehearsing.rehearse(made)
    assert (found.looked_at, found.happened, len(found.scenes)) == (100, 100, 51)
    assert found.scenes[0].ticket.title == "Refund, done"
    assert [would for _, would in found.scenes[0].acts] == [True, True]
    assert [would for _, would in found.scenes[1].acts] == [False, True]
    done = rehearsing.rehearse(rule("closed", [], [("priority", "low")], on=False))
    assert (done.happened, [each.ticket.number for each in done.scenes]) == (1, [107])
    assert rehearsing.rehearse(rule("paid", [], [("tag", "x")], on=False)).happened == 0
    assert (query("SELECT * FROM ticket"), query("SELECT count(*) FROM event")) == before


def test_what_makes_no_sense_is_refused(rule, app):
    bad = [
        ("never", [], [("tag", "x")]),
        ("opened", [], []),
        ("opened", [("colour", "red")], [("tag", "x")]),
        ("opened", [("text", " ")], [("tag", "x")]),
        ("opened", [("text", "x" * 201)], [("tag", "x")]),
        ("opened", [("requester", "somebody")], [("tag", "x")]),
        ("opened", [("site", "nowhere")], [("tag", "x")]),
        ("opened", [("category", "nowhere/x")], [("tag", "x")]),
        ("opened", [("priority", "asap")], [("tag", "x")]),
        ("opened", [("text", "x")] * 11, [("tag", "x")]),
        ("opened", [], [("tag", "x")] * 9),
        ("opened", [], [("tag", "!")]),
        ("opened", [], [("assign", "agent:99")]),
        ("opened", [], [("assign", "assignee")]),
        ("opened", [], [("notify", "team:1")]),
        ("opened", [], [("reply", "none")]),
        ("opened", [], [("webhook", "none")]),
        ("opened", [], [("note", "x" * 2_001)]),
        ("opened", [], [("explode", "")]),
    ]
    for occasion, conditions, acts in bad:
        with pytest.raises(Invalid):
            rule(occasion, conditions, acts)
    for _ in range(grammar.MOST):
        rule("opened", [], [("tag", "x")], on=False)
    with pytest.raises(Conflict):
        rule("opened", [], [("tag", "x")])
