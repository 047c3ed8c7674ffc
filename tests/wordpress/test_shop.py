"""Quotes paid in the site's own shop: one order each, to the sum that was accepted."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from .orders import ORDER, orders, sign
from .versions import on


@on("6.1", "6.8")
def test_an_order_is_made_once_with_its_lines_and_taxes(store, ask):
    first = ask("", ORDER)
    assert first.json() == {
        "order": "o_7f", "id": "101", "status": "pending", "total": "498.99", "refunded": "0.00",
        "currency": "EUR", "url": f"{store.url}/checkout/order-pay/101/",
    }  # fmt: skip
    assert ask("", ORDER).json() == first.json()
    (made,) = orders(store)
    assert made["customer_id"] == 2
    assert (made["total"], made["cart_tax"], made["billing_email"]) == (
        "498.99",
        "89.00",
        "alice@shop.example",
    )
    lines = [data for kind, data in made["items"] if kind == "WC_Order_Item_Product"]
    assert [(line["name"], line["quantity"], line["total"]) for line in lines] == [
        ("Oak", 3, "300.00"), ("2.5 × Work", 1, "100.00"), ("Book", 1, "9.99"),
    ]  # fmt: skip
    taxes = [data for kind, data in made["items"] if kind == "WC_Order_Item_Tax"]
    assert [(tax["label"], tax["tax_total"]) for tax in taxes] == [
        ("VAT 22 %", "88.00"),
        ("VAT 10 %", "1.00"),
    ]


DINARS = ORDER | {
    "order": "o_3", "currency": "KWD", "decimals": 3,
    "lines": [
        {"text": "Oak", "quantity": "1.000", "price": "10.125", "net": "10.125", "vat_rate": "5.00", "vat": "0.506"},
        {"text": "Work", "quantity": "0.500", "price": "3.333", "net": "1.667", "vat_rate": "0.00", "vat": "0.000"},
    ],
    "net": "11.792", "vat": "0.506", "total": "12.298",
}  # fmt: skip


@on("6.8")
@pytest.mark.parametrize("tables", ["yes", "no"])
@pytest.mark.parametrize("status", ["shipped", "trash", "on-hold"])
def test_an_order_is_found_in_every_state_also_in_one_whose_plugin_is_switched_off(
    store, ask, status, tables
):
    store.evaluate(f"update_option('woocommerce_custom_orders_table_enabled', '{tables}');")
    ask("", ORDER)
    store.evaluate(f"wc_get_order(101)->update_status('{status}');")
    assert ask("", ORDER).json()["status"] == status
    assert len(orders(store)) == 1


@on("6.1", "6.8")
@pytest.mark.parametrize("included", ["yes", "no"])
def test_what_the_shop_says_of_its_own_prices_changes_no_sum(store, ask, included):
    """The quote's amounts are net and final, whether the shop enters prices with or without taxes."""
    store.evaluate(f"update_option('woocommerce_prices_include_tax', '{included}');")
    assert ask("", ORDER).json()["total"] == "498.99"
    (made,) = orders(store)
    assert made["prices_include_tax"] is False
    lines = [data for kind, data in made["items"] if kind == "WC_Order_Item_Product"]
    assert [(line["subtotal"], line["total"]) for line in lines] == [
        ("300.00", "300.00"), ("100.00", "100.00"), ("9.99", "9.99"),
    ]  # fmt: skip
    taxed = [line["taxes"] for line in lines]
    assert all(tax["subtotal"] == tax["total"] for tax in taxed)
    assert [next(iter(tax["total"].values())) for tax in taxed] == ["66.00", "22.00", "1.00"]


@on("6.8")
def test_no_coupon_and_no_fee_comes_into_an_order(store, ask):
    store.evaluate("update_option('woocommerce_enable_coupons', 'yes');")
    ask("", ORDER)
    (made,) = orders(store)
    assert {kind for kind, _ in made["items"]} == {"WC_Order_Item_Product", "WC_Order_Item_Tax"}
    assert "discount_total" not in made


@on("6.1", "6.8")
def test_three_decimals_are_kept_by_a_shop_that_has_them(store, ask):
    store.evaluate("update_option('woocommerce_price_num_decimals', '3');")
    assert ask("", DINARS).json()["total"] == "12.298"
    (made,) = orders(store)
    assert (made["total"], made["cart_tax"], made["currency"]) == ("12.298", "0.506", "KWD")
    taxes = [data for kind, data in made["items"] if kind == "WC_Order_Item_Tax"]
    assert [tax["tax_total"] for tax in taxes] == ["0.506", "0.000"]


