"""A quote of the help desk, paid in a WordPress shop: both halves of the wire, as they run."""

import time

import jwt
import pytest
import requests

from widget_server import sample

from ..support.servers import wait_until
from .orders import orders
from .versions import on

FORM = {
    "act": "send", "title": "New kitchen", "kind": "work", "currency": "EUR", "lead_days": "5",
    "text": ["Oak", "Work"], "quantity": ["3", "2,5"], "price": ["100", "40"], "rate": ["22", "10"],
}  # fmt: skip


@pytest.fixture
def store(build, version, connect):
    site = build(version, WP_TEST_SHOP="1")
    site.reset()
    connect(site)
    yield site
    assert site.complaints() == []


@pytest.fixture
def agent(desk):
    """Post a form of the console as Inés, who is signed in."""
    session = requests.Session()
    session.headers["Sec-Fetch-Site"] = "same-origin"

    def post(path, **form):
        answer = session.post(f"{desk.url}/console{path}", data=form, timeout=30)
        answer.raise_for_status()
        return answer

    post("/sign-in", email=sample.AGENT_EMAIL, password=sample.AGENT_PASSWORD)
    return post


@pytest.fixture
def alice(desk, store):
    """Ask the help desk as Alice, whom the shop knows."""
    kid, secret = desk.secret.split(".", 1)
    now = int(time.time())
    claims = {"sub": "wp-1-2", "iat": now, "exp": now + 300, "email": "alice@shop.example"}
    word = jwt.encode(claims, secret, algorithm="HS256", headers={"kid": kid})
    page = {"Origin": store.url}
    opened = {"site_key": desk.site_key, "identity_token": word}
    token = requests.post(f"{desk.url}/api/v1/sessions", json=opened, headers=page, timeout=30)

    def ask(method, path, key="-", **body):
        headers = {"Authorization": f"Bearer {token.json()['token']}", "Idempotency-Key": key}
        url = f"{desk.url}/api/v1{path}"
        answer = requests.request(method, url, json=body or None, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json()

    return ask


@on("6.1", "6.8")
def test_an_order_is_made_in_the_shop_paid_there_and_returned(store, desk, agent, alice):
    shop = f"/payments/{desk.site_key}/woocommerce"
    assert "Funciona." in agent(shop, url=store.url, on="1", check="1").text
    body = {"category": "help", "title": "A kitchen", "body": "Please"}
    ticket = alice("POST", "/tickets", key=f"kitchen-{store.url}", **body)
    agent(f"/tickets/{desk.site_key}/{ticket['number']}/quote", **FORM)

    def order():
        (found,) = alice("GET", f"/tickets/{ticket['id']}")["orders"]
        return found

    wait_until(lambda: orders(store), "the shop's order was made")
    path = f"/payments/{order()['id']}"
    begun = alice("POST", path, way="woocommerce", return_to=f"{store.url}/support/")
    assert begun["url"].startswith(f"{store.url}/checkout/order-pay/")
    (made,) = orders(store)
    assert (made["total"], made["cart_tax"], made["customer_id"]) == ("476.00", "76.00", 2)

    number = begun["url"].rstrip("/").rpartition("/")[2]
    store.evaluate(f"wc_get_order({number})->update_status('processing');")
    wait_until(lambda: order()["state"] == "paid", "the help desk heard of the payment")
    assert order()["delivery"]["estimated"] is False


@on("6.8")
def test_a_shop_that_was_away_makes_its_order_when_it_is_back(store, desk, agent, alice):
    """The order is asked for until the shop has made it; meanwhile the customer is told so."""
    agent(f"/payments/{desk.site_key}/woocommerce", url=store.url, on="1", check="1")
    body = {"category": "help", "title": "Another kitchen", "body": "Please"}
    ticket = alice("POST", "/tickets", key=f"away-{store.url}", **body)
    store.stop()
    try:
        agent(f"/tickets/{desk.site_key}/{ticket['number']}/quote", **FORM)
        (order,) = alice("GET", f"/tickets/{ticket['id']}")["orders"]
        path = f"/payments/{order['id']}"
        with pytest.raises(requests.HTTPError) as away:
            alice("POST", path, way="woocommerce", return_to=f"{store.url}/support/")
        assert away.value.response.status_code == 503
        assert away.value.response.json()["error"]["code"] == "payment_unavailable"
    finally:
        store.start()
    begun = alice("POST", path, way="woocommerce", return_to=f"{store.url}/support/")
    assert begun["url"].startswith(f"{store.url}/checkout/order-pay/")
    assert len(orders(store)) == 1
