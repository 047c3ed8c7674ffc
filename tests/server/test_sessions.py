"""Who is asking: what is believed, and what is not."""

import base64
import json
import time

import jwt
import pytest

from widget_server.database import query
from widget_server.errors import Invalid
from widget_server.sites import service as sites

from ..support.threads import at_once
from ..support.visitor import ORIGIN, open_session, sign


def refusal(answer):
    return answer.status_code, answer.json["error"]["code"]


def unsigned(claims, kid):
    part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()  # noqa: E731
    return f"{part({'alg': 'none', 'kid': kid})}.{part(claims)}."


def test_a_visitor_writes_nothing_until_they_act(client, site):
    assert open_session(client, site).status_code == 201
    assert query("SELECT count(*) FROM requester") == [(0,)]
    assert query("SELECT count(*) FROM session") == [(0,)]


def test_a_fresh_session_carries_the_first_list(visit):
    ada = visit("ada")
    ada.open(title="First")
    again = visit("ada")
    assert [row["title"] for row in again.session["home"]["tickets"]] == ["First"]


def test_a_list_says_where_its_news_go_on(visit, visitor):
    """So a panel that has just read it need not ask."""
    ada = visit("ada")
    for _ in range(2):
        ada.open()
        home = ada.get("/tickets").json
        assert ada.get(f"/updates?since={home['updates']}").status_code == 304
        assert visit("ada").session["home"]["updates"] == home["updates"]
    assert visitor.get("/tickets").json["updates"] == visitor.session["updates"] == "0"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://shop.example.evil", "null", ""]
)
def test_other_origins_get_no_session(client, site, origin):
    assert refusal(open_session(client, site, origin=origin)) == (403, "wrong_origin")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://www.peluquería.es", "https://www.xn--peluquera-n5a.es"),
        ("https://straße.de:8443/", "https://xn--strae-oqa.de:8443"),
        ("HTTPS://Shop.Example:443", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_origin_is_known_as_browsers_send_it(client, add_site, written, sent):
    assert open_session(client, add_site(origins=[written]), origin=sent).status_code == 201


@pytest.mark.parametrize(
    "written", ["https://*.shop.example", "shop.example", "https://user@shop.example", "https://["]
)
def test_what_no_browser_would_send_is_no_origin(add_site, written):
    with pytest.raises(Invalid, match="is not an origin"):
        add_site(origins=[written])


def test_an_unknown_site_says_so(client, site):
    site.key = "nothing"
    assert refusal(open_session(client, site)) == (404, "unknown_site")


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "\xff"])
def test_a_body_that_is_no_object_is_named(client, site, body):
    answer = client.post(
        "/api/v1/sessions", data=body.encode("latin-1"), headers={"Origin": ORIGIN}
    )
    assert refusal(answer) == (400, "malformed_json")


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "ada", "iat": -400, "exp": -100},
        {"sub": "ada", "iat": 0, "exp": 400},
        {"sub": "ada", "iat": 200, "exp": 400},
        {"sub": "", "iat": 0, "exp": 100},
        {"sub": 7, "iat": 0, "exp": 100},
        {"sub": "x" * 129, "iat": 0, "exp": 100},
        {"sub": "a\x00b", "iat": 0, "exp": 100},
        {"iat": 0, "exp": 100},
        {"sub": "ada", "iat": 0},
        {"sub": "ada", "exp": 100},
        {"sub": "ada", "iat": 0, "exp": 100, "email": "not an address"},
        {"sub": "ada", "iat": 0, "exp": 100, "jti": 7},
        {"sub": "x" * 128, "iat": 0, "exp": 100, "name": "y" * 5_000},
    ],
    ids=lambda claims: str(claims)[:60],
)
def test_bad_claims_are_refused_and_nobody_is_made(client, shop, claims):
    site, key = shop
    now = int(time.time())
    moved = {
        name: now + value if name in {"iat", "exp"} else value for name, value in claims.items()
    }
    token = (
        jwt.encode(moved, key.secret, headers={"kid": key.kid})
        if "sub" not in claims or (isinstance(claims["sub"], str))
        else jwt.api_jws.encode(json.dumps(moved).encode(), key.secret, headers={"kid": key.kid})
    )
    assert refusal(open_session(client, site, token)) == (401, "identity_refused")
    assert query("SELECT count(*) FROM requester") == [(0,)]


