"""A shop that takes money, a Stripe on loopback, and an order somebody accepted."""

import pytest

from widget_server.orders import book
from widget_server.payments import accounts
from widget_server.payments.models import LINK, STRIPE, TRANSFER

from ..orders.conftest import (  # noqa: F401
    MADRID,
    card,
    decide,
    ines,
    offer,
    pay,
    quoted,
    row,
    ticket,
)
from ..support.stripe import HOOK_SECRET, KEY, FakeStripe
from ..support.visitor import ORIGIN

PAGE = f"{ORIGIN}/cart?x=1"
IBAN = "ES9121000418450200051332"


@pytest.fixture(scope="session")
def stripe_server():
    server = FakeStripe().start()
    yield server
    server.stop()


@pytest.fixture
def stripe(stripe_server):
    """A Stripe that knows of nothing yet."""
    for kept in (stripe_server.sessions, stripe_server.intents, stripe_server.refunds,
                 stripe_server.events, stripe_server.calls, stripe_server._answers):  # fmt: skip
        kept.clear()
    stripe_server.lose, stripe_server.fail = 0, 0
    stripe_server.slow = stripe_server.away = False
    return stripe_server


@pytest.fixture
def settings(stripe):
    return {"SESSION_TTL": 10**8, "STRIPE_URL": stripe.url}


@pytest.fixture
def site(add_site):
    site = add_site(settings=MADRID)
    accounts.set_up(
        site.id, STRIPE, on=True, secrets={"key": KEY, "hook_secret": HOOK_SECRET}, settings={}
    )
    return site


@pytest.fixture
def by_transfer(site):
    accounts.set_up(
        site.id, TRANSFER, on=True, secrets={}, settings={"holder": "Acme S.L.", "iban": IBAN}
    )


@pytest.fixture
def by_link(site):
    template = "https://pay.example/{reference}?a={amount}{currency}&s={signature}&r={return}"
    accounts.set_up(
        site.id,
        LINK,
        on=True,
        secrets={"secret": "link secret"},
        settings={"template": template, "label": "PayPal"},
    )


@pytest.fixture
def order(quoted, decide, site):  # noqa: F811
    """Return an order as it is now: accepted, and awaiting payment."""
    decide()
    return lambda: book.find(site.id, quoted.id)


@pytest.fixture
def begin(ada, quoted):  # noqa: F811
    def send(way="stripe", *, by=None, return_to=PAGE):
        return (by or ada).post(f"/payments/{quoted.id}", way=way, return_to=return_to)

    return send


@pytest.fixture
def tell(client, site, stripe):
    """Post an event of Stripe's, as Stripe does."""

    def post(event, **how):
        body, headers = stripe.signed(event, **how)
        return client.post(f"/api/v1/payments/hooks/{site.key}/stripe", data=body, headers=headers)

    return post


@pytest.fixture
def session_of(begin):
    """Begin to pay and return the id of Stripe's session."""

    def act():
        answer = begin()
        assert answer.status_code == 200, answer.json
        return answer.json["url"].rpartition("/")[2]

    return act
