"""Somebody else's ticket or file does not exist, at any address, on any site."""

import re

import pytest

from widget_server.clock import utcnow
from widget_server.database import query
from widget_server.orders import service as orders
from widget_server.orders.pricing import Line
from widget_server.orders.service import Offer
from widget_server.sites import service as sites
from widget_server.tickets.service import find_by_id

from ..support.visitor import ORIGIN, Visitor, open_session
from .test_sessions import PNG

#: Endpoints that name no thing of anybody's.
IMPERSONAL = {
    ("GET", "/api/v1/articles/<site_key>/<article_id>"),
    ("PUT", "/api/v1/articles/<site_key>/<article_id>/usefulness"),
    ("POST", "/api/v1/sessions"),
    ("DELETE", "/api/v1/sessions/current"),
    ("GET", "/api/v1/site"),
    ("GET", "/api/v1/tickets"),
    ("POST", "/api/v1/tickets"),
    ("GET", "/api/v1/updates"),
    ("POST", "/api/v1/challenges"),
    ("POST", "/api/v1/attachments"),
    ("POST", "/api/v1/suggestions"),
    ("GET", "/api/v1/openapi.json"),
    ("POST", "/api/v1/mail-links"),
    ("POST", "/api/v1/mail-links/redemption"),
    ("POST", "/api/v1/mail-links/handoff"),
}
#: What only a host's server may call, with a token of its own; see test_hosts.
HOSTS = "/api/v1/hosts/"
#: Signed by providers; see the tests of payments.
HOOKS = "/api/v1/payments/hooks/"
#: What only agents' tokens open; see tests/agents.
AGENTS = "/api/v1/agent/"
BODIES = {
    "/outcome": {"outcome": "solved"},
    "/messages": {"body": "mine now"},
    "/notification": {"notify": False},
    "/rating": {"good": True},
    "/acceptance": {"digest": "0" * 64},
    "/refusal": {"digest": "0" * 64},
    "/payments/<order_id>": {"way": "stripe", "return_to": f"{ORIGIN}/"},
}


def endpoints(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1"):
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield method, rule.rule.rstrip("/")


def snapshot():
    return [
        query(f"SELECT * FROM {table}")
        for table in (
            "ticket",
            "message",
            "event",
            "rating",
            "attachment",
            "purchase",
            "decision",
            "checkout",
        )
    ]


@pytest.mark.parametrize("who", ["another user", "a visitor", "a user of another site"])
def test_every_endpoint_denies_what_is_somebody_elses(app, client, ada, visit, ines, site, who):
    ticket = ada.open()
    offer = Offer("Work", [Line("Hours", 1_000, 5_000, 2_200)], "EUR", 5, utcnow().date())
    order = orders.quote(find_by_id(site.id, ticket["id"]), ines, offer)
    waiting = ada.upload("a.png", PNG).json
    if who == "another user":
        stranger = visit("bruno")
    elif who == "a visitor":
        stranger = visit()
    else:
        other, _ = sites.add_site(name="Other", origins=[ORIGIN])
        stranger = Visitor(client, open_session(client, other).json)
    before, tried = snapshot(), 0
    for method, rule in endpoints(app):
        if (method, rule) in IMPERSONAL or rule.startswith((HOSTS, HOOKS, AGENTS)):
            continue
        path = (
            rule.replace("<ticket_id>", ticket["id"])
            .replace("<attachment_id>", waiting["id"])
            .replace("<showing>", "showing-of-ada")
        )
        path = path.replace("<quote_id>", order.quote_id).replace("<order_id>", order.id)
        assert not re.search("[<>]", path), f"{rule} is new: give it somebody else's id here"
        body = next((data for end, data in BODIES.items() if rule.endswith(end)), {})
        answer = stranger.send(method, path.removeprefix("/api/v1"), json=body or None)
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found"), rule
        tried += 1
    assert tried >= 6
    assert snapshot() == before


def test_nobody_attaches_what_somebody_else_sent(ada, visit):
    theirs = ada.upload("a.png", PNG).json["id"]
    answer = visit("bruno").post(
        "/tickets", category="help", title="t", body="b", attachments=[theirs]
    )
    assert answer.status_code == 422
    assert query("SELECT count(*) FROM ticket") == [(0,)]


def test_lists_and_news_hold_only_ones_own(ada, visit):
    ada.open(title="Ada's")
    bruno = visit("bruno")
    assert bruno.get("/tickets").json["tickets"] == []
    assert bruno.get("/tickets?q=Ada").json["tickets"] == []
    assert bruno.get("/updates?since=-1").json["tickets"] == []


def test_an_address_typed_opens_nothing(visit):
    visit("ada", email="ada@example.com", email_verified=True).open(title="Ada's")
    stranger = visit()
    stranger.open(email="ada@example.com", title="Mine")
    assert [row["title"] for row in stranger.get("/tickets").json["tickets"]] == ["Mine"]
