"""Never charged twice, never lost: whatever order clicks, news, crashes and retries come in."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, note
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from widget_server import jobs
from widget_server.database import execute, query
from widget_server.orders import book
from widget_server.orders import service as orders
from widget_server.payments import checkouts, news, service
from widget_server.payments.ways import PaymentUnavailable
from widget_server.sites.service import find_site
from widget_server.tickets.ledger import Actor

from ..support.stripe_books import Refused

AGENT = Actor("agent", "1", "Inés")
PAGE = "https://shop.example/"


class Crash(Exception):
    """The process ends here."""


class Payments(RuleBasedStateMachine):
    """One order, its payer, Stripe, and everything that can go wrong between them."""

    order: object
    stripe: object
    site_key: str

    def __init__(self):
        super().__init__()
        self.site = find_site(self.site_key)
        self.told: set[str] = set()
        self.clock = time_machine.travel(datetime.now(UTC), tick=False)
        self.moment = self.clock.start()

    def teardown(self):
        self.clock.stop()

    def now(self):
        return book.find(self.site.id, self.order.id)

    @rule()
    def click(self):
        with suppress(orders.Conflict, PaymentUnavailable):
            service.begin(self.now(), "stripe", PAGE)

    @rule()
    def click_while_the_answer_is_lost(self):
        self.stripe.lose = 1
        self.click()
        self.stripe.lose = 0

    @rule(before=st.sampled_from(["opened", "noted"]))
    def click_and_crash(self, before):
        """The process ends after Stripe answered: before our note of it, or while it is written."""
        with pytest.MonkeyPatch.context() as patch:
            place = "note" if before == "opened" else "keep"
            patch.setattr(checkouts, place, _crash)
            with suppress(orders.Conflict, PaymentUnavailable, Crash):
                service.begin(self.now(), "stripe", PAGE)

    @rule(later=st.booleans())
    def click_and_pay(self, later):
        self.click()
        if self.stripe.open_sessions():
            self.pay(later)

    @precondition(lambda self: self.stripe.open_sessions())
    @rule(later=st.booleans())
    def pay(self, later):
        self.stripe.pay(self.stripe.open_sessions()[0], later=later)

    @rule(which=st.integers(0, 5), works=st.booleans())
    def debit(self, which, works):
        waiting = [
            each["id"] for each in self.stripe.sessions.values()
            if each["status"] == "complete" and each["payment_status"] == "unpaid"
        ]  # fmt: skip
        waiting = [each for each in waiting if each not in self.bounced()]
        if waiting:
            self.stripe.debit(waiting[which % len(waiting)], works=works)

    @precondition(lambda self: self.stripe.events)
    @rule(which=st.integers(0, 20), crashes=st.booleans())
    def tell(self, which, crashes):
        """Any event, first or again, in any order; the server may die before it is written."""
        event = self.stripe.events[which % len(self.stripe.events)]
        body, headers = self.stripe.signed(event, at=datetime.now(UTC).timestamp())
        with pytest.MonkeyPatch.context() as patch:
            if crashes:
                patch.setattr(checkouts, "keep", _crash)
            with suppress(Crash):
                news.from_stripe(self.site, body, headers["Stripe-Signature"])
                self.told.add(event["id"])

    @precondition(lambda self: self.stripe.paid)
    @rule(which=st.integers(0, 5))
    def refund(self, which):
        with suppress(Refused):
            self.stripe.refund(self.stripe.paid[which % len(self.stripe.paid)]["id"])

    @rule(hours=st.integers(1, 30))
    def wait(self, hours):
        self.moment.shift(timedelta(hours=hours))

    @rule()
    def work(self):
        jobs.run_due()

    # An order that ended before anybody began to pay has nothing left to go wrong.
    @precondition(lambda self: self.stripe.sessions)
    @rule()
    def transfer_arrives(self):
        orders.record_payment(
            self.site.id, self.order.id, provider="transfer", reference="bank",
            amount=self.order.total, currency="EUR", at=jobs.stamp(), actor=AGENT,
        )  # fmt: skip

    @precondition(lambda self: self.stripe.sessions)
    @rule()
    def cancel(self):
        with suppress(orders.Conflict):
            orders.move(self.now(), AGENT, "cancelled")

    def bounced(self):
        return {
            each["data"]["object"]["id"] for each in self.stripe.events
            if each["type"].endswith("failed")
        }  # fmt: skip

    @invariant()
    def one_place_to_pay(self):
        assert len(self.stripe.open_sessions()) <= 1

    @invariant()
    def nothing_is_counted_twice(self):
        settled = query("SELECT count(*) FROM receipt WHERE kind = 'payment' AND surplus = 0")[0][0]
        assert settled <= 1
        paid = query("SELECT paid FROM revenue WHERE currency = 'EUR'")
        assert sum(row[0] for row in paid) in (0, self.order.total * settled)

    @invariant()
    def what_was_told_is_recorded(self):
        """Stripe's money is in the book once it was told, and the second of two is flagged."""
        for event in self.stripe.events:
            thing = event["data"]["object"]
            if event["id"] in self.told and thing.get("payment_status") == "paid":
                rows = query(
                    "SELECT surplus FROM receipt WHERE reference = ? AND kind = 'payment'",
                    thing["payment_intent"],
                )
                assert len(rows) == 1, event
        state = self.now().state
        rows = query("SELECT surplus FROM receipt WHERE kind = 'payment'")
        assert state != "paid" or (0,) in rows

    def settle(self):
        """In the end every event is told, the newest first as often as not, and every job done."""
        events = list(self.stripe.events)
        for event in events if len(events) % 2 else reversed(events):
            body, headers = self.stripe.signed(event, at=datetime.now(UTC).timestamp())
            news.from_stripe(self.site, body, headers["Stripe-Signature"])
        for _ in range(4):
            self.moment.shift(timedelta(hours=25))
            jobs.run_due()
        paid = {
            each["data"]["object"]["payment_intent"] for each in self.stripe.events
            if each["data"]["object"].get("payment_status") == "paid"
        }  # fmt: skip
        known = {row[0] for row in query("SELECT reference FROM receipt WHERE provider = 'stripe' AND kind = 'payment'")}  # fmt: skip
        note(f"{paid=} {known=}")
        assert known == paid
        refunded = {row[0] for row in query("SELECT reference FROM receipt WHERE kind = 'refund'")}
        assert refunded == set(self.stripe.refunds)
        if self.now().state != "awaiting_payment":
            assert self.stripe.open_sessions() == []
        # Whose debit bounced is told so, and may pay again.
        for session in self.bounced():
            assert query("SELECT state FROM checkout WHERE reference = ?", session) == [("closed",)]


