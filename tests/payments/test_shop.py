"""The site's own shop: it makes the order, takes the money, and may be away for a day."""

import pytest

from widget_server import jobs, persons
from widget_server.database import query
from widget_server.orders import book, service
from widget_server.payments import accounts, rows, watching
from widget_server.payments import service as payments
from widget_server.payments.shops import lines
from widget_server.sites import service as sites

from ..support.shop import FakeShop
from .conftest import PAGE


@pytest.fixture(scope="module")
def shop_server():
    server = FakeShop().start()
    yield server
    server.stop()


@pytest.fixture
def shop(shop_server, site):
    for kept in (shop_server.orders, shop_server.asked, shop_server.secrets):
        kept.clear()
    shop_server.away, shop_server.late, shop_server.surcharge = False, False, 0
    shop_server.secrets[site.signing.kid] = site.signing.secret
    accounts.set_up(site.id, "stripe", on=False, secrets={}, settings={})
    accounts.set_up(site.id, "woocommerce", on=True, secrets={}, settings={"url": shop_server.url})
    return shop_server


@pytest.fixture
def tell(client, site, shop, order):
    def post(call_id, status, which=-1, **more):
        """One of the shop's orders, the newest if not said, came to be so."""
        made = list(shop.orders.values())[which]
        made["status"] = status
        call = made | {"event": call_id, "url": None} | more
        body, headers = shop.signed(call)
        return client.post(
            f"/api/v1/payments/hooks/{site.key}/woocommerce", data=body, headers=headers
        )

    return post


def test_accepting_makes_the_shops_order_with_lines_and_taxes(shop, order, begin):
    order()
    assert shop.asked == []  # Nothing leaves while the requester waits.
    jobs.run_due()
    (asked,) = shop.asked
    assert [(line["text"], line["quantity"], line["price"], line["net"], line["vat_rate"], line["vat"])
            for line in asked["lines"]] == [
        ("Plugin made to measure", "1.000", "1200.00", "1200.00", "22.00", "264.00"),
        ("Hours of support", "2.500", "65.00", "162.50", "22.00", "35.75"),
        ("Printed handbook", "3.000", "19.95", "59.85", "10.00", "5.99"),
    ]  # fmt: skip
    assert (asked["net"], asked["vat"], asked["total"]) == ("1422.35", "305.74", "1728.09")
    assert asked["customer"] == {
        "sub": "ada", "name": "Ada Ferrer", "email": "ada@customers.example",
    }  # fmt: skip
    assert begin("woocommerce").json["url"] == next(iter(shop.orders.values()))["url"]
    assert len(shop.orders) == 1


def test_a_shop_away_for_a_day_gets_its_order_when_it_is_back(shop, order, clock, begin, card):
    shop.away = True
    order()
    for _ in range(36):
        jobs.run_due()
        clock.pass_(minutes=61)
    assert begin("woocommerce").json["error"]["code"] == "payment_unavailable"
    assert card()["pay"]["ways"] == [{"kind": "woocommerce", "label": None}]
    assert query("SELECT error FROM checkout") == [("The shop answers 500.",)]
    shop.away = False
    clock.pass_(minutes=75)
    jobs.run_due()
    assert len(shop.orders) == 1
    assert begin("woocommerce").status_code == 200
    assert query("SELECT count(*) FROM job WHERE kind = 'payments.shop'") == [(0,)]


def test_what_the_shop_says_moves_the_order(shop, order, begin, tell, card):
    order()
    jobs.run_due()
    assert tell("1", "pending").json == {"outcome": "open"}
    assert tell("2", "on-hold").json == {"outcome": "confirming"}
    assert card()["pay"]["waiting_since"]
    assert begin("woocommerce").json == {"kind": "woocommerce", "waiting": True}
    assert tell("3", "processing").json == {"outcome": "paid"}
    assert tell("3", "processing").json == {"outcome": "repeated"}
    assert tell("4", "completed").json == {"outcome": "paid"}
    assert card()["state"] == "paid"
    assert query("SELECT provider, amount FROM receipt") == [("woocommerce", order().total)]


def test_the_shops_refunds_come_back_once(shop, order, tell, card):
    order()
    jobs.run_due()
    tell("1", "processing")
    tell("2", "processing", refunded="728.09")
    assert card()["state"] == "paid"
    tell("3", "refunded", refunded="1728.09")
    tell("4", "processing", refunded="728.09")  # Late.
    assert card()["state"] == "refunded"
    assert query("SELECT sum(amount) FROM receipt WHERE kind = 'refund'") == [(order().total,)]


