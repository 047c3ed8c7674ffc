"""A host's own server asks for itself: signed, and never with what a page could hold."""

import json

import pytest

from widget_server.clock import utcnow
from widget_server.database import execute, query
from widget_server.figures import rolling
from widget_server.figures import service as figures
from widget_server.identity import service as identity
from widget_server.sites import service as sites
from widget_server.tickets import merging
from widget_server.tickets.ledger import Actor
from widget_server.tickets.models import Ticket

from ..support.visitor import sign

AUD = "ventanilla:host"


@pytest.fixture
def host(client, site):
    """Call as the site's server; ``by`` signs otherwise than it would."""

    def call(method, path="", *, by=None, key=None, scheme="Bearer", **options):
        token = sign(site.signing, **({"aud": AUD} if by is None else by))
        return client.open(
            f"/api/v1/hosts/{key or site.key}{path}",
            method=method,
            headers={"Authorization": f"{scheme} {token}"},
            **options,
        )

    return call


def refused(answer):
    return answer.status_code, answer.json["error"]["code"]


def test_a_connected_host_learns_for_which_pages_it_may_ask(host, site):
    assert host("GET", scheme="bearer").status_code == 200
    answer = host("GET").json
    assert (answer["name"], answer["origins"]) == ("Shop", site.origins)


def test_a_user_s_token_from_a_page_opens_nothing(host):
    for path in ("", "/unread"):
        assert refused(host("GET", path, by={"sub": "ada"})) == (401, "identity_refused")
    for path in ("/exports", "/erasures"):
        answer = host("POST", path, by={"sub": "ada"}, json={"sub": "ada"})
        assert refused(answer) == (401, "identity_refused")


def test_the_host_s_own_token_makes_nobody_a_session(client, site):
    token = sign(site.signing, sub="ada", aud=AUD)
    answer = client.post(
        "/api/v1/sessions",
        json={"site_key": site.key, "identity_token": token},
        headers={"Origin": site.origins[0]},
    )
    assert refused(answer) == (401, "identity_refused")


def test_another_site_s_key_opens_nothing_here(client, site, add_site):
    other = add_site("Other")
    token = sign(other.signing, aud=AUD)
    answer = client.get(f"/api/v1/hosts/{site.key}", headers={"Authorization": f"Bearer {token}"})
    assert refused(answer) == (401, "identity_refused")


def test_what_is_wrong_is_said(client, host, site, clock):
    assert refused(host("GET", key="0000000000000000")) == (404, "unknown_site")
    assert refused(client.get(f"/api/v1/hosts/{site.key}")) == (401, "invalid_token")
    site.signing.secret = "x" * 40
    assert "ignature" in host("GET").json["error"]["message"]


def test_a_token_with_a_jti_works_once(client, site):
    token = sign(site.signing, aud=AUD, jti="once")
    ask = {"headers": {"Authorization": f"Bearer {token}"}}
    assert client.get(f"/api/v1/hosts/{site.key}", **ask).status_code == 200
    assert refused(client.get(f"/api/v1/hosts/{site.key}", **ask)) == (401, "identity_refused")


def test_unread_answers_are_counted_for_one_user(host, ada, bruno, agent, site):
    ticket = ada.open()
    bruno.open()
    agent.reply(site, ticket["number"], "Here you are")
    assert host("GET", "/unread", by={"aud": AUD, "sub": "ada"}).json == {"unread": 1}
    assert host("GET", "/unread", by={"aud": AUD, "sub": "bruno"}).json == {"unread": 0}
    assert host("GET", "/unread", by={"aud": AUD, "sub": "nobody"}).json == {"unread": 0}
    assert host("GET", "/unread").status_code == 422


def test_an_export_joins_the_user_and_what_was_filed_under_the_address(host, ada, visit, site):
    ada.open(title="As Ada")
    visit().open(title="Before signing up", email="ada@customers.example")
    visit().open(title="Somebody else's", email="else@customers.example")
    answer = host("POST", "/exports", json={"sub": "ada", "email": "Ada@customers.example"})
    titles = {t["title"] for person in answer.json["people"] for t in person["tickets"]}
    assert titles == {"As Ada", "Before signing up"}


def test_a_browser_that_filed_for_two_people_gives_each_their_own(host, visit):
    shared = visit()
    shared.open(title="Mine", email="marta@example.com")
    shared.open(title="My mother's", email="rosa@example.com")
    answer = host("POST", "/exports", json={"email": "rosa@example.com"})
    assert "Mine" not in json.dumps(answer.json)
    assert "My mother's" in json.dumps(answer.json)
    gone = host("POST", "/erasures", json={"email": "rosa@example.com"})
    assert gone.json == {"people": 1, "tickets": 1, "former": []}
    assert [row["title"] for row in shared.get("/tickets").json["tickets"]] == ["Mine"]
    assert shared.get("/tickets").json["counts"]["waiting"] == 1


def test_erasing_one_address_counts_what_was_merged_once(host, visit, site):
    shared = visit()
    for email in ("marta@example.com", "rosa@example.com", "rosa@example.com"):
        shared.open(email=email)
    first, second, third = (Ticket.get(Ticket.number == number) for number in (1, 2, 3))
    merging.merge(second, third, Actor("agent", "1", "Inés"))
    assert host("POST", "/erasures", json={"email": "rosa@example.com"}).json["tickets"] == 2
    assert query("SELECT opened FROM requester") == [(1,)]
    execute("UPDATE requester SET seen_at = '2020-01-01T00:00:00.000000+00:00'")
    identity.sweep()
    assert [row["id"] for row in shared.get("/tickets").json["tickets"]] == [first.id]


