"""A plain request is nobody's business until its address is confirmed, which takes no script either."""

import re

import pytest

from widget_server.database import query
from widget_server.mail.pages.words import WORDS
from widget_server.plain import guards

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