def test_a_copy_of_a_paid_order_is_no_second_payment_until_it_is_paid(shop, order, tell):
    order()
    jobs.run_due()
    tell("1", "processing")
    assert tell("2", "pending", id="777").json == {"outcome": "paid"}
    assert query("SELECT reference, surplus FROM receipt") == [("501", 0)]
    tell("3", "processing", refunded="100.00")
    assert query("SELECT payment FROM receipt WHERE kind = 'refund'") == [("501",)]
    tell("4", "processing", id="777")
    assert query("SELECT reference FROM receipt WHERE surplus = 1") == [("777",)]


def test_a_shop_that_never_calls_is_asked(shop, order, clock, card):
    order()
    jobs.run_due()
    next(iter(shop.orders.values()))["status"] = "completed"
    watching.ask()
    jobs.run_due()
    assert card()["state"] == "awaiting_payment"
    clock.pass_(hours=25)
    watching.ask()
    watching.ask()
    jobs.run_due()
    assert card()["state"] == "paid"


def test_links_about_which_nobody_can_be_asked_leave_room_for_a_shop(
    shop, by_link, order, begin, clock, card, monkeypatch
):
    monkeypatch.setattr(rows, "AT_ONCE", 1)
    order()
    begin("link")
    clock.pass_(minutes=1)
    jobs.run_due()
    next(iter(shop.orders.values()))["status"] = "completed"
    clock.pass_(hours=25)
    watching.ask()
    jobs.run_due()
    assert card()["state"] == "paid"


def test_an_order_of_another_amount_is_not_offered(shop, order, begin):
    shop.surcharge = 5
    order()
    jobs.run_due()
    answer = begin("woocommerce")
    assert (answer.status_code, answer.json["error"]["code"]) == (502, "payment_refused")
    (error,) = query("SELECT error FROM checkout")[0]
    assert error == "The shop's order comes to 1733.09 EUR."


def test_an_order_whose_total_was_changed_in_the_shop_is_shown_as_trouble(shop, order, begin):
    order()
    jobs.run_due()
    (made,) = shop.orders.values()
    made["total"] = "1733.09"
    assert begin("woocommerce").json["error"]["code"] == "payment_refused"
    assert [row[2] for row in payments.troubles()] == ["The shop's order comes to 1733.09 EUR."]
    made["total"] = "1728.09"
    assert begin("woocommerce").status_code == 200
    assert payments.troubles() == []


def test_a_cancelled_order_is_cancelled_in_the_shop(shop, order, ines):
    order()
    jobs.run_due()
    service.move(order(), ines, "cancelled")
    jobs.run_due()
    assert [each["status"] for each in shop.orders.values()] == ["cancelled"]


def test_a_shops_order_that_awaits_a_transfer_is_cancelled_too(shop, order, tell, ines, pay):
    order()
    jobs.run_due()
    tell("1", "on-hold")
    pay(order(), provider="transfer", reference="bank-1")
    jobs.run_due()
    assert [each["status"] for each in shop.orders.values()] == ["cancelled"]


def test_an_erased_order_that_awaits_a_transfer_is_cancelled_in_the_shop(
    shop, order, tell, site, row
):
    order()
    jobs.run_due()
    tell("1", "on-hold")
    persons.erase(site.id, row().requester_id)
    jobs.run_due()
    assert [each["status"] for each in shop.orders.values()] == ["cancelled"]


def test_an_order_whose_answer_was_lost_is_cancelled_in_the_shop_all_the_same(
    shop, order, ines, clock
):
    shop.late = True
    order()
    jobs.run_due()
    service.move(order(), ines, "cancelled")
    shop.late = False
    jobs.run_due()
    assert [each["status"] for each in shop.orders.values()] == ["cancelled"]
    assert query("SELECT state FROM checkout") == [("closed",)]


def test_an_order_the_shop_does_not_have_is_not_asked_to_be_cancelled_for_a_week(shop, order, ines):
    order()
    jobs.run_due()
    shop.orders.clear()
    service.move(order(), ines, "cancelled")
    jobs.run_due()
    assert query("SELECT state FROM checkout") == [("closed",)]
    assert query("SELECT count(*) FROM job WHERE kind = 'payments.end'") == [(0,)]


def test_an_order_cancelled_in_the_shop_can_be_paid_in_another(shop, order, tell, begin):
    order()
    jobs.run_due()
    assert tell("1", "cancelled").json == {"outcome": "closed"}
    assert begin("woocommerce").status_code == 200
    assert list(shop.orders) == [order().id, f"{order().id}-2"]


def test_what_the_shop_opens_again_is_open_at_one_place_only(shop, order, tell, begin, card):
    order()
    jobs.run_due()
    (first,) = shop.orders.values()
    tell("1", "on-hold")
    assert tell("2", "failed").json == {"outcome": "open"}
    assert card()["pay"]["waiting_since"] is None
    tell("3", "cancelled")
    assert tell("4", "pending").json == {"outcome": "open"}
    assert begin("woocommerce").json["url"] == first["url"]
    tell("5", "cancelled")
    second = begin("woocommerce").json["url"]
    assert second != first["url"]
    tell("6", "pending", which=0)
    jobs.run_due()
    assert first["status"] == "cancelled"
    assert begin("woocommerce").json["url"] == second


