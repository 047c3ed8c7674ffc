"""Quotes, orders and money by programs."""

from decimal import Decimal

import pytest

from widget_server.database import query

from .bodies import OFFER

LINES = [{"text": "Work", "quantity": 2.5, "price": 10_000, "rate": 21}]


@pytest.fixture
def place(site, ada):
    return f"/tickets/{site.key}/{ada.open(title='A plugin')['number']}"


def accepted(api, place, ada):
    """Return an order the requester has accepted."""
    made = api.post(f"{place}/orders", title="A plugin", lines=LINES).json
    ticket = ada.get("/tickets").json["tickets"][0]["id"]
    said = ada.post(
        f"/tickets/{ticket}/quotes/{made['quote']['id']}/acceptance",
        digest=made["quote"]["digest"],
    )
    assert said.status_code == 200
    return f"{place}/orders/{made['id']}"


def test_a_quote_is_sent_once_for_each_key_and_completed_by_the_site(place, program, ada):
    api = program()
    first = api.post(f"{place}/orders", key="quote-0001", title="A plugin", lines=LINES)
    again = api.post(f"{place}/orders", key="quote-0001", title="A plugin", lines=LINES)
    assert (first.status_code, first.json["id"]) == (201, again.json["id"])
    quote = first.json["quote"]
    assert (quote["net"], quote["total"], quote["currency"]) == (25_000, 30_250, "EUR")
    assert (quote["lead_days"], first.json["open_to"]) == (10, ["cancelled"])
    assert quote["valid_until"]
    assert query("SELECT count(*) FROM purchase") == [(1,)]
    (listed,) = api.get(f"{place}/orders").json["orders"]
    assert listed["id"] == first.json["id"]
    assert api.get(f"{place}/orders/{listed['id']}").json["state"] == "awaiting_acceptance"
    other = api.post(
        f"{place}/orders/{listed['id']}/versions", title="Less", lines=[LINES[0] | {"quantity": 1}]
    )
    assert (other.json["quote"]["version"], other.json["quote"]["total"]) == (2, 12_100)


def test_an_order_is_paid_made_delivered_and_partly_returned(place, program, ada):
    api = program()
    order = accepted(api, place, ada)
    paid = api.post(f"{order}/payment", reference="T-1").json
    assert (paid["state"], paid["open_to"]) == ("paid", ["in_production", "delivered"])
    assert api.post(f"{order}/payment", reference="T-1").json["receipts"] == paid["receipts"]
    assert api.put(f"{order}/state", state="in_production").json["state"] == "in_production"
    assert api.put(f"{order}/state", state="delivered").json["open_to"] == []
    for _ in range(2):
        back = api.post(f"{order}/refund", key="refund-0001", amount=250, reference="R-1").json
    assert [(each["kind"], each["amount"]) for each in back["receipts"]] == [
        ("payment", 30_250), ("refund", 250),
    ]  # fmt: skip
    much = api.post(f"{order}/refund", amount=30_250)
    assert (much.status_code, list(much.json["error"]["fields"])) == (422, ["amount"])
    late = api.put(f"{order}/state", state="cancelled")
    assert late.json["error"]["code"] == "order_moved"


def test_transfers_for_quotes_nobody_accepted_are_kept_apart(place, program):
    api = program()
    for _ in range(2):
        made = api.post(f"{place}/orders", title="A plugin", lines=LINES).json
        (came,) = api.post(f"{place}/orders/{made['id']}/payment").json["receipts"]
        assert (came["reference"], came["owed"]) == (made["id"], False)


def test_a_transfer_may_have_come_on_an_earlier_day_but_not_on_one_to_come(
    clock, place, program, ada
):
    api = program()
    order = accepted(api, place, ada)
    refused = api.post(f"{order}/payment", on="2099-01-01")
    assert list(refused.json["error"]["fields"]) == ["on"]
    assert api.post(f"{order}/payment", on="no day").status_code == 422
    clock.pass_(days=3)
    day = query("SELECT created_at FROM purchase")[0][0][:10]
    assert api.post(f"{order}/payment", on=day).json["paid_at"].startswith(day)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"lines": []}, "lines"), ({"title": ""}, "title"), ({"currency": "XXX"}, "currency"),
     ({"valid_until": "2000-01-01"}, "valid_until"), ({"lead_days": 9_999}, "lead_days"),
     ({"lines": [{"text": "x", "price": 1, "quantity": 0}]}, "lines"),
     ({"lines": [{"text": "x", "price": 1.5}]}, "lines"), ({"kind": "gift"}, "kind")],
)  # fmt: skip
def test_a_quote_that_makes_no_sense_is_refused_by_its_field(place, program, changes, field):
    answer = program().post(f"{place}/orders", **OFFER | changes)
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])


def test_an_order_is_found_in_its_own_ticket_only(site, place, program, ada):
    api = program()
    made = api.post(f"{place}/orders", kind="work", **OFFER).json
    assert made["state"] == "awaiting_payment"
    other = f"/tickets/{site.key}/{ada.open()['number']}"
    assert api.get(f"{other}/orders/{made['id']}").status_code == 404
    assert api.put(f"{other}/orders/{made['id']}/state", state="cancelled").status_code == 404


def test_lines_are_kept_for_quotes_and_defaults_changed_by_administrators(site, program, clerk):
    api, theirs = program(), program("tickets:read", "tickets:write", agent=clerk)
    items = f"/sites/{site.key}/items"
    made = theirs.post(items, text="An hour", price=6_000, quantity=1.5).json
    assert (Decimal(str(made["quantity"])), made["rate"], made["currency"]) == (
        Decimal("1.5"), 21.0, "EUR",
    )  # fmt: skip
    assert theirs.get(items).json["items"] == [made]
    assert theirs.send("DELETE", f"{items}/{made['id']}").status_code == 204
    assert theirs.get(items).json["items"] == []
    offers = f"/sites/{site.key}/offers"
    assert theirs.put(offers, rate=4).json["error"]["code"] == "scope_missing"
    assert api.put(offers, rate=10, lead_days=3).json["rate"] == 10
    shown = api.get(f"/sites/{site.key}").json["offers"]
    assert (shown["rate"], shown["lead_days"], shown["currency"]) == (10, 3, "EUR")
    assert list(api.put(offers, calendar="no").json["error"]["fields"]) == ["calendar"]


def test_a_payment_goes_back_in_parts_each_once_and_no_more_than_came(site, place, program, ada):
    api = program()
    order = accepted(api, place, ada)
    for reference in ("T-1", "T-2"):
        receipts = api.post(f"{order}/payment", reference=reference).json["receipts"]
    owed, surplus = sorted(receipts, key=lambda each: not each["owed"])
    path = f"/sites/{site.key}/receipts/{surplus['id']}/return"
    for _ in range(2):
        assert api.post(path, key="return-0001", amount=250).status_code == 204
    left = api.get(f"/sites/{site.key}/payments").json["owed"]
    assert [each["amount"] for each in left] == [30_000]
    much = api.post(path, amount=30_001)
    assert (much.status_code, much.json["error"]["code"]) == (422, "more_than_left")
    assert list(much.json["error"]["fields"]) == ["amount"]
    assert api.post(path, amount=0).status_code == 422
    assert api.post(path).status_code == 204
    assert api.get(f"/sites/{site.key}/payments").json["owed"] == []
    own = f"/sites/{site.key}/receipts/{owed['id']}/return"
    assert api.post(own, amount=1_000).status_code == 204
    assert api.get(order).json["returned"] == 1_000
