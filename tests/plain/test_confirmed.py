"""A plain request is nobody's business until its address is confirmed, which takes no script either."""

import re

import pytest

from widget_server.clock import stamp
from widget_server.database import query
from widget_server.mail.pages.words import WORDS
from widget_server.mail.routes import PER_MAILBOX
from widget_server.plain import guards
from widget_server.tickets import due

from .conftest import ANA


@pytest.fixture
def link(send, letters):
    """The link in the letter a plain request sends."""
    send("es")
    return re.search(
        r"https://help\.example(/t/[\w-]+)", letters()[-1].get_body(("plain",)).get_content()
    )[1]


def held():
    return query("SELECT count(*) FROM ticket WHERE held_at IS NOT NULL")[0][0]


def test_it_waits_out_of_sight_until_the_address_is_confirmed(agent, client, link, letters):
    assert held() == 1
    assert "La caldera pierde agua" not in agent.get("/").text
    assert letters("ines@team.example") == []
    answer = client.post(link)
    assert answer.status_code == 200
    assert WORDS["es"].confirmed in answer.text
    assert held() == 0
    assert "La caldera pierde agua" in agent.get("/").text
    assert len(letters("ines@team.example")) == 1


def test_the_promise_begins_when_it_is_confirmed(client, link, clock, letters):
    clock.pass_(days=2)
    client.post(link, data={"again": "1"})
    text = letters()[-1].get_body(("plain",)).get_content()
    client.post(re.search(r"https://help\.example(/t/[\w-]+)", text)[1])
    assert query("SELECT waiting_since, due_at, due_told FROM ticket") == [
        (stamp(), stamp(seconds=86_400), None)
    ]
    due.tell()
    assert query("SELECT due_told FROM ticket") == [(None,)]


def test_looking_at_the_link_confirms_nothing(client, link):
    page = client.get(link).text
    client.head(link)
    assert f'<noscript><p class="hint">{WORDS["es"].scriptless}</p></noscript>' in page
    assert held() == 1


def test_a_link_confirms_once_and_then_says_so(client, link, clock):
    client.post(link)
    again = client.post(link)
    assert (again.status_code, WORDS["es"].stale in again.text) == (410, True)
    assert client.post("/t/nothing").status_code == 404


def test_a_link_that_is_too_old_confirms_nothing(client, link, clock):
    clock.pass_(minutes=16)
    assert client.post(link).status_code == 410
    assert held() == 1


def test_another_link_is_sent_without_a_script(client, link, clock, letters):
    clock.pass_(minutes=16)
    assert f'value="1" data-act="again">{WORDS["es"].again}<' in client.get(link).text
    before = len(letters())
    answer = client.post(link, data={"again": "1"})
    assert answer.status_code == 200
    assert WORDS["es"].sent.partition("{")[0] in answer.text
    assert ANA not in answer.text
    assert held() == 1
    fresh = letters()
    assert len(fresh) == before + 1
    text = fresh[-1].get_body(("plain",)).get_content()
    client.post(re.search(r"https://help\.example(/t/[\w-]+)", text)[1])
    assert held() == 0


def test_whoever_asks_for_link_after_link_is_told_when_there_is_another(client, link, clock):
    clock.pass_(minutes=16)
    for _ in range(PER_MAILBOX.amount):
        answer = client.post(link, data={"again": "1"})
    assert answer.status_code == 429
    wait = int(answer.headers["Retry-After"])
    assert f"{wait // 60}:{wait % 60:02}" in answer.text
    assert client.post("/t/nothing", data={"again": "1"}).status_code == 404


def test_confirming_opens_nothing_in_this_browser(client, link):
    answer = client.post(link)
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_joins_what_the_person_has_proven(visit, client, link):
    ana = visit("ana", email=ANA, email_verified=True)
    assert [row["title"] for row in ana.get("/tickets").json["tickets"]] == [
        "La caldera pierde agua"
    ]
    assert held() == 0


def test_nobody_fills_somebody_s_mailbox(client, place, open_form, letters):
    """Letters to one address are counted whoever asks for them, and from wherever."""
    met = []
    for number in range(7):
        form = {"category": "help", "title": "t", "body": "b", "email": ANA, "slip": open_form()}
        here = {"REMOTE_ADDR": f"198.51.100.{number}"}
        met.append(client.post(f"{place}/es", data=form, environ_overrides=here).status_code)
    most = guards.PER_MAILBOX.amount
    assert met == [303] * most + [429] * (7 - most)
    assert len(letters()) == most