def test_an_order_the_shop_deleted_and_made_anew_is_paid_and_refunded(
    shop, order, begin, tell, card
):
    order()
    jobs.run_due()
    (made,) = shop.orders.values()
    made["id"] = "777"
    assert begin("woocommerce").status_code == 200
    assert tell("1", "processing").json == {"outcome": "paid"}
    tell("2", "processing", refunded="100.00")
    tell("3", "processing", refunded="300.00")
    assert card()["state"] == "paid"
    assert query("SELECT sum(amount) FROM receipt WHERE kind = 'refund'") == [(30_000,)]


def test_a_shop_that_moved_and_counts_anew_takes_money_for_the_right_order(
    shop, order, clock, tell, card, ada, ines, row, offer, decide
):
    first = order()
    jobs.run_due()
    service.move(first, ines, "cancelled")
    jobs.run_due()
    shop.orders.clear()
    clock.pass_(minutes=1)
    service.quote(row(), ines, offer())
    decide()
    second = card()["id"]
    answer = ada.post(f"/payments/{second}", way="woocommerce", return_to=PAGE)
    assert answer.json["url"] == shop.orders[second]["url"]
    assert shop.orders[second]["id"] == "501"
    assert tell("1", "processing").json == {"outcome": "paid"}
    assert card()["state"] == "paid"
    assert book.find(first.site_id, first.id).state == "cancelled"


def test_a_number_that_was_paid_in_the_old_shop_can_be_paid_in_the_new(
    shop, order, clock, tell, card, row, ines, offer, decide
):
    order()
    jobs.run_due()
    tell("1", "processing", refunded="100.00")
    shop.orders.clear()
    clock.pass_(minutes=1)
    service.quote(row(), ines, offer())
    decide()
    jobs.run_due()
    for call in ("2", "3"):
        assert tell(call, "processing").json == {"outcome": "paid"}
    tell("4", "processing", refunded="100.00")
    tell("5", "refunded", refunded="1728.09")
    assert (order().state, card()["state"]) == ("paid", "refunded")
    total = order().total
    assert query("SELECT kind, sum(amount), count(*) FROM receipt GROUP BY kind ORDER BY kind") == [
        ("payment", 2 * total, 2), ("refund", 10_000 + total, 3),
    ]  # fmt: skip


def test_a_call_the_site_did_not_sign_is_refused(client, site, shop, order, add_site):
    order()
    shop.secrets["k"] = add_site(name="Other").signing.secret
    body, headers = shop.signed({"event": "1", "order": order().id, "status": "processing"})
    path = f"/api/v1/payments/hooks/{site.key}/woocommerce"
    assert client.post(path, data=body, headers=headers).status_code == 403


def test_a_shop_that_does_not_know_the_new_key_yet_is_asked_with_the_one_before(
    shop, site, order, begin
):
    rotated = sites.rotate_key(site)
    order()
    jobs.run_due()
    assert len(shop.orders) == 1
    shop.secrets.clear()
    shop.secrets[rotated.kid] = rotated.secret
    assert begin("woocommerce").status_code == 200
    sites.retire_key(site, rotated.kid)
    assert begin("woocommerce").status_code == 502


def test_a_shop_without_any_key_is_told_to_the_payer_as_any_other_trouble(shop, site, order, begin):
    order()
    sites.retire_key(site, site.signing.kid)
    assert begin("woocommerce").json["error"]["code"] == "payment_refused"


def test_what_a_program_wrote_is_not_read_as_people_write(shop, order, begin, tell):
    """A shop set to three decimals says "1728.090"; its "1.000" is one euro and not a thousand."""
    begin("woocommerce")
    assert tell("e1", "processing", total="1728.090", refunded="1.000").json["outcome"] == "paid"
    assert book.figures(30)["EUR"]["refunded"] == 100
    for wrong in ("1.728,09", "1,000", "1728.091", "1e3", "NaN", ""):
        assert tell(f"e{wrong}", "processing", total=wrong).status_code == 400


def test_the_lines_vat_adds_up_to_each_rates():
    given = [{"text": "a", "quantity": 1_000, "price": 3, "rate": 2_200, "net": 3}] * 3
    assert [line["vat"] for line in lines(given, 2)] == ["0.01", "0.00", "0.01"]
    assert [line["vat"] for line in lines(given, 3)] == ["0.001", "0.000", "0.001"]
    assert [line["vat"] for line in lines(given, 0)] == ["1", "0", "1"]
