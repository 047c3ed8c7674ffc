"""What is compressed, for whom, and what is left as it is."""

import json

import brotli
import pytest
from flask import Response

from widget_server.packing import SMALL, pack

from ..support.visitor import ORIGIN, sign


def taken(answer):
    return answer.headers.get("Content-Encoding"), answer.headers.get("Vary")


@pytest.fixture
def many(visit):
    ada = visit("ada")
    for number in range(12):
        ada.open(title=f"Request {number}")
    return ada


def listed(client, who, takes):
    headers = {"Authorization": f"Bearer {who.token}", "Accept-Encoding": takes}
    return client.get("/api/v1/tickets", headers=headers)


def test_a_list_is_a_fraction_for_who_takes_brotli_and_says_the_same(client, many):
    plain, packed = listed(client, many, ""), listed(client, many, "gzip, br")
    assert json.loads(brotli.decompress(packed.data)) == plain.json
    assert len(packed.data) * 4 < len(plain.data)
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert taken(packed) == ("br", "Accept-Encoding")
    assert taken(plain) == (None, "Accept-Encoding")


@pytest.mark.parametrize("takes", ["", "gzip, deflate", "br;q=0, gzip", "identity"])
def test_who_does_not_take_brotli_is_not_sent_it(client, many, takes):
    assert listed(client, many, takes).headers.get("Content-Encoding") is None


def test_a_session_comes_compressed_with_its_list(client, site, many):
    answer = client.post(
        "/api/v1/sessions",
        json={"site_key": site.key, "identity_token": sign(site.signing, sub="ada")},
        headers={"Origin": ORIGIN, "Accept-Encoding": "br"},
    )
    assert json.loads(brotli.decompress(answer.data))["home"]["tickets"][0]["title"] == "Request 11"


def test_what_is_short_or_named_by_a_tag_is_left_as_it_is(app, client, many):
    headers = {"Authorization": f"Bearer {many.token}", "Accept-Encoding": "br"}
    refused = client.get("/api/v1/tickets/none", headers=headers)
    assert taken(refused)[0] is None
    with app.test_request_context("/api/v1/any", headers=headers):
        for tag, wanted in ((None, "br"), ("one", None)):
            answer = Response(json.dumps("a" * SMALL), mimetype="application/json")
            if tag:
                answer.set_etag(tag)
            assert taken(pack(answer))[0] == wanted


@pytest.mark.parametrize(
    ("site", "packed"), [("same-origin", "br"), ("none", "br"), ("cross-site", None)]
)
def test_a_page_of_the_console_is_not_compressed_for_another_page(agent, site, packed):
    """Whose words, and the length of what they stand in, would tell of the rest (BREACH)."""
    headers = {"Accept-Encoding": "br", "Sec-Fetch-Site": site}
    answer = agent.client.get("/console/", headers=headers)
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, packed)
