"""A mailed link or code opens the tickets of whoever reads the mailbox, and of nobody else."""

import json
import re

import pytest

from widget_server.database import query
from widget_server.identity import service as identity
from widget_server.mail import links, outbox
from widget_server.sites import service as sites

from ..support.visitor import ORIGIN, Visitor

ANA = "ana@mail.example"


def ask(client, site, email=ANA, **data):
    body = {"site_key": site.key, "email": email, "locale": "es", **data}
    return client.post("/api/v1/mail-links", json=body, headers={"Origin": ORIGIN})


def redeem(client, **data):
    return client.post("/api/v1/mail-links/redemption", json=data, headers={"Origin": ORIGIN})


def token_of(letter):
    return re.search(r"/t/([\w-]+)", letter.get_body(("plain",)).get_content())[1]


def code_of(letter):
    return re.search(r"^[ \t]+(\d{6})\r?$", letter.get_body(("plain",)).get_content(), re.M)[1]


@pytest.fixture
def filed(visitor, deliver):
    ticket = visitor.open(email=ANA, title="Mine")
    deliver()
    return ticket


def titles(client, answer):
    return [row["title"] for row in Visitor(client, answer.json).get("/tickets").json["tickets"]]


def test_the_link_opens_all_of_a_person_s_tickets_on_any_device(
    client, site, filed, visit, deliver
):
    visit().open(email=ANA, title="From another device")
    visit().open(email="other@mail.example", title="Not mine")
    assert ask(client, site).status_code == 202
    answer = redeem(client, token=token_of(deliver(ANA)[-1]))
    assert answer.status_code == 201
    assert answer.json["requester"]["email"] == ANA
    assert answer.json["requester"]["email_verified"] is True
    assert sorted(titles(client, answer)) == ["From another device", "Mine"]


def test_the_code_opens_them_too(client, site, filed, deliver):
    ask(client, site)
    code = code_of(deliver(ANA)[-1])
    answer = redeem(client, site_key=site.key, email="ANA@mail.example", code=code)
    assert answer.status_code == 201
    assert titles(client, answer) == ["Mine"]
    again = redeem(client, site_key=site.key, email=ANA, code=code)
    assert (again.status_code, again.json["error"]["code"]) == (410, "code_expired")


def test_what_was_mailed_works_though_the_worker_died_before_it_said_so(
    client, site, filed, deliver
):
    ask(client, site)
    ((payload,),) = query("SELECT payload FROM job WHERE kind = 'mail.link'")
    links.send_link(**json.loads(payload))
    letter = deliver(ANA)[-1]
    assert redeem(client, site_key=site.key, email=ANA, code=code_of(letter)).status_code == 201


def test_a_letter_with_a_link_that_came_back_is_not_sent_again_without_it(
    client, site, filed, deliver
):
    ask(client, site)
    sent = len(deliver(ANA))
    ((mail_id,),) = query("SELECT id FROM mail WHERE kind = 'link'")
    outbox.bounced(site.id, mail_id, reason="5.1.1", permanent=True)
    outbox.retry(site.id, mail_id)
    assert len(deliver(ANA)) == sent
    assert query("SELECT state FROM mail WHERE kind = 'link'") == [("cancelled",)]


def test_a_letter_s_own_link_leads_to_its_ticket(client, site, visitor, deliver):
    ticket = visitor.open(email=ANA)
    answer = redeem(client, token=token_of(deliver(ANA)[-1]))
    assert answer.json["ticket"] == ticket["id"]


def test_a_link_works_once(client, site, filed, deliver):
    ask(client, site)
    token = token_of(deliver(ANA)[-1])
    assert redeem(client, token=token).status_code == 201
    again = redeem(client, token=token)
    assert (again.status_code, again.json["error"]["code"]) == (410, "link_stale")


def test_a_link_lasts_fifteen_minutes(clock, client, site, visitor, deliver):
    visitor.open(email=ANA)
    ask(client, site)
    letter = deliver(ANA)[-1]
    clock.pass_(minutes=15, seconds=1)
    assert redeem(client, token=token_of(letter)).status_code == 410
    stale = redeem(client, site_key=site.key, email=ANA, code=code_of(letter))
    assert stale.json["error"]["code"] == "code_expired"
    fresh = client.post("/api/v1/mail-links", json={"token": token_of(letter)})
    assert (fresh.status_code, fresh.json["sent_to"]) == (202, "a•••@mail.example")
    assert redeem(client, token=token_of(deliver(ANA)[-1])).status_code == 201


