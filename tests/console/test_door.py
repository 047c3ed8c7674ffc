"""Who gets into the console, and what a page of another site can do to it."""

import re

import pytest

from widget_server.agents import service as agents
from widget_server.agents.guards import COOKIE, PUBLIC

PASSWORD = "correct horse battery"


def sign_in(client, email="ines@team.example", password=PASSWORD, **form):
    return client.post("/console/sign-in", data={"email": email, "password": password, **form})


def test_only_the_door_is_open(app, client, site):
    values = {
        "site_key": site.key,
        "number": 1,
        "session_id": "x",
        "file_id": "x",
        "nowhere": "x",
        "reply_id": "x",
        "view_id": "x",
        "requester_id": "x",
    }
    values |= {"agent_id": 1, "team_id": "new", "token": "x", "token_id": "x"}
    values |= {"article_id": "x", "incoming_id": "x", "mail_id": "x", "category_id": "x"}
    values |= {"order_id": "x", "item_id": "x", "way": "stripe", "receipt_id": "x"}
    values |= {"name": "htmx.min.js", "filename": "console.css", "variant": "whole", "kid": "k1"}
    closed = set()
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("console."):
            continue
        with app.test_request_context():
            from flask import url_for

            path = url_for(
                rule.endpoint, **{name: values.get(name, "x") for name in rule.arguments}
            )
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(path, method=method)
            answer.close()
            if rule.endpoint in PUBLIC:
                assert answer.status_code in {200, 422}, rule
                continue
            closed.add(rule.endpoint)
            assert answer.status_code == 303, (method, path)
            assert answer.location.startswith("/console/sign-in"), (method, path)
    assert {name.removeprefix("console.") for name in PUBLIC} == {
        "sign_in", "create_session", "create_session_by_code", "ask_reset", "create_reset",
        "choose_password", "update_password_by_link", "static",
    }  # fmt: skip
    assert len(closed) >= 15


def test_a_part_of_a_page_sends_the_whole_page_to_the_door(client):
    current = "http://localhost/console/?view=mine"
    answer = client.get("/console/pulse", headers={"HX-Request": "true", "HX-Current-URL": current})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/console/sign-in?next=/console/?view%3Dmine"
    answer = client.get("/console/pulse", headers={"HX-Request": "true", "Referer": "http://["})
    assert answer.status_code == 401


def test_a_page_of_who_was_signed_in_before_says_nothing_in_anothers_name(agent, ada, site):
    path = f"/console/tickets/{site.key}/{ada.open()['number']}"
    agents.add_agent(email="luis@team.example", name="Luis", password=PASSWORD)
    page = {"HX-Request": "true", "X-Agent": str(agent.record.id)}
    assert f'data-you="{agent.record.id}"' in agent.client.get(path).text
    assert agent.client.get(f"{path}/pulse?mark=", headers=page).status_code == 200
    sign_in(agent.client, email="luis@team.example")
    said = {"body": "De Inés", "kind": "note", "key": "key-of-ines-1"}
    for act in ("draft", "messages", "state"):
        answer = agent.client.post(
            f"{path}/{act}", data=said | {"state": "completed"}, headers=page
        )
        assert (answer.status_code, answer.headers["HX-Refresh"]) == (409, "true")
    answer = agent.client.get(f"{path}/pulse?mark=", headers=page)
    assert (answer.status_code, answer.headers["HX-Refresh"], answer.data) == (409, "true", b"")
    assert "De Inés" not in agent.client.get(path).text
    assert ada.get("/tickets").json["tickets"][0]["state"] == "waiting"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://[evil.example"},
    ],
)
def test_another_site_cannot_act(agent, ada, headers, site):
    number = ada.open()["number"]
    answer = agent.client.post(
        f"/console/tickets/{site.key}/{number}/state",
        data={"state": "completed"},
        headers=headers,
    )
    assert answer.status_code == 403
    assert ada.get("/tickets").json["tickets"][0]["state"] == "waiting"


def test_the_cookie_is_out_of_reach(agent, app):
    answer = sign_in(app.test_client())
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" in cookie


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/console/",
        "/\\evil.example",
        "/console/\\evil",
        "javascript:alert(1)",
        "/console/\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_the_door_leads_nowhere_else(agent, app, target):
    assert sign_in(app.test_client(), next=target).location == "/console/"


def test_the_door_leads_back_to_the_page_asked_for(agent, app):
    answer = sign_in(app.test_client(), next="/console/?view=mine")
    assert answer.location == "/console/?view=mine"


def test_guessing_is_slowed_and_says_for_how_long(agent, app):
    client = app.test_client()
    for _ in range(6):
        assert sign_in(client, password="guess").status_code == 422
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 301
    assert f'data-countdown="{answer.headers["Retry-After"]}"' in answer.text


def test_guessing_locks_nobody_else_out(agent, app):
    client = app.test_client()
    for _ in range(7):
        sign_in(client, password="guess")
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    data = {"email": "ines@team.example", "password": PASSWORD}
    answer = client.post("/console/sign-in", data=data, environ_overrides=elsewhere)
    assert answer.status_code == 303
    assert sign_in(client, email="other@team.example", password="x").status_code == 422


def test_a_signed_out_cookie_is_worth_nothing(agent):
    kept = agent.client.get_cookie(COOKIE, path="/console/").value
    assert agent.post("/sign-out").status_code == 303
    agent.client.set_cookie(COOKIE, kept, path="/console/")
    assert agent.get("/").status_code == 303


def test_another_browser_can_be_signed_out(agent, app):
    other = app.test_client()
    sign_in(other)
    page = agent.get("/sessions").text
    (path,) = re.findall(r'action="(/console/sessions/\w+/revocation)"', page)
    agent.client.post(path)
    assert other.get("/console/").status_code == 303
    assert agent.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/console/sign-in", "/console/", "/console/nowhere"])
def test_no_page_may_run_anything_inline(agent, path):
    answer = agent.client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style", answer.text)


def test_an_unknown_page_says_so_in_the_consoles_look(agent):
    answer = agent.get("/nowhere")
    assert answer.status_code == 404
    assert "Aquí no hay nada" in answer.text
