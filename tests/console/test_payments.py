"""How sites are paid, set up in the console: said plainly, tried, kept secret."""

import re

import pytest

from widget_server import jobs
from widget_server.agents.models import Agent
from widget_server.clock import stamp
from widget_server.database import execute, query
from widget_server.orders import book
from widget_server.orders import service as orders
from widget_server.orders.pricing import Line
from widget_server.payments import accounts
from widget_server.payments import service as payments
from widget_server.sites import reach
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id

from ..support.stripe import HOOK_SECRET, KEY, FakeStripe
from ..support.visitor import ORIGIN


@pytest.fixture(scope="module")
def stripe():
    server = FakeStripe().start()
    yield server
    server.stop()


@pytest.fixture
def settings(stripe):
    return {"STRIPE_URL": stripe.url}


@pytest.fixture
def administrator(agent):
    Agent.update(role="administrator", locale="en").execute()
    return agent


@pytest.fixture
def save(administrator, site):
    def send(way, **form):
        return administrator.post(f"/payments/{site.key}/{way}", **form)

    return send


def test_only_administrators_see_and_change_it(agent, site):
    Agent.update(role="agent").execute()
    assert agent.get("/payments").status_code == 403
    assert agent.post(f"/payments/{site.key}/transfer", holder="x").status_code == 403
    assert agent.post(f"/payments/{site.key}/receipts/x/return").status_code == 403
    assert "/console/payments" not in agent.get("/").text
    assert query("SELECT count(*) FROM payment_account") == [(0,)]


def test_a_transfer_is_set_up_and_offered(save, site, administrator):
    assert (
        save("transfer", holder="Acme", iban="ES91 2100 0418 4502 0005 1332", on="1").status_code
        == 303
    )
    (account,) = accounts.enabled(site.id)
    assert account.settings == {"holder": "Acme", "iban": "ES9121000418450200051332"}
    assert "ES91 2100 0418 4502 0005 1332" in administrator.get("/payments").text
    save("transfer", holder="Acme", iban="ES9121000418450200051332")
    assert accounts.enabled(site.id) == []


def test_what_is_wrong_is_said_beside_its_field_and_stays_as_typed(save, site):
    answer = save("transfer", holder="Typed in", iban="ES91 2100 0418 4502 0005 1333", on="1")
    assert answer.status_code == 422
    assert "check digits do not fit" in answer.text
    assert 'value="Typed in"' in answer.text
    assert "Fill this in" in save("transfer", on="1").text
    assert query("SELECT count(*) FROM payment_account") == [(0,)]


def test_every_field_has_its_sentence(save):
    for way, form, said in (
        ("stripe", {"key": "pk_live_1"}, "sk_ or rk_"),
        ("stripe", {"hook_secret": "sk_live_1"}, "whsec_"),
        ("link", {"template": "http://x.example/{amount}"}, "https://"),
        ("woocommerce", {"url": "shop.example"}, "https://www.example.com"),
        ("transfer", {"bic": "nope"}, "8 or 11"),
    ):
        answer = save(way, **form)
        assert answer.status_code == 422
        assert said in answer.text.split('role="alert"')[1]


def test_a_secret_is_sealed_kept_and_never_shown(save, site, administrator):
    save("stripe", key=KEY, hook_secret=HOOK_SECRET, on="1")
    save("stripe", key="", hook_secret="", on="1")
    (account,) = accounts.enabled(site.id)
    assert accounts.chosen(account).secrets == {"key": KEY, "hook_secret": HOOK_SECRET}
    page = administrator.get("/payments").text
    assert KEY not in page
    assert HOOK_SECRET not in page
    assert KEY not in str(query("SELECT * FROM payment_account"))


def test_stripe_is_tried_when_saved(save, stripe):
    assert "It works." in save("stripe", key=KEY, hook_secret=HOOK_SECRET, check="1").text
    wrong = save("stripe", key="sk_test_wrong", check="1").text
    assert "Invalid API Key provided: sk_test_wrong" in wrong


def test_a_shop_that_does_not_answer_is_said(save):
    text = save("woocommerce", url="http://127.0.0.1:9", check="1").text
    assert "The shop cannot be reached" in text


@pytest.mark.parametrize("path", ["/payments/{key}/nothing", "/payments/nowhere/stripe"])
def test_what_does_not_exist_is_not_found(administrator, site, path):
    assert administrator.post(path.format(key=site.key)).status_code == 404


