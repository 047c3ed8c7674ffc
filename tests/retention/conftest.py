"""A site that keeps things for a while, its nights, and what is closed in it."""

import pytest

from widget_server import jobs
from widget_server.clock import utcnow
from widget_server.database import execute, query
from widget_server.orders import service as orders
from widget_server.orders.pricing import Line
from widget_server.orders.service import Offer
from widget_server.retention import night, policy
from widget_server.sites import service as sites
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id

from ..server.test_sessions import PNG


@pytest.fixture
def settings():
    # Months go by while the panel is open.
    return {"SESSION_TTL": 10**9}


@pytest.fixture
def site(clock, add_site):
    return add_site(settings={"calendars": [
        {"id": "shop", "zone": "America/Santiago", "week": [["09:00-18:00"]] * 7}
    ]})  # fmt: skip


@pytest.fixture
def keep(clock, site):
    """Say how long things are kept; it begins a day later."""

    def keep(tickets=None, files=None, years=10):
        found = sites.find_site(site.key)
        policy.set_policy(found, policy.Policy(tickets, files, years))

    return keep


@pytest.fixture
def sleep(clock, site):
    """Let a night of the site's pass, with all its jobs."""

    def sleep(days=1):
        clock(utcnow().replace(hour=7, minute=30))  # Half past four in Santiago.
        clock.pass_(days=days)
        night.look()
        while jobs.run_due():
            pass

    return sleep


@pytest.fixture
def closed(ada):
    """File a request and close it."""

    def closed(**data):
        ticket = ada.open(**data)
        assert ada.put(f"/tickets/{ticket['id']}/closure").status_code == 200
        return ticket

    return closed


def numbers():
    return [row[0] for row in query("SELECT number FROM ticket ORDER BY number")]


@pytest.fixture
def order(ada, agent, site):
    """Make an order in a request of Ada's: accepted, and paid and delivered if asked for."""
    actor = Actor("agent", str(agent.record.id), agent.record.name)

    def make(*, accept=True, to=(), title="A plugin"):
        file = ada.upload("a.png", PNG).json["id"]
        ticket = ada.open(title="My secret wish", attachments=[file])
        offer = Offer(title, [Line("Hours", 1_000, 5_000, 0)], "EUR", 1, utcnow().date())
        made = orders.quote(find_by_id(site.id, ticket["id"]), actor, offer)
        if accept:
            shown = ada.get(f"/tickets/{ticket['id']}").json["orders"][0]
            path = f"/tickets/{ticket['id']}/quotes/{made.quote_id}/acceptance"
            answer = ada.post(path, digest=shown["quote"]["digest"])
            assert answer.status_code == 200
        for state in to:
            execute("UPDATE purchase SET state = ? WHERE id = ?", state, made.id)
        ada.put(f"/tickets/{ticket['id']}/closure")
        return ticket

    return make
