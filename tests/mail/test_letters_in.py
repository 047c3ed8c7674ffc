"""An answer from a mailbox is in the thread, once, whichever way and however often it comes."""

import hashlib
import hmac
import json
import time

import pytest

from widget_server.database import execute, query
from widget_server.mail import desk, mailbox, receiving
from widget_server.sites import service as sites

from .conftest import SUPPORT
from .letters import fresh, reply_to

ANA = "ana@mail.example"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def opened(visitor, deliver, agent):
    """Ana's ticket, and the letter that told her of it."""
    ticket = visitor.open(email=ANA)
    return ticket, deliver(ANA)[-1]


def thread(visitor, ticket):
    shown = visitor.get(f"/tickets/{ticket['id']}").json
    return [entry for entry in shown["thread"] if entry["type"] == "message"]


def states():
    return [row[0] for row in query("SELECT state FROM incoming ORDER BY id")]


def test_an_answer_with_a_file_is_in_the_thread_once(opened, visitor, read_mail):
    ticket, letter = opened
    raw = reply_to(letter, "Aquí va la foto.", files=[("foto.png", PNG, "image/png")])
    assert read_mail(raw) == 1
    _, answer = thread(visitor, ticket)
    assert answer["body"] == "Aquí va la foto."
    assert answer["author"]["you"] is True
    assert [file["name"] for file in answer["attachments"]] == ["foto.png"]
    assert "escribió:" in answer["quoted"]
    assert read_mail() == 0
    assert read_mail(raw) == 1
    assert len(thread(visitor, ticket)) == 2


def test_the_same_mail_by_mailbox_and_by_webhook_is_one_message(opened, visitor, client, read_mail):
    ticket, letter = opened
    raw = reply_to(letter, "Only once.")
    read_mail(raw)
    answer = client.post(
        "/hooks/mail/postmark?secret=hook-secret", json={"RawEmail": raw.decode("utf-8")}
    )
    assert (answer.status_code, answer.json["state"]) == (200, "seen")
    assert len(thread(visitor, ticket)) == 2


@pytest.mark.parametrize("provider", ["mailgun", "postmark", "sendgrid"])
def test_each_provider_s_webhook_brings_an_answer(opened, visitor, client, provider):
    ticket, letter = opened
    raw = reply_to(letter, f"By {provider}, ¿sí?").decode("utf-8")
    if provider == "mailgun":
        at, token = str(int(time.time())), "t" * 50
        signature = hmac.new(b"mailgun-key", f"{at}{token}".encode(), hashlib.sha256).hexdigest()
        form = {"timestamp": at, "token": token, "signature": signature, "body-mime": raw}
        answer = client.post("/hooks/mail/mailgun/mime", data=form)
        refused = client.post("/hooks/mail/mailgun/mime", data=form | {"signature": "0" * 64})
    elif provider == "postmark":
        answer = client.post("/hooks/mail/postmark?secret=hook-secret", json={"RawEmail": raw})
        refused = client.post("/hooks/mail/postmark?secret=wrong", json={"RawEmail": raw})
    else:
        answer = client.post("/hooks/mail/sendgrid?secret=hook-secret", data={"email": raw})
        refused = client.post("/hooks/mail/sendgrid", data={"email": raw})
    assert (answer.status_code, answer.json) == (200, {"state": "posted"})
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "hook_not_verified")
    assert thread(visitor, ticket)[-1]["body"] == f"By {provider}, ¿sí?"


def test_a_webhook_brings_a_large_mail(site, client):
    raw = fresh("ana@mail.example", SUPPORT, "Large", "y " * 1_000_000).decode()
    answer = client.post("/hooks/mail/sendgrid?secret=hook-secret", data={"email": raw})
    assert (answer.status_code, answer.json) == (200, {"state": "opened"})


def test_a_webhook_that_sends_no_raw_mail_is_told_which_setting_does(client):
    path = "/hooks/mail/{}?secret=hook-secret"
    for provider, data in (
        ("postmark", {"json": {"TextBody": "x"}}),
        ("sendgrid", {"data": {"text": "x"}}),
    ):
        answer = client.post(path.format(provider), **data)
        assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_hook")
        assert "Tick" in answer.json["error"]["message"]
    assert client.post(path.format("nobody")).status_code == 404


def test_an_agent_answers_by_mail_and_the_requester_hears(opened, visitor, deliver, read_mail):
    ticket, _ = opened
    told = deliver("ines@team.example")[-1]
    read_mail(reply_to(told, "**Mañana** lo tienes."))
    last = thread(visitor, ticket)[-1]
    assert (last["author"]["kind"], last["author"]["name"]) == ("agent", "Inés")
    assert last["body"] == "**Mañana** lo tienes."
    assert "Mañana" in deliver(ANA)[-1].get_body(("plain",)).get_content()


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


def test_a_reply_address_with_one_letter_changed_is_nobody_s(opened, visitor, read_mail):
    ticket, letter = opened
    address = letter["Reply-To"].addresses[0].addr_spec
    local, host = address.split("@")
    changed = local[:-1] + ("a" if local[-1] != "a" else "b")
    read_mail(fresh(ANA, f"{changed}@{host}"))
    assert len(thread(visitor, ticket)) == 1
    assert states() == ["quarantined"]


