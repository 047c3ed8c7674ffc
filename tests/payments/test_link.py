"""A payment link: filled without a gap for tricks, confirmed by a signed call or by an agent."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_server.database import query
from widget_server.errors import Invalid
from widget_server.orders import book, service
from widget_server.payments import accounts
from widget_server.payments.links import check_template, fill, signature
from widget_server.payments.signatures import sign
from widget_server.payments.ways import Due

DUE = Due(1, "o1", 123_450, "EUR", "2026-0001", "Plugin & more", "a@b.example", "en", "https://x/?r=1")  # fmt: skip


@pytest.fixture
def call(client, site, by_link, order):
    def post(secret="link secret", **changes):
        body = {
            "id": "p1",
            "order": order().id,
            "minor": order().total,
            "currency": "EUR",
        } | changes
        raw = json.dumps(body).encode()
        headers = {"Ventanilla-Signature": sign(raw, secret)}
        return client.post(f"/api/v1/payments/hooks/{site.key}/link", data=raw, headers=headers)

    return post


def test_the_link_carries_the_order_and_its_signature(order, begin, by_link, client):
    url = urlsplit(begin("link").json["url"])
    given = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert url.path == f"/{order().number}"
    assert given["a"] == "1728.09EUR"
    assert given["s"] == signature(order().id, order().total, "EUR", "link secret")
    back = client.get(given["r"].removeprefix("https://help.example"))
    assert back.location.endswith(f"#ventanilla=ticket.{order().ticket_id}")


def test_who_clicks_again_is_led_to_the_page_that_is_set_up_by_now(order, begin, by_link, site):
    begin("link")
    accounts.set_up(
        site.id, "link", on=True, secrets={"secret": "another"},
        settings={"template": "https://new.example/{reference}?s={signature}"},
    )  # fmt: skip
    signed = signature(order().id, order().total, "EUR", "another")
    assert begin("link").json["url"] == f"https://new.example/{order().number}?s={signed}"
    assert query("SELECT count(*) FROM checkout") == [(1,)]


def test_coming_back_waits_for_the_call(order, begin, by_link, client, card, call):
    place = parse_qs(urlsplit(begin("link").json["url"]).query)["r"][0]
    client.get(place.removeprefix("https://help.example"))
    assert card()["state"] == "awaiting_payment"
    assert card()["pay"]["waiting_since"]
    assert call().json == {"outcome": "settled"}
    assert call().json == {"outcome": "repeated"}
    assert card()["state"] == "paid"


def test_calls_with_their_own_numbers_of_one_payment_count_once(call, card):
    assert call(id="a", reference="bank-1").json == {"outcome": "settled"}
    assert call(id="b", reference="bank-1").json == {"outcome": "repeated"}
    assert call(id="c", reference="bank-2").json == {"outcome": "surplus"}


@pytest.mark.parametrize(
    "changes", [{"minor": 1}, {"currency": "USD"}, {"minor": 172_808}], ids=str
)
def test_the_wrong_money_is_flagged(call, card, changes):
    assert call(**changes).json == {"outcome": "surplus"}
    assert card()["state"] == "awaiting_payment"


def test_a_call_that_makes_no_sense_is_refused(call):
    for wrong in (
        {"minor": "100"}, {"minor": True}, {"minor": -5}, {"minor": 1.5}, {"currency": "XXX"},
        {"id": ""}, {"id": "\x00"}, {"id": "\ud800"}, {"at": "yesterday"}, {"at": "2026-11-23T10:00:00"}, {"at": 10**30}, {"order": None},
    ):  # fmt: skip
        answer = call(**wrong)
        assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_hook"), wrong


def test_one_payment_pays_no_two_orders(call, order, row, ines, offer, site):
    assert call(reference="bank-7").json == {"outcome": "settled"}
    other = service.quote(row(), ines, offer(), work=True)
    answer = call(id="p2", order=other.id, reference="bank-7")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "reference_taken")
    assert call(id="p2", order=other.id, reference="bank-8").json == {"outcome": "settled"}
    assert book.find(site.id, other.id).state == "paid"


def test_an_order_of_another_site_is_not_found(call, add_site, order):
    assert call(order="someone-elses").status_code == 404


def test_a_wrong_secret_is_refused(call):
    assert call("wrong").status_code == 403


def test_a_template_that_leads_astray_is_not_saved(site):
    for template in (
        "http://pay.example/{amount}", "https://{reference}.example/", "https://pay.example/{sum}",
        "javascript:alert({amount})", "pay.example", "https://[x/{amount}",
    ):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            accounts.set_up(site.id, "link", on=True, secrets={}, settings={"template": template})
        assert list(caught.value.details["fields"]) == ["template"]


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_title_changes_where_the_link_leads(title, email):
    from dataclasses import replace

    template = check_template("https://paypal.me/acme/{amount}?note={title}&mail={email}#{order}")
    due = replace(DUE, title=title, email=email)
    try:
        url = urlsplit(fill(template, due, ""))
    except UnicodeEncodeError:
        return  # Half a character; no field takes one.
    given = parse_qs(url.query, keep_blank_values=True)
    assert (url.hostname, url.path, url.fragment) == ("paypal.me", "/acme/1234.50", "o1")
    assert given == {"note": [title], "mail": [email]}