@on("6.8")
def test_a_shop_that_would_round_makes_no_order_and_says_what_to_set(store, ask):
    answer = ask("", DINARS)
    assert answer.status_code == 409
    assert "needs: set 3 decimals under WooCommerce → Settings" in answer.json()["message"]
    store.evaluate("update_option('woocommerce_price_num_decimals', '0');")
    assert ask("", ORDER).status_code == 409
    assert orders(store) == []
    yen = ORDER | {"order": "o_4", "currency": "JPY", "decimals": 0, "vat": "89", "total": "499"}
    assert ask("", yen).json()["total"] == "499"


@on("6.8")
def test_the_shop_is_told_that_its_tables_of_orders_are_respected(store):
    declared = store.evaluate("echo json_encode(get_option('test_shop_declared'));")
    assert json.loads(declared) == ["custom_order_tables", "ventanilla.php", True]


@on("6.8")
def test_the_same_order_asked_for_by_many_at_once_is_made_once(store, ask):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ask("", ORDER).json()["id"], range(8)))
    assert set(answers) == {"101"}
    assert len(orders(store)) == 1


@on("6.8")
@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": []},
        {"lines": [{}]},
        {"total": 498.99},
        {"total": "1e3"},
        {"customer": None},
        {"order": 7},
        {"decimals": "2"},
    ],
    ids=str,
)
def test_an_order_that_is_not_whole_makes_nothing(store, ask, wrong):
    assert ask("", ORDER | wrong).status_code == 422
    assert orders(store) == []


@on("6.8")
def test_what_the_shop_does_not_take_leaves_no_empty_order_and_has_its_reason(store, ask):
    for _ in range(2):
        answer = ask("", ORDER | {"currency": "SLE"})
        assert (answer.status_code, answer.json()["message"]) == (409, "Invalid currency code")
    assert orders(store) == []


@on("6.8")
def test_an_address_the_shop_cannot_write_to_does_not_keep_anybody_from_paying(store, ask):
    customer = ORDER["customer"] | {"email": "maría@bücher.example"}
    assert ask("", ORDER | {"customer": customer}).json()["id"] == "101"
    assert orders(store)[0]["billing_email"] == ""


@on("6.8")
def test_only_the_help_desk_may_ask(store, ask, desk):
    body = json.dumps(ORDER).encode()
    url = f"{store.url}/?rest_route=/ventanilla/v1/orders"
    assert requests.post(url, data=body, timeout=20).status_code in (401, 403)
    assert ask("", ORDER, secret="k.another-secret").status_code in (401, 403)
    assert ask("", ORDER, at=int(time.time()) - 301).status_code in (401, 403)
    assert ask("", ORDER, at=int(time.time()) + 400).status_code in (401, 403)
    assert orders(store) == []
    assert ask("/check", {}).json()["version"] == "0.1.0"


@on("6.8")
def test_a_user_of_another_site_is_no_customer(store, ask):
    ask("", ORDER | {"customer": {"sub": "wp-2-2", "name": "x", "email": "x@y.example"}})
    ask("", ORDER | {"order": "o_2", "customer": {"sub": None, "name": None, "email": None}})
    assert [order["customer_id"] for order in orders(store)] == [0, 0]


@on("6.8")
def test_a_withdrawn_order_is_cancelled_and_a_paid_one_is_not(store, ask):
    ask("", ORDER)
    assert ask("/o_7f/cancellation", {"order": "o_7f"}).json()["status"] == "cancelled"
    ask("", ORDER | {"order": "o_8"})
    store.evaluate("wc_get_order(102)->update_status('processing');")
    assert ask("/o_8/cancellation", {"order": "o_8"}).json()["status"] == "processing"
    assert ask("/o_9/cancellation", {"order": "o_9"}).status_code == 404


@on("6.8")
def test_whoever_paid_is_led_back_and_whoever_has_to_transfer_is_told_where(store, ask):
    ask("", ORDER)
    led = "echo apply_filters('woocommerce_get_return_url', 'https://shop.example/thanks', wc_get_order(101));"
    assert store.evaluate(led) == "https://help.example/t/abc"
    store.evaluate("wc_get_order(101)->update_status('on-hold');")
    assert store.evaluate(led) == "https://shop.example/thanks"
    other = led.replace("wc_get_order(101)", "wc_create_order([])")
    assert store.evaluate(other) == "https://shop.example/thanks"


@on("6.8")
def test_without_a_shop_the_help_desk_is_told_so(shop, desk):
    raw = b"{}"
    answer = requests.post(
        f"{shop.url}/?rest_route=/ventanilla/v1/orders/check", data=raw, timeout=20,
        headers={"Content-Type": "application/json", "Ventanilla-Signature": sign(raw, desk.secret)},
    )  # fmt: skip
    assert answer.status_code == 409
    assert answer.json()["message"] == "WooCommerce is not active on this site."
