"""Rules act once and never on what rules did, whatever is repeated, fails or answers back."""

import pytest

from widget_server.database import query
from widget_server.desk import replies
from widget_server.jobs import Job, run_due
from widget_server.rules import running
from widget_server.tickets import service as tickets
from widget_server.tickets.ledger import Actor

from .conftest import did

INES = Actor("agent", "1", "Inés")


def test_rules_never_set_off_rules(rule, site, ada):
    saved = replies.save(None, name="Hola", body="Soon.", site_id=None)
    rule("opened", [], [("reply", saved), ("tag", "one")])
    for occasion in ("agent_replied", "requester_replied"):
        rule(occasion, [], [("reply", saved), ("tag", "loop"), ("note", "again")])
    made = ada.open()
    while run_due():
        pass
    now = tickets.find_by_id(site.id, made["id"])
    assert now.tags == ["one"]
    assert query("SELECT count(*) FROM message WHERE ticket_id = ?", now.id) == [(2,)]
    assert query("SELECT count(*) FROM job WHERE kind = 'rules.run'") == [(0,)]


def test_a_rule_replies_to_a_ticket_once_a_day(rule, clock, visit, site):
    saved = replies.save(None, name="Hola", body="Soon.", site_id=None)
    rule("requester_replied", [], [("reply", saved)])
    ada = visit("ada", email="ada@customers.example", email_verified=True)
    made = ada.open()
    for _ in range(3):
        ada.post(f"/tickets/{made['id']}/messages", body="And?")
        run_due()
    clock.pass_(hours=25)
    ada.post(f"/tickets/{made['id']}/messages", body="And?")
    run_due()
    assert query("SELECT count(*) FROM message WHERE author = 'agent'") == [(2,)]
    idle = [acts[0].get("idle") for _, acts in did(tickets.find_by_id(site.id, made["id"]))]
    assert sorted(map(str, idle)) == ["None", "None", "replied_already", "replied_already"]


def test_programs_that_answer_each_other_come_to_an_end(rule, ticket):
    rule("agent_replied", [], [("note", "noted")])
    for _ in range(running.HOURLY + 5):
        tickets.post_message(ticket(), INES, body="x", files=[])
    run_due()
    assert query("SELECT count(*) FROM message WHERE body = 'noted'") == [(running.HOURLY,)]


def test_a_job_that_is_repeated_does_nothing(rule, site, ada):
    rule("opened", [], [("note", "once")])
    ada.open()
    job = Job.get(Job.kind == "rules.run")
    for _ in range(3):
        running.run(**job.payload)
    run_due()
    assert query("SELECT count(*) FROM message WHERE body = 'once'") == [(1,)]


def test_a_rule_that_did_not_match_does_not_match_at_a_repetition_either(rule, ada):
    rule("opened", [("tag", "late")], [("note", "must not be")])
    rule("opened", [], [("tag", "late")])
    ada.open()
    job = Job.get(Job.kind == "rules.run")
    running.run(**job.payload)
    running.run(**job.payload)
    assert query("SELECT count(*) FROM message WHERE body = 'must not be'") == [(0,)]


def test_what_fails_half_way_is_done_whole_or_not_at_all(rule, ada, monkeypatch):
    rule("opened", [], [("tag", "a"), ("note", "b")])
    ada.open()
    job = Job.get(Job.kind == "rules.run")
    whole = tickets.post_message

    def breaks(*args, **options):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(tickets, "post_message", breaks)
    with pytest.raises(RuntimeError):
        running.run(**job.payload)
    assert query("SELECT tags FROM ticket") == [("[]",)]
    monkeypatch.setattr(tickets, "post_message", whole)
    run_due()
    assert query("SELECT tags FROM ticket") == [('["a"]',)]
