"""Is the Stripe of these tests like the real one? The official package cannot tell."""

import pytest
import stripe as sdk

from widget_server.payments.signatures import NotVerified, sign, verify

from ..support.stripe import HOOK_SECRET, KEY

SECRET = "whsec_any"


@pytest.fixture
def official(stripe):
    return sdk.StripeClient(KEY, base_addresses={"api": stripe.url}, max_network_retries=0)


@pytest.fixture
def wanted():
    return {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur", "unit_amount": 5_000, "product_data": {"name": "Plugin"},
                },
            }
        ],
        "success_url": "https://shop.example/",
        "metadata": {"order": "o1"},
    }  # fmt: skip


def test_the_official_package_begins_looks_and_ends(official, wanted):
    made = official.v1.checkout.sessions.create(wanted)
    assert (made.status, made.amount_total, made.metadata["order"]) == ("open", 5_000, "o1")
    assert official.v1.checkout.sessions.retrieve(made.id).url == made.url
    assert official.v1.checkout.sessions.expire(made.id).status == "expired"
    with pytest.raises(sdk.InvalidRequestError, match="can be expired"):
        official.v1.checkout.sessions.expire(made.id)
    assert [each.id for each in official.v1.checkout.sessions.list({"limit": 1})] == [made.id]


def test_the_official_package_meets_its_own_errors(official, wanted, stripe):
    once = {"idempotency_key": "k1"}
    first = official.v1.checkout.sessions.create(wanted, once)
    assert official.v1.checkout.sessions.create(wanted, once).id == first.id
    with pytest.raises(sdk.InvalidRequestError, match="same parameters"):
        official.v1.checkout.sessions.create(wanted | {"locale": "es"}, once)
    with pytest.raises(sdk.InvalidRequestError, match="30 minutes"):
        official.v1.checkout.sessions.create(wanted | {"expires_at": 1})
    with pytest.raises(sdk.AuthenticationError):
        sdk.StripeClient(
            "sk_test_x", base_addresses={"api": stripe.url}
        ).v1.checkout.sessions.list()


def test_the_official_package_returns_money(official, wanted, stripe):
    stripe.pay(official.v1.checkout.sessions.create(wanted).id)
    (intent,) = stripe.paid
    part = official.v1.refunds.create({"payment_intent": intent["id"], "amount": 2_000})
    assert (part.status, part.amount) == ("succeeded", 2_000)
    official.v1.refunds.create({"payment_intent": intent["id"]})
    with pytest.raises(sdk.InvalidRequestError) as caught:
        official.v1.refunds.create({"payment_intent": intent["id"]})
    assert caught.value.code == "charge_already_refunded"


def test_the_official_package_believes_its_events_and_our_signatures(official, wanted, stripe):
    event = stripe.pay(official.v1.checkout.sessions.create(wanted).id)
    body, headers = stripe.signed(event)
    read = sdk.Webhook.construct_event(body, headers["Stripe-Signature"], HOOK_SECRET)
    assert read.data.object.payment_status == "paid"
    assert sdk.Webhook.construct_event(body, sign(body, SECRET), SECRET).id == event["id"]
    with pytest.raises(sdk.SignatureVerificationError):
        sdk.Webhook.construct_event(body, sign(body, SECRET), HOOK_SECRET)


def test_we_believe_what_the_official_package_signs(clock):
    from datetime import UTC, datetime

    now = int(datetime.now(UTC).timestamp())
    mac = sdk.WebhookSignature._compute_signature(f'{now}.{{"id": "é"}}', SECRET)
    body = '{"id": "é"}'.encode()
    verify(body, f"t={now},v1={mac}", [SECRET])
    verify(body, f"t={now},v1={'0' * 64},v1={mac}", ["whsec_new", SECRET])
    for header in ("", f"t={now}", f"v1={mac}", f"t={now},v0={mac}", f"t={now},t={now},v1={mac}",
                   f"t=x,v1={mac}", f"t={now},v1=é"):  # fmt: skip
        with pytest.raises(NotVerified):
            verify(body, header, [SECRET])
    with pytest.raises(NotVerified):
        verify(body, f"t={now},v1={mac}", ["", "whsec_other"])