def _crash(*_, **__):
    raise Crash


#: Interleavings that are really run, and steps of each at most. PostgreSQL proves the same locks in few.
RUNS = {"sqlite": (1_000, 16), "postgresql": (6, 40)}

TABLES = ("receipt", "checkout", "payment_news", "revenue", "job", "order_move")


def test_no_order_of_things_charges_twice_or_loses_a_payment(
    app, order, stripe, site, database_url
):
    placed = order()

    class Machine(Payments):
        pass

    Machine.order, Machine.stripe, Machine.site_key = placed, stripe, site.key
    ended = {"runs": 0, "paid": 0, "asked": 0}

    def fresh(self):
        for kept in (
            stripe.sessions,
            stripe.intents,
            stripe.refunds,
            stripe.events,
            stripe._answers,
        ):
            kept.clear()
        for table in TABLES:
            execute(f"DELETE FROM {table}")
        execute(
            "UPDATE purchase SET state = 'awaiting_payment', paid_at = NULL, delivery_on = NULL"
        )
        Payments.__init__(self)

    def end(self):
        self.settle()
        ended["runs"] += 1
        ended["paid"] += bool(stripe.paid)
        ended["asked"] += len(stripe.calls)
        stripe.calls.clear()
        Payments.teardown(self)

    Machine.__init__, Machine.teardown = fresh, end
    runs, steps = RUNS[database_url.partition(":")[0]]
    run_state_machine_as_test(
        Machine,
        settings=effort(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(
        f"{ended['runs']} interleavings, {ended['paid']} of them with a payment, asked Stripe {ended['asked']} times"
    )
    assert ended["runs"] >= runs
    assert ended["paid"] > runs // 4
