"""Who may write into a request by mail: strangers, forgers, machines and floods do not get through."""

import pytest

from widget_server.agents import service as agents
from widget_server.database import is_sqlite, query
from widget_server.mail import desk, outbox, receiving
from widget_server.mail.judging import PER_SENDER

from ..console.test_inbox import explained
from .conftest import ANA, SUPPORT, states, thread
from .letters import fresh, reply_to


def test_a_stranger_who_answers_is_quarantined_and_an_agent_may_let_them_in(
    opened, visitor, agent, read_mail, site
):
    ticket, letter = opened
    read_mail(reply_to(letter, "I am her boss.", sender="Boss <boss@evil.example>"))
    assert len(thread(visitor, ticket)) == 1
    (waiting,) = desk.quarantined()
    assert (waiting.reason, waiting.ticket_id) == ("stranger", ticket["id"])
    page = agent.get("/mail").get_data(as_text=True)
    assert "boss@evil.example" in page
    assert "I am her boss." in page
    source = agent.get(f"/mail/incoming/{site.key}/{waiting.id}/source")
    assert b"I am her boss." in source.data
    place = f"/mail/incoming/{site.key}/{waiting.id}/acceptance"
    answer = agent.post(place, number=f"#{ticket['number']}")
    assert answer.location.endswith(f"/console/tickets/{site.key}/{ticket['number']}")
    assert thread(visitor, ticket)[-1]["body"] == "I am her boss."
    agent.post(place, number=str(ticket["number"]))
    assert len(thread(visitor, ticket)) == 2
    assert desk.quarantined() == []


def test_a_requester_cannot_use_an_agent_s_reply_address(opened, visitor, deliver, read_mail):
    ticket, _ = opened
    told = deliver("ines@team.example")[-1]
    read_mail(reply_to(told, "I am Inés.", sender=ANA))
    assert len(thread(visitor, ticket)) == 1
    assert states() == ["quarantined"]


def test_a_forged_sender_is_quarantined_when_our_server_says_so(opened, visitor, read_mail):
    ticket, letter = opened
    failed = "mx.shop.example; spf=fail; dkim=none; dmarc=fail"
    read_mail(reply_to(letter, "Forged.", Authentication_Results=failed))
    assert len(thread(visitor, ticket)) == 1
    assert desk.quarantined()[0].reason == "forged"


@pytest.mark.parametrize("mailed", ["mine", "nothing"])
def test_an_agent_answers_by_mail_whatever_they_are_mailed_about_by_now(
    opened, visitor, agent, deliver, read_mail, site, mailed
):
    ticket, _ = opened
    leo = agents.add_agent(email="leo@team.example", name="Leo", password="0123456789")
    place = f"/tickets/{site.key}/{ticket['number']}/assignee"
    agent.post(place, assignee=leo.id)
    visitor.post(f"/tickets/{ticket['id']}/messages", body="Hello?")
    told = deliver("leo@team.example")[-1]
    agent.post(place, assignee=agent.record.id)
    agents.choose_mail(leo, mailed)
    read_mail(reply_to(told, "It is on its way."))
    answer = thread(visitor, ticket)[-1]
    assert (answer["body"], answer["author"]["kind"], answer["author"]["name"]) == (
        "It is on its way.", "agent", "Leo",
    )  # fmt: skip


def test_an_agent_s_answer_that_was_let_in_is_the_agent_s(
    opened, visitor, agent, deliver, read_mail, site
):
    ticket, _ = opened
    told = deliver("ines@team.example")[-1]
    failed = "mx.shop.example; spf=fail; dkim=none; dmarc=fail"
    sender = "Inés <ines@team.example>"
    read_mail(reply_to(told, "It is on its way.", sender=sender, Authentication_Results=failed))
    (waiting,) = desk.quarantined()
    place = f"/mail/incoming/{site.key}/{waiting.id}/acceptance"
    agent.post(place, number=str(ticket["number"]))
    entry = thread(visitor, ticket)[-1]
    assert entry["body"] == "It is on its way."
    assert (entry["author"]["kind"], entry["author"]["name"]) == ("agent", "Inés")
    assert "It is on its way." in deliver(ANA)[-1].get_body(("plain",)).get_content()


