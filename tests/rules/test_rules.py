"""Rules act once, in their order, under their own name, and never on what rules did."""

import json

import pytest

from widget_server.agents import teams
from widget_server.database import query, transaction
from widget_server.desk import replies
from widget_server.errors import Conflict, Invalid
from widget_server.identity import service as identity
from widget_server.jobs import Job, run_due
from widget_server.rules import grammar, rehearsing, running, service
from widget_server.tickets import events, labels, ratings
from widget_server.tickets import service as tickets
from widget_server.tickets.ledger import Actor
from widget_server.webhooks import service as webhooks

INES = Actor("agent", "1", "Inés")


def did(ticket):
    """Return what the history says rules did: the rule, and each act."""
    rows = query(
        "SELECT actor_name, data, internal_at FROM event WHERE ticket_id = ? AND kind = 'rule'"
        " ORDER BY at, id",
        ticket.id,
    )
    assert all(internal for *_, internal in rows)
    return [(name, json.loads(data)["did"]) for name, data, _ in rows]


#: A condition, and whether it holds for the ticket below.
CONDITIONS = [
    ("text", "iva", True), ("text", "ayuda, por favor", True), ("text", "urgente", True),
    ("text", "factura", False), ("requester", "ada@customers.example", True),
    ("requester", "ADA@customers.example", True), ("requester", "@customers.example", True),
    ("requester", "example.org", False), ("requester", "mers.example", False),
    ("requester", "bob@customers.example", False), ("priority", "normal", True),
    ("priority", "high", False), ("tag", "VIP", False), ("identified", "", True),
    ("site", "this", True), ("site", "other", False), ("category", "this/help", True),
    ("category", "this/bug", False), ("category", "other/help", False),
]  # fmt: skip


def test_conditions_hold_or_do_not(site, add_site, rule, ada):
    other = add_site(name="Other")
    ada.open(title="Older than the rules")
    for number, (field, value, _) in enumerate(CONDITIONS):
        value = value.replace("this", site.key).replace("other", other.key)
        rule("opened", [(field, value)], [("tag", f"{number}-yes")])
        rule("opened", [(field, value, "not")], [("tag", f"{number}-no")])
    ada.open(title="Pedido con IVA duplicado", body="Ayuda,\npor  favor. ¡Es URGENTE!")
    run_due()
    (before,), (after,) = query("SELECT tags FROM ticket ORDER BY number")
    expected = {f"{n}-{'yes' if is_so else 'no'}" for n, (*_, is_so) in enumerate(CONDITIONS)}
    assert (json.loads(before), set(json.loads(after))) == ([], expected)


def test_all_or_any_and_none_at_all(rule, ada, visit):
    two = [("identified", ""), ("text", "refund")]
    rule("opened", two, [("tag", "all")])
    rule("opened", two, [("tag", "any")], match="any")
    rule("opened", [], [("tag", "everything")])
    ada.open(body="A refund, please")
    ada.open(body="Nothing")
    visit().open(body="Nothing")
    run_due()
    tags = [json.loads(row[0]) for row in query("SELECT tags FROM ticket ORDER BY number")]
    assert tags == [["all", "any", "everything"], ["any", "everything"], ["everything"]]


def test_rules_act_in_their_order_and_see_what_the_earlier_did(rule, ada):
    rule("opened", [("priority", "high")], [("tag", "too-early")], name="A")
    first = rule("opened", [], [("priority", "high")], name="B")
    rule("opened", [("priority", "high")], [("tag", "seen")], name="C")
    ada.open()
    run_due()
    assert query("SELECT tags FROM ticket") == [('["seen"]',)]
    service.move(first.id, up=True)
    ada.open()
    run_due()
    assert query("SELECT tags FROM ticket WHERE number = 2") == [('["seen", "too-early"]',)]


