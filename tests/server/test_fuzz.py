"""Whatever is sent, the server answers, in the one shape."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from widget_server.agents import api_tokens
from widget_server.agents import service as agents
from widget_server.app import create_app
from widget_server.articles import service as articles
from widget_server.desk import replies
from widget_server.orders import service as orders
from widget_server.orders.pricing import Line
from widget_server.orders.service import Offer
from widget_server.sites import service as sites
from widget_server.tickets import inbox
from widget_server.tickets.ledger import Actor

from ..support.databases import disconnect
from ..support.visitor import ORIGIN, Visitor, open_session

#: What would take away the ground the others stand on.
GONE = {("DELETE", "requester"), ("DELETE", "current"), ("PUT", "archive")}


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    app = create_app(
        {
            "SECRET_KEY": ["f" * 40],
            "DATABASE_URL": f"sqlite:///{folder}/fuzz.db",
            "FILES_DIR": folder / "files",
            "PROOF_COST": 8,
            "PROOF_SECONDS": 0,
            "SMTP_URL": "smtp://127.0.0.1:1?tls=none",
            "MAIL_FROM": "help@shop.example",
        }
    )
    site, _ = sites.add_site(name="Shop", origins=[ORIGIN])
    visitor = Visitor(app.test_client(), open_session(app.test_client(), site).json)
    ticket = visitor.open()
    app.extensions["limits"].enabled = False
    agent = agents.add_agent(email="ines@team.example", name="Inés", password="correct horse")
    _, token = api_tokens.create(agent, name="Fuzz", scopes=list(api_tokens.SCOPES))
    yield app, visitor, ticket, named(site, ticket, agent), token
    disconnect()


def named(site, ticket, agent):
    """Return what paths may name, so that requests get further than not found."""
    found = inbox.find_ticket(site.id, ticket["number"])
    actor = Actor("agent", str(agent.id), agent.name)
    offer = Offer("A plugin", [Line("Work", 1_000, 10_000, 2_100)], "EUR", 10)
    article = articles.write(site, locale="en", title="How", body="So.", author=agent.name)
    return {
        "site_key": site.key,
        "number": str(ticket["number"]),
        "order_id": orders.quote(found, actor, offer, work=True).id,
        "article_id": article.id,
        "reply_id": replies.save(None, name="Hello", body="Hello", site_id=site.id),
        "requester_id": found.requester_id,
        "way": "transfer",
        "ticket_id": ticket["id"],
        "attachment_id": "none",
    }


@pytest.fixture(scope="module")
def schema(fuzzed):
    app, *_ = fuzzed
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


def test_no_request_makes_the_server_stumble(fuzzed, schema):
    app, visitor, ticket, names, token = fuzzed
    tried = 0

    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def attack(case):
        nonlocal tried
        tried += 1
        headers = {k: v for k, v in (case.headers or {}).items() if _sendable(k) and _sendable(v)}
        path = case.path
        for name, value in names.items():
            path = path.replace(f"{{{name}}}", value)
        body = case.body if isinstance(case.body, dict | list) else None
        if path == "/api/v1/tickets" and isinstance(body, dict):
            body |= {"proof": visitor.proof(), "website": ""}
        query = {name: str(value) for name, value in (case.query or {}).items()}
        bearer = token if path.startswith("/api/v1/agent/") else visitor.token
        if (case.method, path.rpartition("/")[2]) in GONE:
            return
        headers |= {"Authorization": f"Bearer {bearer}", "Origin": ORIGIN}
        headers.pop("Content-Type", None)
        answer = visitor.client.open(
            path, method=case.method, headers=headers, json=body, query_string=query
        )
        assert answer.status_code < 500, (case.method, path, body)
        if answer.status_code >= 400:
            assert {"code", "message"} <= set(answer.json["error"]), answer.data

    from hypothesis import given

    for result in schema.get_all_operations():
        operation = result.ok()
        given(case=operation.as_strategy())(attack)()
    assert tried > 100


def _sendable(text):
    return isinstance(text, str) and text.isascii() and text.isprintable()