@pytest.fixture
def paid(save, administrator, site, ada, stripe):
    """Return a ticket with an order of 61.00 paid at Stripe, and what Stripe calls the payment."""
    save("stripe", key=KEY, hook_secret=HOOK_SECRET, on="1")
    ticket = ada.open()
    offer = orders.Offer("Work", [Line("Hours", 1_000, 5_000, 2_200)], "EUR", 5)
    actor = Actor("agent", str(administrator.record.id), "Inés")
    order = orders.quote(find_by_id(site.id, ticket["id"]), actor, offer, work=True)
    begun = ada.post(f"/payments/{order.id}", way="stripe", return_to=f"{ORIGIN}/").json
    event = stripe.pay(begun["url"].rpartition("/")[2])
    body, headers = stripe.signed(event)
    hook = f"/api/v1/payments/hooks/{site.key}/stripe"
    administrator.client.post(hook, data=body, headers=headers)
    return f"/tickets/{site.key}/{ticket['number']}", event["data"]["object"]["payment_intent"]


def form_of(page):
    (path,) = re.findall(r'action="/console(/payments/[^"]+/return)"', page)
    return path, dict(re.findall(r'name="(key|amount)"[^>]* value="([^"]+)"', page.split(path)[-1]))


def test_a_payment_at_stripe_is_returned_from_the_ticket(paid, administrator, stripe):
    place, payment = paid
    path, form = form_of(administrator.get(place).text)
    assert form["amount"] == "61.00"
    assert administrator.post(path, next=f"/console{place}", **form).location == f"/console{place}"
    jobs.run_due()
    assert stripe.intents[payment]["refunded"] == 6_100
    assert "/return" not in administrator.get(place).text


def test_a_part_is_returned_once_however_often_the_button_is_pressed(paid, administrator, stripe):
    place, payment = paid
    path, form = form_of(administrator.get(place).text)
    part = {"next": f"/console{place}", "key": form["key"], "amount": "12,50"}
    for _ in range(2):
        answer = administrator.part(path, **part)
        assert "asked Stripe to send back €12.50" in answer.text
    jobs.run_due()
    assert stripe.intents[payment]["refunded"] == 1_250
    page = administrator.get(place).text
    assert "€12.50 of order" in page
    assert "<dt>Returned</dt><dd>€12.50</dd>" in page
    assert form_of(page)[1]["amount"] == "48.50"
    log = administrator.get("/audit").text
    assert "asked Stripe for a refund on" in log
    assert "€12.50" in log


def test_more_than_is_left_is_refused_in_words(paid, administrator, stripe):
    place, payment = paid
    path, form = form_of(administrator.get(place).text)
    for amount in ("61.01", "0", "-1"):
        wrong = {"next": f"/console{place}", "amount": amount}
        answer = administrator.part(path, **wrong)
        assert answer.status_code == 422
        assert "no more than is left of what was paid" in answer.text
    assert administrator.post(path, amount="much").status_code == 422
    jobs.run_due()
    assert stripe.intents[payment]["refunded"] == 0


def test_what_stripe_refuses_stands_beside_the_order(paid, administrator, stripe):
    place, payment = paid
    stripe.intents[payment]["status"] = "disputed"
    path, form = form_of(administrator.get(place).text)
    administrator.post(path, next=f"/console{place}", **form)
    jobs.run_due()
    page = administrator.get(place).text
    assert "Stripe did not send back €61.00" in page
    assert form_of(page)[1]["amount"] == "61.00"


def test_money_that_was_not_owed_waits_until_it_went_back(administrator, site, ada):
    ticket = ada.open()
    offer = orders.Offer("Work", [Line("Hours", 1_000, 5_000, 2_200)], "EUR", 5)
    actor = Actor("agent", str(administrator.record.id), "Inés")
    order = orders.quote(find_by_id(site.id, ticket["id"]), actor, offer, work=True)
    for reference in ("first", "second"):
        orders.record_payment(
            site.id, order.id, provider="transfer", reference=reference,
            amount=order.total, currency="EUR", at=stamp(),
        )  # fmt: skip
    page = administrator.get("/payments").text
    assert page.count("€61.00") == 1
    assert "<code>second</code>" in page
    (path,) = re.findall(r'action="/console(/payments/[^"]+/return)"', page)
    administrator.post(path)
    assert "second" not in administrator.get("/payments").text
    assert book.find(site.id, order.id).state == "paid"


def test_money_of_sites_out_of_reach_is_not_shown(administrator, site, ada, add_site):
    test_money_that_was_not_owed_waits_until_it_went_back(administrator, site, ada)
    execute("DELETE FROM receipt WHERE kind = 'refund'")
    assert [row[0] for row in payments.owed_back()] == [site.id]
    reach.narrow(frozenset({add_site("Other").id}))
    try:
        assert payments.owed_back() == payments.troubles() == []
    finally:
        reach.widen()
