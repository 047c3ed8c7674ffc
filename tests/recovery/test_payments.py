"""`kill -9` between Stripe's word and ours: every payment is in the book, once."""

import sqlite3
import threading
import time
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from widget_server import database
from widget_server.agents import service as agents
from widget_server.app import create_app
from widget_server.orders import book, receipts
from widget_server.orders import service as orders
from widget_server.orders.pricing import Line
from widget_server.payments import accounts
from widget_server.payments import service as payments
from widget_server.sites import service as sites
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id

from ..support.servers import Ventanilla, wait_until
from ..support.stripe import HOOK_SECRET, KEY, FakeStripe
from ..support.visitor import ORIGIN, Visitor, open_session, sign
from .test_kill import Client

ORDERS, KILLS = 24, 4


class Payer(Client):
    """Begins to pay, again and again until there is an answer, and pays."""

    def pay(self, order_id, stripe):
        body = {"way": "stripe", "return_to": f"{ORIGIN}/"}
        self.token = self.token or self.session()
        url = self.call(f"/payments/{order_id}", body)["url"]
        stripe.pay(url.rpartition("/")[2])
        self.answered.append(order_id)

    def session(self):
        word = sign(self.site.signing, sub="ada")
        return self.call("/sessions", {"site_key": self.site.key, "identity_token": word})["token"]


@pytest.fixture
def till(tmp_path):
    stripe = FakeStripe().start()
    server = Ventanilla(tmp_path, STRIPE_URL=stripe.url)
    names = ("DATABASE_URL", "SERVER_URL", "STRIPE_URL")
    app = create_app(
        {"SECRET_KEY": [server.settings["SECRET_KEY"]], "FILES_DIR": tmp_path / "files"}
        | {name: server.settings[name] for name in names}
    )
    site, key = sites.add_site(name="Shop", origins=[ORIGIN])
    site.signing = key
    agent = agents.add_agent(email="ines@team.example", name="Inés", password="0123456789")
    secrets = {"key": KEY, "hook_secret": HOOK_SECRET}
    accounts.set_up(site.id, "stripe", on=True, secrets=secrets, settings={})
    client = app.test_client()
    ada = Visitor(client, open_session(client, site, sign(key, sub="ada")).json)
    ticket = find_by_id(site.id, ada.open()["id"])
    offer = orders.Offer("Work", [Line("Hours", 1_000, 5_000, 2_200)], "EUR", 5)
    actor = Actor("agent", str(agent.id), agent.name)
    placed = [orders.quote(ticket, actor, offer, work=True).id for _ in range(ORDERS)]
    database.db.obj.close_all()
    server.start()
    yield server, site, stripe, placed
    server.kill()
    stripe.stop()


def deliver(server, site, stripe, event):
    """Post an event until it is taken in, as Stripe does; return what it did."""
    while True:
        body, headers = stripe.signed(event)
        url = f"{server.url}/api/v1/payments/hooks/{site.key}/stripe"
        try:
            with urlopen(Request(url, body, headers, method="POST"), timeout=10) as answer:
                return answer.read()
        except HTTPError as error:
            with error:
                if error.code < 500:
                    raise
        except (URLError, OSError, HTTPException):
            time.sleep(0.02)  # The server is being started again.


def test_payments_told_while_the_server_is_killed_are_recorded_once(till):
    server, site, stripe, placed = till
    stop = threading.Event()

    def pay(mine):
        payer = Payer(server, site, 0)
        for order_id in mine:
            payer.pay(order_id, stripe)

    def tell(first):
        """Two of these tell every event, each in its own order."""
        done: set[str] = set()
        while not (stop.is_set() and len(done) == len(stripe.events)):
            for event in list(stripe.events)[::first]:
                if event["id"] not in done:
                    deliver(server, site, stripe, event)
                    done.add(event["id"])
            time.sleep(0.005)

    payers = [threading.Thread(target=pay, args=(placed[n::3],)) for n in range(3)]
    tellers = [threading.Thread(target=tell, args=(way,)) for way in (1, -1)]
    for thread in payers + tellers:
        thread.start()
    for turn in range(KILLS):
        while len(stripe.paid) < (turn + 1) * ORDERS // (KILLS + 1):
            time.sleep(0.005)
        server.kill()
        server.start()
    for thread in payers:
        thread.join(timeout=60)
    stop.set()
    for thread in tellers:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in payers + tellers)

    states = rows(server, "SELECT state, count(*) FROM purchase GROUP BY state")
    known = rows(server, "SELECT reference, surplus FROM receipt ORDER BY reference")
    paid = rows(server, "SELECT paid FROM revenue")
    assert states == [("paid", ORDERS)]
    assert known == sorted((each["id"], 0) for each in stripe.paid)
    assert len(known) == len(stripe.sessions) == ORDERS
    assert paid == [(ORDERS * 6_100,)]
    assert len(stripe.open_sessions()) == 0


@pytest.fixture
def die(till):
    """Return an act: the server is killed once Stripe has made something, before it hears of it."""
    server, _, stripe, _ = till
    deaths = []

    def now():
        stripe.made = lambda: None
        server.kill()
        deaths.append(server.port)
        server.start()

    def arrange():
        stripe.made = now
        return deaths

    return arrange


def test_killed_between_stripes_answer_and_our_note_it_is_the_same_session(till, die):
    server, site, stripe, placed = till
    deaths = die()
    Payer(server, site, 0).pay(placed[0], stripe)
    assert len(deaths) == 1
    assert len(stripe.sessions) == 1
    assert stripe.calls.count(("POST", "/v1/checkout/sessions")) == 2
    (event,) = stripe.events
    assert b"paid" in deliver(server, site, stripe, event)
    assert b"repeated" in deliver(server, site, stripe, event)
    assert rows(server, "SELECT kind, amount FROM receipt") == [("payment", 6_100)]


def test_killed_between_stripes_refund_and_our_note_it_is_returned_once(till, die):
    server, site, stripe, placed = till
    Payer(server, site, 0).pay(placed[0], stripe)
    deliver(server, site, stripe, stripe.events[0])
    server.kill()
    (receipt,) = receipts.of_order(book.find(site.id, placed[0]))
    payments.give_back(receipt, Actor("agent", "1", "Inés"))
    database.db.obj.close_all()
    deaths = die()
    # Not waited for: it may ask Stripe, and die of it, before anybody has seen it answer.
    server.command("serve")
    asked = ("POST", "/v1/refunds")
    wait_until(lambda: stripe.calls.count(asked) == 2, "the refund is asked for again")
    left = "SELECT count(*) FROM job WHERE kind = 'payments.refund'"
    wait_until(lambda: rows(server, left) == [(0,)], "the refund is done")
    assert len(deaths) == 1
    assert [each["amount"] for each in stripe.refunds.values()] == [6_100]
    assert b"repeated" in deliver(server, site, stripe, stripe.events[-1])
    assert rows(server, "SELECT state, count(*) FROM purchase GROUP BY state ORDER BY state") == [
        ("awaiting_payment", ORDERS - 1), ("refunded", 1),
    ]  # fmt: skip


def rows(server, sql):
    opened = sqlite3.connect(server.settings["DATABASE_URL"].removeprefix("sqlite:///"))
    try:
        return opened.execute(sql).fetchall()
    finally:
        opened.close()
