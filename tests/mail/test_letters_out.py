"""Everybody is told what concerns them, once, in their language, also when the server was away."""

import pytest

from widget_server import database, jobs
from widget_server.agents import people
from widget_server.agents import service as agents
from widget_server.database import query
from widget_server.mail import drafting, outbox
from widget_server.tickets import merging, service
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id

from ..support.visitor import Visitor

ANA = "ana@mail.example"


def subjects(letters):
    return [letter["Subject"] for letter in letters]


def test_a_visitor_hears_that_the_request_arrived_and_the_team_that_it_came(
    agent, visitor, deliver
):
    visitor.open(email=ANA, title="Printer on fire", locale="es")
    (letter,) = deliver(ANA)
    assert letter["Subject"] == "[#1] Printer on fire"
    assert letter["From"].addresses[0].display_name == "Shop"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "https://help.example/t/" in letter.get_body(("plain",)).get_content()
    (told,) = deliver("ines@team.example")
    assert "marta" not in told.as_string()
    assert "/console/tickets/" in told.get_body(("html",)).get_content()


def test_an_answer_is_mailed_in_the_ticket_s_language_and_thread(agent, visitor, deliver, site):
    ticket = visitor.open(email=ANA, locale="de")
    agent.reply(site, ticket["number"], "**Bald** fertig.")
    first, answer = deliver(ANA)
    assert "Ihre Anfrage ist angekommen" in first.get_body(("plain",)).get_content()
    assert answer["Subject"] == f"Re: [#1] {ticket['title']}"
    assert answer["References"] == first["References"]
    assert "<strong>Bald</strong>" in answer.get_body(("html",)).get_content()
    assert answer["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_someone_the_host_vouches_for_is_led_back_to_its_page(visit, deliver):
    ada = visit("ada", email="ada@mail.example", email_verified=True)
    ticket = ada.open(context={"url": "https://shop.example/cart?x=1#y"})
    (letter,) = deliver("ada@mail.example")
    link = f"https://shop.example/cart?x=1#ventanilla=ticket.{ticket['id']}"
    assert link in letter.get_body(("plain",)).get_content()


def test_a_page_whose_address_is_none_is_not_led_back_to(visit, deliver):
    ada = visit("ada", email="ada@mail.example", email_verified=True)
    ada.open(context={"url": "http://[shop.example"})
    (letter,) = deliver("ada@mail.example")
    assert "[shop.example" not in letter.get_body(("plain",)).get_content()


def test_no_news_are_mailed_to_whoever_wants_none(agent, visitor, deliver, site):
    ticket = visitor.open(email=ANA, notify=False)
    agent.reply(site, ticket["number"], "Done.")
    assert len(deliver(ANA)) == 1
    visitor.put(f"/tickets/{ticket['id']}/notification", notify=True)
    agent.reply(site, ticket["number"], "Really done.")
    assert len(deliver(ANA)) == 2


def test_one_click_stops_the_mails_of_a_ticket_and_looking_does_not(
    agent, client, visitor, deliver, site
):
    ticket = visitor.open(email=ANA)
    agent.reply(site, ticket["number"], "One.")
    path = deliver(ANA)[-1]["List-Unsubscribe"].strip("<>").removeprefix("https://help.example")
    assert client.get(path).status_code == 200
    assert visitor.get(f"/tickets/{ticket['id']}").json["notify"] is True
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert visitor.get(f"/tickets/{ticket['id']}").json["notify"] is False
    assert client.post(path, data={"again": "1"}).status_code == 200
    assert visitor.get(f"/tickets/{ticket['id']}").json["notify"] is True
    assert client.get(path + "x").status_code == 401


def test_the_assignee_alone_is_told_and_agents_choose(app, agent, visitor, deliver, site, sink):
    other = agents.add_agent(email="leo@team.example", name="Leo", password="0123456789")
    quiet = agents.add_agent(email="mia@team.example", name="Mia", password="0123456789")
    agents.choose_mail(quiet, "nothing")
    ticket = visitor.open(email=ANA)
    deliver()
    assert len(sink.to("leo@team.example")) == len(sink.to("ines@team.example")) == 1
    agent.post(f"/tickets/{site.key}/{ticket['number']}/assignee", assignee=other.id)
    visitor.post(f"/tickets/{ticket['id']}/messages", body="More")
    deliver()
    assert len(sink.to("leo@team.example")) == 2
    assert len(sink.to("ines@team.example")) == 1
    assert sink.to("mia@team.example") == []


def test_a_step_that_is_done_is_told_like_progress_set_by_hand(
    clock, agent, visitor, deliver, site
):
    ticket = visitor.open(email=ANA)
    deliver()
    steps = [{"label": "Look", "done": True}, {"label": "Mend", "done": False}]
    found = find_by_id(site.id, ticket["id"])
    service.set_checklist(found, Actor("agent", str(agent.record.id), "Inés"), steps)
    service.set_checklist(found, Actor("agent", str(agent.record.id), "Inés"), steps)
    clock.pass_(minutes=2)
    _, moved = deliver(ANA)
    assert "It is now in progress, at 50 %." in moved.get_body(("plain",)).get_content()
    assert visitor.get("/updates?since=0").json["unread"] == 1


def test_a_note_is_mailed_to_nobody(agent, visitor, deliver, site, sink):
    ticket = visitor.open(email=ANA)
    deliver()
    before = len(sink.letters)
    agent.reply(site, ticket["number"], "Between us.", kind="note")
    deliver()
    assert len(sink.letters) == before


def test_what_waits_for_a_server_that_is_away_goes_out_when_it_is_back(
    clock, agent, visitor, deliver, sink
):
    sink.stop()
    for number in range(5):
        visitor.open(email=ANA, title=f"Number {number}")
    for _ in range(3):
        jobs.run_due()
        clock.pass_(minutes=20)
    assert sink.letters == []
    assert query("SELECT count(*) FROM mail WHERE state = 'waiting'") == [(10,)]
    sink.start()
    clock.pass_(minutes=20)
    jobs.run_due()
    assert sorted(subjects(sink.to(ANA))) == [f"[#{n + 1}] Number {n}" for n in range(5)]
    assert query("SELECT DISTINCT state FROM mail") == [("sent",)]


def test_the_first_letter_that_passes_hastens_the_rest(clock, agent, visitor, sink):
    sink.stop()
    for _ in range(4):
        visitor.open(email=ANA)
    for _ in range(8):
        jobs.run_due()
        clock.pass_(minutes=16)
    sink.start()
    jobs.run_due()
    jobs.run_due()
    assert len(sink.letters) == 8


def test_whoever_left_the_site_before_a_letter_went_is_not_told_what_it_says(
    agent, visitor, deliver, sink, add_site
):
    leo = agents.add_agent(email="leo@team.example", name="Leo", password="0123456789")
    mia = agents.add_agent(
        email="mia@team.example", name="Mia", password="0123456789", role="agent"
    )
    visitor.open(email=ANA)
    people.change(leo, active=False)
    people.change(mia, site_ids=[add_site("Elsewhere").id])
    deliver()
    assert [len(sink.to(f"{name}@team.example")) for name in ("ines", "leo", "mia")] == [1, 0, 0]


def test_letters_that_waited_long_say_what_they_are_about(
    clock, agent, visitor, deliver, sink, site
):
    ticket = visitor.open(email=ANA, body="It burns.")
    sink.stop()
    for number in range(9):
        clock.pass_(minutes=1)
        agent.reply(site, ticket["number"], f"Answer {number}.")
    jobs.run_due()
    sink.start()
    clock.pass_(minutes=1)
    texts = [each.get_body(("plain",)).get_content() for each in deliver(ANA)]
    told = [text.partition("----")[0].split("https://")[0].split("\r\n\r\n")[-2] for text in texts]
    assert sorted(told) == [*(f"Answer {number}." for number in range(9)), "It burns."]


def test_an_answer_is_mailed_though_its_ticket_was_merged_before_the_letter_went(
    agent, visitor, deliver, site
):
    ticket = visitor.open(email=ANA, body="It burns.")
    other = visitor.open(email=ANA, title="Again", body="Still.")
    agent.reply(site, ticket["number"], "Look at the toner.")
    source, target = (find_by_id(site.id, each["id"]) for each in (ticket, other))
    merging.merge(source, target, Actor("agent", "1", "Inés"))
    texts = [each.get_body(("plain",)).get_content() for each in deliver(ANA)]
    opened, again, answer = [text.partition("----")[0] for text in texts]
    assert "It burns." in opened
    assert "Still." in again
    assert "Look at the toner." in answer


def test_a_letter_put_off_for_its_own_sake_is_tried_for_two_days_however_many_pass(
    clock, visitor, deliver, sink
):
    tried = []
    sink.answer = lambda sender, to, mail: (
        tried.append(to) or "451 4.7.1 come again later" if to == ANA else None
    )
    visitor.open(email=ANA)
    for number in range(10):
        Visitor(visitor.client, visitor.session).open(email=f"leo{number}@mail.example")
        deliver()
    assert len(tried) == 1
    sink.answer = lambda *_: None
    clock.pass_(minutes=1)
    assert len(deliver(ANA)) == 1


def test_an_address_the_server_refuses_is_a_failure_to_be_seen_and_retried(
    agent, visitor, deliver, sink, site
):
    sink.answer = lambda sender, to, mail: "550 5.1.1 no such user" if to == ANA else None
    visitor.open(email=ANA)
    deliver()
    (failed,) = outbox.failures()
    assert (failed.recipient, failed.state) == (ANA, "failed")
    assert "550" in failed.error
    sink.answer = lambda *_: None
    outbox.retry(failed.site_id, failed.id)
    assert len(deliver(ANA)) == 1
    assert outbox.failures() == []


def test_a_refusal_that_may_pass_is_tried_again(clock, visitor, deliver, sink):
    sink.answer = lambda *_: "451 4.7.1 greylisted, come back later"
    visitor.open(email=ANA)
    assert deliver(ANA) == []
    sink.answer = lambda *_: None
    clock.pass_(minutes=1)
    assert len(deliver(ANA)) == 1


def test_a_letter_handed_over_before_the_worker_died_waits_for_somebody_to_decide(
    visitor, deliver, sink
):
    visitor.open(email=ANA)
    outbox.execute("UPDATE mail SET state = 'handed', handed_at = created_at")
    assert deliver(ANA) == [], "it may have arrived"
    (doubtful,) = outbox.failures()
    assert doubtful.doubtful
    outbox.retry(doubtful.site_id, doubtful.id)
    assert len(deliver(ANA)) == 1
    assert query("SELECT state FROM mail") == [("sent",)]


@pytest.mark.parametrize("wakes_to", [None, "451 too busy", "550 gone"])
def test_a_worker_that_slept_past_its_lease_sends_no_letter_another_has_sent(
    clock, visitor, deliver, sink, monkeypatch, wakes_to
):
    plain, slept = drafting.draft, []

    def sleep(mail):
        message = plain(mail)
        if not slept:
            slept.append(mail)
            outbox.send(mail.site_id, mail.id)  # What another worker does when the lease is over.
            sink.answer = lambda *_: wakes_to
        return message

    monkeypatch.setattr(drafting, "draft", sleep)
    visitor.open(email=ANA)
    deliver()
    sink.answer = lambda *_: None
    clock.pass_(minutes=20)
    assert len(deliver(ANA)) == 1
    assert query("SELECT state, failed_at FROM mail") == [("sent", None)]


def test_a_letter_whose_last_moment_is_in_doubt_is_sent(clock, visitor, deliver, sink, monkeypatch):
    plain, fell = outbox._set, []

    def fall(mail, *terms, **values):
        done = plain(mail, *terms, **values)
        if values.get("state") == "handed" and not fell:
            fell.append(mail)
            raise database.lost()[0]("the server went before it could confirm")
        return done

    monkeypatch.setattr(outbox, "_set", fall)
    visitor.open(email=ANA)
    assert deliver(ANA) == []
    assert query("SELECT state FROM mail") == [("waiting",)]
    clock.pass_(minutes=1)
    assert len(deliver(ANA)) == 1
    assert query("SELECT state FROM mail") == [("sent",)]


def test_what_the_server_said_is_kept_though_the_database_was_away(
    visitor, deliver, sink, monkeypatch
):
    plain, fell = outbox._set, []

    def fall(mail, *terms, **values):
        if values.get("state") == "sent" and not fell:
            fell.append(mail)
            raise database.lost()[0]("it is being started again")
        return plain(mail, *terms, **values)

    monkeypatch.setattr(outbox, "_set", fall)
    visitor.open(email=ANA)
    assert len(deliver(ANA)) == 1
    assert fell
    assert query("SELECT state, error FROM mail") == [("sent", None)]


def test_a_letter_is_written_once_for_one_thing(visitor, deliver):
    key = "the-same-key-0001"
    data = {"category": "help", "title": "t", "body": "b", "email": ANA}
    for _ in range(3):
        assert visitor.post("/tickets", key, **data).status_code == 201
    assert len(deliver(ANA)) == 1


@pytest.mark.parametrize("evil", ["x\r\nBcc: all@evil.example", "x\nSubject: y", "x\x00y"])
def test_no_header_can_be_slipped_in_through_what_people_write(visitor, visit, deliver, sink, evil):
    visitor.post("/tickets", category="help", title=evil, body="b", email=ANA)
    visit("eve", name=evil, email="eve@mail.example", email_verified=True).open()
    for _, letter in deliver():
        assert "Bcc" not in letter
        assert len(letter.get_all("Subject")) == 1
    assert {to for to, _ in sink.letters} <= {ANA, "eve@mail.example"}


def test_mail_is_never_sent_to_our_own_addresses(visitor, deliver, sink):
    visitor.open(email="help@shop.example")
    visitor.open(email="reply@shop.example")
    assert deliver() == []
    assert isinstance(visitor, Visitor)


@pytest.mark.parametrize(
    ("written", "on_the_network"),
    [
        ("ana@españa.example", "ana@xn--espaa-rta.example"),
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
    ],
)
def test_a_letter_reaches_a_name_with_letters_outside_ascii(
    visitor, deliver, written, on_the_network
):
    visitor.open(email=written)
    (letter,) = deliver(on_the_network)
    assert letter["To"].addresses[0].addr_spec == on_the_network
    assert query("SELECT recipient, state FROM mail WHERE audience = 'requester'") == [
        (written, "sent")
    ]


def test_a_mailbox_no_server_here_can_name_is_told_of_at_once(visitor, deliver):
    visitor.open(email="josé@mail.example")
    deliver()
    ((state, error),) = query("SELECT state, error FROM mail WHERE audience = 'requester'")
    assert state == "failed"
    assert "SMTPUTF8" in error