def test_the_answer_is_the_same_whether_the_address_is_known(client, site, filed, deliver, sink):
    before = len(sink.letters)
    known, unknown = ask(client, site), ask(client, site, "nobody@mail.example")
    assert known.status_code == unknown.status_code == 202
    assert known.json.keys() == unknown.json.keys()
    deliver()
    assert [to for to, _ in sink.letters[before:]] == [ANA]
    wrong = [
        redeem(client, site_key=site.key, email=email, code="000000")
        for email in ("nobody@mail.example", ANA)
    ]
    assert {answer.json["error"]["code"] for answer in wrong} == {"code_wrong"}
    assert {answer.json["error"]["left"] for answer in wrong} == {4}


def test_a_code_is_guessed_at_five_times_at_most(client, site, filed, deliver):
    ask(client, site)
    code = code_of(deliver(ANA)[-1])
    wrong = f"{(int(code) + 1) % 10**6:06}"
    lefts = [
        redeem(client, site_key=site.key, email=ANA, code=wrong).json["error"].get("left")
        for _ in range(5)
    ]
    assert lefts == [4, 3, 2, 1, None]
    right = redeem(client, site_key=site.key, email=ANA, code=code)
    assert (right.status_code, right.json["error"]["code"]) == (410, "code_expired")


def test_letters_to_one_address_are_limited_and_say_for_how_long(client, site, filed):
    answers = [ask(client, site) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert answers[-1].json["error"]["retry_after"] > 0


def test_asking_for_many_addresses_is_limited_too(client, site):
    answers = [ask(client, site, f"p{number}@mail.example").status_code for number in range(21)]
    assert answers == [202] * 20 + [429]


def test_redeeming_is_limited_by_address(client, site):
    answers = [redeem(client, token=f"guess-{number}") for number in range(31)]
    assert [answer.status_code for answer in answers] == [404] * 30 + [429]
    assert answers[-1].json["error"]["retry_after"] > 0


def test_a_page_of_another_site_cannot_ask(client, site):
    body = {"site_key": site.key, "email": ANA}
    headers = {"Origin": "https://evil.example"}
    answer = client.post("/api/v1/mail-links", json=body, headers=headers)
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "wrong_origin")


def test_a_link_of_one_site_opens_nothing_on_another(client, site, filed, deliver, add_site):
    other = add_site("Other")
    ask(client, site)
    letter = deliver(ANA)[-1]
    answer = redeem(client, site_key=other.key, email=ANA, code=code_of(letter))
    assert answer.status_code == 410
    session = redeem(client, token=token_of(letter))
    assert identity.find_caller({"s": site.id, "i": query("SELECT max(id) FROM session")[0][0]})
    assert titles(client, session) == ["Mine"]


def test_a_session_is_handed_to_the_site_s_page_once(client, site, filed, deliver):
    ask(client, site)
    here = Visitor(client, redeem(client, token=token_of(deliver(ANA)[-1])).json)
    given = here.post("/mail-links/handoff").json
    assert given["url"] == f"{ORIGIN}/"
    there = redeem(client, site_key=site.key, handoff=given["handoff"])
    assert titles(client, there) == ["Mine"]
    assert redeem(client, site_key=site.key, handoff=given["handoff"]).status_code == 410


def test_nobody_guesses_a_link(client, site, filed):
    for token in ("x", "0" * 64, "../../etc"):
        assert redeem(client, token=token).status_code == 404


def test_the_database_keeps_neither_token_nor_code(client, site, filed, deliver):
    ask(client, site)
    letter = deliver(ANA)[-1]
    kept = str(query("SELECT * FROM mail_link")) + str(query("SELECT about FROM mail"))
    assert token_of(letter) not in kept
    assert code_of(letter) not in kept


def test_a_site_may_show_agents_only_what_is_proven(agent, client, visitor, deliver, site, sink):
    settings = site.settings | {"mail": {"confirm": True}}
    sites.update_site(site, settings=settings)
    ticket = visitor.open(email=ANA, title="Held")
    assert ticket["held"] is True
    assert "Held" not in agent.get("/").get_data(as_text=True)
    assert agent.get(f"/tickets/{site.key}/{ticket['number']}").status_code == 404
    (letter,) = deliver(ANA)
    assert sink.to("ines@team.example") == []
    redeem(client, token=token_of(letter))
    assert "Held" in agent.get("/").get_data(as_text=True)
    assert len(deliver("ines@team.example")) == 1


def test_an_identified_person_who_proves_nothing_sees_nothing_of_others(visit, filed):
    eve = visit("eve", email=ANA, email_verified=False)
    assert eve.get("/tickets").json["tickets"] == []
    ana = visit("ana", email=ANA, email_verified=True)
    assert [row["title"] for row in ana.get("/tickets").json["tickets"]] == ["Mine"]


def test_what_was_said_before_the_proof_is_still_said_by_you(visit, client, site, filed, deliver):
    ask(client, site)
    session = redeem(client, token=token_of(deliver(ANA)[-1]))
    detail = Visitor(client, session.json).get(f"/tickets/{filed['id']}").json
    assert detail["thread"][-1]["author"]["you"] is True
    assert links.LIFE == 900