def test_a_reply_address_with_one_letter_changed_is_nobody_s(opened, visitor, read_mail):
    ticket, letter = opened
    address = letter["Reply-To"].addresses[0].addr_spec
    local, host = address.split("@")
    changed = local[:-1] + ("a" if local[-1] != "a" else "b")
    read_mail(fresh(ANA, f"{changed}@{host}"))
    assert len(thread(visitor, ticket)) == 1
    assert states() == ["quarantined"]


def test_mail_to_nobody_waits_for_an_agent(site, read_mail):
    read_mail(fresh("x@mail.example", "somebody@elsewhere.example"))
    assert desk.quarantined()[0].reason == "unknown_address"


def test_one_sender_cannot_flood_the_inbox(site, client):
    for number in range(PER_SENDER + 3):
        receiving.receive(fresh("mad@mail.example", SUPPORT, f"n {number}"), source="test")
    assert query("SELECT count(*) FROM ticket") == [(PER_SENDER,)]
    assert {waiting.reason for waiting in desk.quarantined()} == {"too_many"}


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto-reply"),
        ({"X_Autoreply": "yes"}, "auto-reply"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"List_Id": "<news.example>"}, "bulk"),
        ({"X_Ventanilla_Loop": "1"}, "loop"),
    ],
)
def test_machines_are_not_answered(opened, visitor, deliver, read_mail, headers, reason, sink):
    ticket, letter = opened
    before = len(sink.letters)
    read_mail(reply_to(letter, "I am on holiday.", **headers))
    assert len(thread(visitor, ticket)) == 1
    assert query("SELECT state, reason FROM incoming") == [("ignored", reason)]
    deliver()
    assert len(sink.letters) == before


def test_a_bounce_marks_the_letter_and_spares_the_address(
    opened, visitor, agent, deliver, read_mail
):
    ticket, letter = opened
    read_mail(bounce_of(letter, "failed", "5.1.1"))
    assert query("SELECT state FROM mail WHERE recipient = ?", ANA) == [("bounced",)]
    visitor.open(email=ANA)
    assert len(deliver(ANA)) == 1
    states = query("SELECT state, error FROM mail WHERE recipient = ? ORDER BY created_at", ANA)
    assert [state for state, _ in states] == ["bounced", "cancelled"]
    assert "5.1.1" in states[1][1]


def test_a_letter_given_up_at_a_full_mailbox_has_failed_and_the_next_one_goes(
    opened, visitor, deliver, read_mail
):
    _, letter = opened
    read_mail(bounce_of(letter, "failed", "4.2.2"))
    (failed,) = outbox.failures()
    assert (failed.recipient, failed.state) == (ANA, "bounced")
    visitor.open(email=ANA)
    assert len(deliver(ANA)) == 2


def test_a_delay_is_not_a_bounce(opened, read_mail):
    _, letter = opened
    read_mail(bounce_of(letter, "delayed", "4.4.1"))
    assert query("SELECT state FROM mail WHERE recipient = ?", ANA) == [("sent",)]


def test_the_letter_an_answer_refers_to_is_found_by_its_key(opened, monkeypatch):
    _, letter = opened
    asked = []
    fetch = outbox.fetch
    monkeypatch.setattr(outbox, "fetch", lambda *all_: asked.append(all_) or fetch(*all_))
    (found,) = outbox.known(letter["Message-ID"].strip("<>").partition("@")[0])
    assert found.recipient == ANA
    ((_, terms, *params),) = asked
    plan = explained(f"SELECT * FROM mail WHERE {terms}", params)
    assert "Seq Scan" not in plan
    assert "(site_id=? AND id=?)" in plan or not is_sqlite()


def bounce_of(letter, action, status):
    return f"""From: MAILER-DAEMON@mail.example
To: help@shop.example
Subject: Delivery report
Message-ID: <bounce-{action}@mail.example>
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

The address does not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.mail.example

Final-Recipient: rfc822; {ANA}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b
Content-Type: text/rfc822-headers

Message-ID: {letter["Message-ID"]}
Subject: {letter["Subject"]}

--b--
""".encode()