def test_every_act_is_done_and_told_in_the_history_and_the_log(
    rule, site, ada, boss, clerk, receiver, letters
):
    team = teams.save(None, name="Billing", mode="round_robin", members=[clerk.id], duties=[])
    saved = replies.save(
        None, name="Hola", body="Hi {first_name}, {number} at {agent}.", site_id=None
    )
    hook, secret = webhooks.create(site.id, url=receiver.url, events=["ticket.closed"])
    rule(
        "opened",
        [],
        [
            ("assign", f"team:{team}"), ("tag", "VIP"), ("priority", "urgent"), ("reply", saved),
            ("note", "Look at *this*."), ("notify", "assignee"), ("notify", f"agent:{boss.id}"),
            ("webhook", hook.id),
        ],
        name="Welcome VIPs",
    )  # fmt: skip
    made = ada.open()
    run_due()
    now = tickets.find_by_id(site.id, made["id"])
    assert (now.assignee_id, now.tags, now.priority) == (clerk.id, ["vip"], "urgent")
    ((name, acts),) = did(now)
    assert name == "Welcome VIPs"
    assert [(each["act"], each["to"]) for each in acts] == [
        ("assign", "Carlos"), ("tag", "vip"), ("priority", "urgent"), ("reply", "Hola"),
        ("note", ""), ("notify", "Carlos"), ("notify", "Berta"), ("webhook", ""),
    ]  # fmt: skip
    said = query("SELECT author, author_name, body, internal_at IS NULL FROM message ORDER BY id")
    assert ("agent", "Shop", "Hi Ada, #1 at Shop.", 1) in [tuple(map(_plain, row)) for row in said]
    assert ("agent", "Welcome VIPs", "Look at *this*.", 0) in [
        tuple(map(_plain, row)) for row in said
    ]
    posted = [text for text in letters() if "Welcome VIPs" in text and "\nTo: " in text]
    assert sorted("To: Berta" in text for text in posted) == [False, True]
    (call,) = receiver.calls
    assert call.verified(secret)
    assert call.body["type"] == "rule.matched"
    assert call.body["data"]["rule"]["name"] == "Welcome VIPs"
    assert call.body["data"]["ticket"]["tags"] == ["vip"]
    logged = query("SELECT agent_name, via, agent_id FROM audit WHERE act = 'rule.acted'")
    assert logged == [("Welcome VIPs", "rule", None)]
    shown = ada.get(f"/tickets/{now.id}")
    assert "Hi Ada" in shown.text
    assert "Welcome VIPs" not in shown.text


def _plain(value):
    return int(value) if isinstance(value, bool) else value


def test_a_rules_reply_is_no_answer_so_the_promise_stands(rule, site, ada):
    saved = replies.save(None, name="Hola", body="Soon.", site_id=None)
    rule("opened", [], [("reply", saved)])
    made = ada.open()
    before = tickets.find_by_id(site.id, made["id"])
    run_due()
    now = tickets.find_by_id(site.id, made["id"])
    assert (now.state, now.answered_at) == ("waiting", None)
    assert (now.waiting_since, now.due_at) == (before.waiting_since, before.due_at)
    assert now.unread_since is not None
    assert ada.get("/tickets").json["unread"] == 1


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


def test_each_occasion_sets_off_its_own_rules(rule, ticket):
    for occasion in grammar.OCCASIONS:
        rule(occasion, [], [("note", f"it was {occasion}")])
    now = ticket()
    with transaction():
        for kind in ("soon_late", "late", "paid"):
            events.announce(kind, now, once="1")
    tickets.post_message(now, INES, body="x", files=[])
    tickets.post_message(now, Actor("requester", now.requester_id, "Ada"), body="y", files=[])
    tickets.close(now, INES)
    ratings.rate(ticket(), Actor("requester", now.requester_id, "Ada"), good=True)
    run_due()
    noted = {body for (body,) in query("SELECT body FROM message WHERE body LIKE ?", "it was%")}
    # It was opened before there were rules.
    assert noted == {f"it was {each}" for each in grammar.OCCASIONS if each != "opened"}


def test_what_was_switched_off_or_is_gone_is_left_and_said(rule, site, ada, add_site, receiver):
    saved = replies.save(None, name="Hola", body="Hi", site_id=add_site(name="Other").id)
    hook, _ = webhooks.create(site.id, url=receiver.url, events=["ticket.closed"])
    webhooks.switch_off(hook, webhooks.BY_HAND)
    rule(
        "opened", [], [("notify", "assignee"), ("reply", saved), ("webhook", hook.id), ("tag", "x")]
    )
    off = rule("opened", [], [("tag", "off")])
    service.switch_off(off.id)
    made = ada.open()
    run_due()
    ((_, acts),) = did(tickets.find_by_id(site.id, made["id"]))
    assert [each.get("idle") for each in acts] == ["nobody", "other_site", "webhook_off", None]
    assert query("SELECT tags FROM ticket") == [('["x"]',)]


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
