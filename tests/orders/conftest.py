"""An agent's offers, in a shop with a calendar."""

from datetime import timedelta

import pytest

from widget_server.agents import service as agents
from widget_server.orders import delivery, service
from widget_server.orders.pricing import Line
from widget_server.orders.service import Offer
from widget_server.sites.look import complete
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id

MADRID = {
    "calendars": [
        {
            "id": "office",
            "zone": "Europe/Madrid",
            "week": [["09:00-18:00"]] * 5 + [[], []],
            "exceptions": {"2026-12-08": [], "2026-12-25": []},
        }
    ]
}

LINES = (
    Line("Plugin made to measure", 1_000, 120_000, 2_200),
    Line("Hours of support", 2_500, 6_500, 2_200),
    Line("Printed handbook", 3_000, 1_995, 1_000),
)


@pytest.fixture
def settings():
    # Weeks go by while the panel is open.
    return {"SESSION_TTL": 10**8}


@pytest.fixture
def site(add_site):
    return add_site(settings=MADRID)


@pytest.fixture
def ines(app):
    record = agents.add_agent(email="ines@team.example", name="Inés", password="correct horse")
    return Actor("agent", str(record.id), record.name)


@pytest.fixture
def offer(site):
    """Make an offer; what is not said is ordinary."""

    def make(**changes):
        today = delivery.today(complete(site.settings))
        values = {
            "title": "A plugin for your shop",
            "lines": LINES,
            "currency": "EUR",
            "lead_days": 5,
            "valid_until": today + timedelta(days=14),
        }
        return Offer(**(values | changes))

    return make


@pytest.fixture
def ticket(ada):
    return ada.open(title="I need a plugin")


@pytest.fixture
def row(site, ticket):
    """Return the ticket as the service sees it now."""
    return lambda: find_by_id(site.id, ticket["id"])


@pytest.fixture
def quoted(clock, row, ines, offer):
    return service.quote(row(), ines, offer())


@pytest.fixture
def card(ada, ticket):
    """Return the newest order as the requester's panel shows it."""
    return lambda: ada.get(f"/tickets/{ticket['id']}").json["orders"][-1]


@pytest.fixture
def decide(ada, ticket, card):
    """Answer the newest quote: "acceptance", or "refusal" with a reason."""

    def send(act="acceptance", *, by=None, **body):
        quote = card()["quote"]
        body = {"digest": quote["digest"]} | body
        return (by or ada).post(f"/tickets/{ticket['id']}/quotes/{quote['id']}/{act}", **body)

    return send


@pytest.fixture
def pay(site):
    """Pay an order in full."""

    def send(order, reference="pi_1", at="2026-11-23T12:00:00.000000Z", **changes):
        values = {
            "provider": "stripe",
            "reference": reference,
            "amount": order.total,
            "currency": order.currency,
            "at": at,
        }
        return service.record_payment(site.id, order.id, **(values | changes))

    return send