def test_what_leads_to_an_erased_request_stands_for_itself_again(host, visit, agent, site):
    shared = visit()
    for email in ("marta@example.com", "rosa@example.com"):
        shared.open(email=email)
    agent.post(f"/tickets/{site.key}/1/merger", number="2")
    host("POST", "/erasures", json={"email": "rosa@example.com"})
    assert [row["number"] for row in shared.get("/tickets").json["tickets"]] == [1]
    assert shared.get("/tickets").json["counts"]["completed"] == 1
    rolling.recount(sites.find_site(site.key))
    day = utcnow().date()
    assert figures.days([sites.find_site(site.key)], day, day)[0].backlog == 0
    assert agent.get(f"/tickets/{site.key}/1").status_code == 200


def test_what_a_signed_in_user_filed_is_not_who_typed_the_address(host, bruno):
    bruno.open(title="Bruno's", email="ada@customers.example")
    answer = host("POST", "/exports", json={"sub": "ada", "email": "ada@customers.example"})
    assert answer.json["people"] == []


def test_an_erasure_leaves_nothing_of_the_person(host, ada, bruno):
    ada.open(title="Secret thing")
    bruno.open(title="Stays")
    body = {"sub": "ada", "email": "ada@customers.example"}
    assert host("POST", "/erasures", json=body).json == {"people": 1, "tickets": 1, "former": []}
    for table in ("ticket", "message", "requester", "session", "mail"):
        assert "ada@customers" not in str(query(f"SELECT * FROM {table}")), table
    assert ada.get("/tickets").status_code == 401
    assert host("POST", "/erasures", json=body).json == {"people": 0, "tickets": 0, "former": []}
    assert len(bruno.get("/tickets").json["tickets"]) == 1


def test_agents_see_what_the_host_says_of_its_user(visit, agent, site):
    claims = {"roles": ["author", "shop_manager"], "plan": "gold", "limit": 5, "deep": {"a": 1}}
    ticket = visit("ada", **claims).open()
    page = agent.get(f"/tickets/{site.key}/{ticket['number']}").get_data(as_text=True)
    assert "author, shop_manager" in page
    assert "<dt>plan</dt><dd>gold</dd>" in page
    assert "deep" not in page
    visit("ada", plan="<b>new</b>")
    page = agent.get(f"/tickets/{site.key}/{ticket['number']}").get_data(as_text=True)
    assert "&lt;b&gt;new&lt;/b&gt;" in page
    assert "shop_manager" not in page


def test_a_retired_key_no_longer_speaks_for_the_host(host, site):
    fresh = sites.rotate_key(site)
    sites.retire_key(site, site.signing.kid)
    assert host("GET").status_code == 401
    site.signing = fresh
    assert host("GET").status_code == 200


def test_what_the_site_runs_on_is_told_shown_to_agents_and_taken_back(host, ada, agent, site):
    parts = [
        {"kind": "core", "name": "WordPress", "version": "6.8.1"},
        {"kind": "plugin", "name": "Shop <b>", "version": "2"},
    ]
    ticket = ada.open()
    assert host("PUT", "/environment", json={"parts": parts}).status_code == 204
    shown = agent.get(f"/tickets/{site.key}/{ticket['number']}").get_data(as_text=True)
    assert "WordPress 6.8.1" in shown
    assert "Shop &lt;b&gt;" in shown
    assert host("PUT", "/environment", json={"parts": parts[:1]}).status_code == 204
    shown = agent.get(f"/tickets/{site.key}/{ticket['number']}").get_data(as_text=True)
    assert "Shop &lt;b&gt;" not in shown
    assert host("PUT", "/environment", json={"parts": []}).status_code == 204
    shown = agent.get(f"/tickets/{site.key}/{ticket['number']}").get_data(as_text=True)
    assert "WordPress" not in shown


def test_an_environment_has_its_bounds(host):
    part = {"kind": "plugin", "name": "x", "version": "1"}
    for parts in ([part] * 301, [part | {"kind": "secret"}], [part | {"name": "n" * 101}], None):
        assert host("PUT", "/environment", json={"parts": parts}).status_code == 422


def test_whoever_has_an_address_of_no_use_is_exported_and_erased_all_the_same(host, visit):
    visit("ada").open()
    body = {"sub": "ada", "email": "imported-7@noemail.invalid"}
    assert len(host("POST", "/exports", json=body).json["people"]) == 1
    assert host("POST", "/erasures", json=body).json == {"people": 1, "tickets": 1, "former": []}
    assert host("POST", "/exports", json=body | {"sub": None}).json["people"] == []
    assert host("POST", "/exports", json=body | {"email": "nonsense"}).status_code == 422


def test_the_host_learns_by_what_other_ids_it_vouched_for_an_address(host, ada):
    """A user who was deleted there is found here by the address they had."""
    ada.open()
    body = {"email": "ada@customers.example"}
    assert host("POST", "/exports", json=body).json == {"people": [], "former": ["ada"]}
    gone = {"people": 0, "tickets": 0, "former": ["ada"]}
    assert host("POST", "/erasures", json=body).json == gone
    assert host("POST", "/exports", json=body | {"sub": "ada"}).json["former"] == []
    assert host("POST", "/erasures", json={"sub": "ada"}).json["tickets"] == 1
    assert host("POST", "/exports", json=body).json == {"people": [], "former": []}
