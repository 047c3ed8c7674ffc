"""How sites are paid, set up in the console: said plainly, tried, kept secret."""

import pytest

from widget_server.agents.models import Agent
from widget_server.database import query
from widget_server.payments import accounts

from ..support.stripe import HOOK_SECRET, KEY, FakeStripe


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


@pytest.mark.parametrize(
    ("way", "form", "said"),
    [
        ("stripe", {"key": "pk_live_1"}, "sk_ or rk_"),
        ("stripe", {"hook_secret": "sk_live_1"}, "whsec_"),
        ("link", {"template": "http://x.example/{amount}"}, "https://"),
        ("woocommerce", {"url": "shop.example"}, "https://www.example.com"),
        ("transfer", {"bic": "nope"}, "8 or 11"),
    ],
)
def test_every_field_has_its_sentence(save, way, form, said):
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