@pytest.mark.parametrize(
    ("vouched", "kept"),
    [
        ("eva@mail.corp.local", "eva@mail.corp.local"),
        ("root@localhost", None),
        ("imported-7@noemail.invalid", None),
        ("a..b@carrier.example", None),
    ],
)
def test_an_address_nobody_can_be_reached_at_keeps_no_user_out(client, shop, vouched, kept):
    site, key = shop
    answer = open_session(client, site, sign(key, sub="eva", email=vouched, email_verified=True))
    assert answer.status_code == 201, answer.json
    assert query("SELECT email, email_verified_at IS NULL FROM requester") == [(kept, kept is None)]


def test_signatures_of_others_are_refused(client, shop):
    site, key = shop
    other, foreign = sites.add_site(name="Other", origins=[ORIGIN])
    now = int(time.time())
    claims = {"sub": "ada", "iat": now, "exp": now + 100}
    tokens = {
        "foreign key": sign(foreign, sub="ada"),
        "own kid, foreign secret": jwt.encode(claims, foreign.secret, headers={"kid": key.kid}),
        "no kid": jwt.encode(claims, key.secret),
        "a kid that is no text": jwt.encode(claims, key.secret, headers={"kid": "k\0"}),
        "half a letter": jwt.encode(claims, key.secret, headers={"kid": "k\ud800"}),
        "alg none": unsigned(claims, key.kid),
        "HS512": jwt.encode(claims, key.secret * 2, algorithm="HS512", headers={"kid": key.kid}),
        "garbage": "a.b.c",
        "empty parts": "..",
    }
    for what, token in tokens.items():
        assert refusal(open_session(client, site, token)) == (401, "identity_refused"), what


def test_keys_rotate_without_downtime(client, shop):
    site, old = shop
    new = sites.rotate_key(site)
    assert open_session(client, site, sign(old, sub="ada")).status_code == 201
    assert open_session(client, site, sign(new, sub="ada")).status_code == 201
    sites.retire_key(site, old.kid)
    assert refusal(open_session(client, site, sign(old, sub="ada"))) == (401, "identity_refused")


def test_a_token_with_jti_works_once(client, shop):
    site, key = shop
    token = sign(key, sub="ada", jti="one")
    assert open_session(client, site, token).status_code == 201
    assert refusal(open_session(client, site, token)) == (401, "identity_refused")


def test_only_a_vouched_address_is_verified(visit):
    assert not visit("a", email="a@x.example").session["requester"]["email_verified"]
    assert not visit("b", email="b@x.example", email_verified="true").session["requester"][
        "email_verified"
    ]
    assert visit("c", email="c@x.example", email_verified=True).session["requester"][
        "email_verified"
    ]


def test_leaving_ends_the_session(ada):
    assert ada.delete("/sessions/current").status_code == 204
    assert refusal(ada.get("/tickets")) == (401, "token_revoked")


def test_a_visitor_who_leaves_is_gone_too(visit):
    visitor = visit()
    assert visitor.delete("/sessions/current").status_code == 204
    assert refusal(visitor.get("/tickets")) == (401, "token_revoked")


def test_tokens_of_another_purpose_or_hand_are_refused(app, client, ada, visit):
    ticket = ada.open()
    png = ada.upload("a.png", PNG).json
    link = png["url"].rsplit("/", 1)[1]
    for token in [link, ada.token[:-2] + "xx", ada.token + "x", "", "x", "é"]:
        answer = client.get(
            f"/api/v1/tickets/{ticket['id']}", headers={"Authorization": f"Bearer {token}"}
        )
        assert refusal(answer) == (401, "invalid_token")
    assert client.get(f"/files/{ada.token}").status_code == 404


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_a_scheme_is_the_same_in_small_letters_and_in_large(client, ada, scheme):
    answer = client.get("/api/v1/tickets", headers={"Authorization": f"{scheme} {ada.token}"})
    assert answer.status_code == 200


def test_a_session_expires(ada, client, time_machine_at):
    with time_machine_at(hours=13):
        assert refusal(ada.get("/tickets")) == (401, "token_expired")


@pytest.fixture
def time_machine_at():
    import time_machine

    def at(**delta):
        from datetime import UTC, datetime, timedelta

        return time_machine.travel(datetime.now(UTC) + timedelta(**delta), tick=False)

    return at


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


def test_two_first_sign_ins_at_once_are_one_person(app, site):
    """Two tabs of somebody who has just registered with the host, say."""
    answers = []
    for sub in ("ada", "berta", "clara"):
        token = sign(site.signing, sub=sub, email=f"{sub}@example.com", email_verified=True)
        at_once(lambda token=token: answers.append(open_session(app.test_client(), site, token)), 6)
    assert {answer.status_code for answer in answers} == {201}
    assert query("SELECT count(*) FROM requester") == [(3,)]
    assert len({answer.json["requester"]["id"] for answer in answers}) == 3