def test_an_answer_sent_to_the_sender_s_address_finds_its_ticket_by_the_letter(
    opened, visitor, read_mail
):
    ticket, letter = opened
    raw = reply_to(letter, "Replied to From.").replace(
        letter["Reply-To"].addresses[0].addr_spec.encode(), SUPPORT.encode()
    )
    read_mail(raw)
    assert thread(visitor, ticket)[-1]["body"] == "Replied to From."


def test_new_mail_to_the_support_address_opens_a_ticket(agent, read_mail, deliver, site):
    read_mail(fresh("Carla <carla@mail.example>", SUPPORT, "No funciona", "Desde ayer."))
    (row,) = query("SELECT title, email, category_id FROM ticket")
    assert row == ("No funciona", "carla@mail.example", "other")
    (letter,) = deliver("carla@mail.example")
    assert "[#1] No funciona" in letter["Subject"]
    read_mail(reply_to(letter, "Y hoy tampoco."))
    assert query("SELECT count(*) FROM message") == [(2,)]


def test_a_site_that_opens_none_by_mail_keeps_it_for_an_agent(agent, read_mail, site):
    settings = site.settings | {"mail": {"address": SUPPORT, "opens": False}}
    sites.update_site(site, settings=settings)
    read_mail(fresh("carla@mail.example", SUPPORT))
    (waiting,) = desk.quarantined()
    assert waiting.reason == "not_taken"
    agent.post(f"/mail/incoming/{site.key}/{waiting.id}/acceptance")
    assert query("SELECT count(*) FROM ticket") == [(1,)]


def test_mail_to_nobody_waits_for_an_agent(site, read_mail):
    read_mail(fresh("x@mail.example", "somebody@elsewhere.example"))
    assert desk.quarantined()[0].reason == "unknown_address"


def test_one_sender_cannot_flood_the_inbox(site, client):
    for number in range(judging_limit() + 3):
        receiving.receive(fresh("mad@mail.example", SUPPORT, f"n {number}"), source="test")
    assert query("SELECT count(*) FROM ticket") == [(judging_limit(),)]
    assert {waiting.reason for waiting in desk.quarantined()} == {"too_many"}


def judging_limit():
    from widget_server.mail.judging import PER_SENDER

    return PER_SENDER


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


def test_a_delay_is_not_a_bounce(opened, read_mail):
    _, letter = opened
    read_mail(bounce_of(letter, "delayed", "4.4.1"))
    assert query("SELECT state FROM mail WHERE recipient = ?", ANA) == [("sent",)]


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


def test_a_mail_that_is_too_large_is_noted_and_its_sender_told(
    site, deliver, monkeypatch, read_mail
):
    monkeypatch.setattr(receiving, "LARGEST", 20_000)
    read_mail(fresh("big@mail.example", SUPPORT, "Big", "x" * 70 + "\n" * 2 + "y " * 20_000))
    assert desk.quarantined()[0].reason == "too_big"
    (told,) = deliver("big@mail.example")
    assert "demasiado grande" in told.get_body(("plain",)).get_content()


def test_a_mail_nobody_can_read_is_kept_and_nothing_stops(site, read_mail):
    nested = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
    nested += b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 300
    many = f"From: a@b.example\nTo: {', '.join(f'p{n}@x.example' for n in range(10_000))}\n\nhi"
    fine = fresh("fine@mail.example", SUPPORT)
    assert read_mail(nested, many.encode(), fine) == 3
    assert states().count("quarantined") == 2
    assert query("SELECT email FROM ticket") == [("fine@mail.example",)]


def test_files_that_are_not_taken_are_named_to_their_sender(opened, visitor, deliver, read_mail):
    ticket, letter = opened
    evil = ("run.exe", b"MZ" + b"\0" * 200, "application/octet-stream")
    read_mail(reply_to(letter, "See the file.", files=[evil]))
    assert thread(visitor, ticket)[-1]["body"] == "See the file."
    told = deliver(ANA)[-1].get_body(("plain",)).get_content()
    assert "run.exe" in told


def test_a_mailbox_a_person_reads_too_hides_nothing(inbox, read_mail, site):
    read_mail(fresh("one@mail.example", SUPPORT))
    inbox.deliver(fresh("two@mail.example", SUPPORT))
    with inbox.login() as person:
        person.store("1:*", "+FLAGS", "\\Seen")
    assert mailbox.look(inbox.url) == 1
    assert query("SELECT count(*) FROM ticket") == [(2,)]


def test_a_mail_fetched_by_a_reader_that_died_is_taken_in_by_the_next(inbox, read_mail, site):
    read_mail(fresh("one@mail.example", SUPPORT))
    execute("UPDATE mailbox SET last_uid = last_uid - 1")
    assert mailbox.look(inbox.url) == 1
    assert query("SELECT count(*) FROM ticket") == [(1,)]


def test_what_was_folded_away_is_kept_whole(opened, visitor, read_mail):
    ticket, letter = opened
    read_mail(reply_to(letter, "x" * 60_000))
    (body, quoted) = query("SELECT body, quoted FROM message ORDER BY sent_at DESC LIMIT 1")[0]
    assert len(body) == receiving.BODY
    assert quoted.startswith("x" * (60_000 - receiving.BODY))
    assert json.dumps(thread(visitor, ticket)[-1])
