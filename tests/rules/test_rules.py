"""Rules act in their order, under their own name, on what they were written for."""

import json

from widget_server.agents import teams
from widget_server.database import query, transaction
from widget_server.desk import replies
from widget_server.jobs import run_due
from widget_server.rules import grammar, service
from widget_server.tickets import events, ratings
from widget_server.tickets import service as tickets
from widget_server.tickets.ledger import Actor
from widget_server.webhooks import service as webhooks

from .conftest import did

INES = Actor("agent", "1", "Inés")


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
