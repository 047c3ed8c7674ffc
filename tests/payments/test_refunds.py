"""Money that goes back: at Stripe, from the console, in parts, and what Stripe refuses."""

import pytest

from widget_server import jobs
from widget_server.database import query
from widget_server.errors import Invalid
from widget_server.orders import book
from widget_server.orders import service as orders
from widget_server.orders.receipts import ReferenceTaken, of_order
from widget_server.orders.states import OrderMoved
from widget_server.payments import news, watching
from widget_server.payments import service as payments


def test_a_refund_at_stripe_comes_back(order, session_of, stripe, tell, card):
    tell(stripe.pay(session_of()))
    half = order().total // 2
    tell(stripe.refund(stripe.paid[0]["id"], half))
    assert card()["state"] == "paid"
    tell(stripe.refund(stripe.paid[0]["id"]))
    assert card()["state"] == "refunded"


def test_a_refund_told_before_its_payment_is_not_lost(order, session_of, stripe, tell):
    paid = stripe.pay(session_of())
    returned = stripe.refund(stripe.paid[0]["id"])
    assert tell(returned).json == {"outcome": "waiting"}
    tell(paid)
    assert order().state == "refunded"
    assert book.figures(30)["EUR"]["refunded"] == order().total


def test_an_agents_refund_is_asked_for_once(order, session_of, stripe, tell, ines, site):
    tell(stripe.pay(session_of()))
    (receipt,) = of_order(order())
    payments.give_back(receipt, ines)
    payments.give_back(receipt, ines)
    jobs.run_due()
    ((asked,),) = query("SELECT id FROM money_return")
    watching.refund(site.id, asked)
    assert [each["amount"] for each in stripe.refunds.values()] == [order().total]
    assert order().state == "refunded"
    assert tell(stripe.events[-1]).json == {"outcome": "repeated"}
    assert len(of_order(order())) == 2


@pytest.fixture
def paid(order, session_of, stripe, tell):
    """Return the receipt of an order paid at Stripe."""
    tell(stripe.pay(session_of()))
    return of_order(order())[0]


def test_what_went_back_at_stripe_already_is_not_asked_for_again(order, paid, stripe, tell, ines):
    tell(stripe.refund(paid.reference, 72_809))
    payments.give_back(paid, ines)
    jobs.run_due()
    assert [each["amount"] for each in stripe.refunds.values()] == [72_809, 100_000]
    assert order().state == "refunded"
    payments.give_back(paid, ines)
    jobs.run_due()
    assert len(stripe.refunds) == 2


def test_what_was_sent_back_by_hand_is_not_returned_again(order, paid, stripe, ines):
    orders.record_return(order(), ines, amount=72_809, reference="cash")
    payments.give_back(paid, ines)
    jobs.run_due()
    assert [each["amount"] for each in stripe.refunds.values()] == [100_000]


def test_a_refund_stripe_refuses_is_shown_and_not_repeated(order, paid, stripe, ines):
    intent = stripe.intents[paid.reference]
    intent["status"] = "disputed"
    payments.give_back(paid, ines)
    jobs.run_due()
    ((_, way, fault, _, _, number),) = payments.troubles()
    assert (way, number) == ("stripe", order().number)
    assert "successful charge" in fault
    calls = len(stripe.calls)
    jobs.run_due()
    assert len(stripe.calls) == calls
    intent["status"] = "succeeded"
    payments.give_back(paid, ines)
    jobs.run_due()
    assert len(stripe.refunds) == 1
    assert payments.troubles() == []


def test_by_hand_no_more_goes_back_than_came(order, paid, ines):
    orders.record_return(order(), ines, amount=100_000, reference="first half")
    for amount in (72_810, 172_809, 0, -1):
        with pytest.raises(Invalid):
            orders.record_return(order(), ines, amount=amount, reference="more")
    with pytest.raises(ReferenceTaken):
        orders.record_return(order(), ines, amount=1_000, reference="first half")
    assert book.figures(30)["EUR"]["refunded"] == 100_000
    orders.record_return(order(), ines, amount=72_809, reference="second half")
    assert order().state == "refunded"
    with pytest.raises(OrderMoved):
        orders.record_return(order(), ines, amount=1, reference="once more")


def test_nothing_is_sent_back_of_what_nobody_paid(order, ines):
    with pytest.raises(OrderMoved):
        orders.record_return(order(), ines, amount=100, reference="early")
    assert order().state == "awaiting_payment"
    assert of_order(order()) == []


def test_each_payment_that_was_not_owed_waits_for_its_own_return(order, paid, site, ines):
    for reference in ("bank-1", "bank-2"):
        orders.record_payment(
            site.id, order().id, provider="transfer", reference=reference,
            amount=order().total, currency="EUR", at=jobs.stamp(), actor=ines,
        )  # fmt: skip
    assert sorted(row[4] for row in payments.owed_back()) == ["bank-1", "bank-2"]
    first = next(each for each in of_order(order()) if each.reference == "bank-1")
    payments.give_back(first, ines)
    payments.give_back(first, ines)
    assert [row[4:6] for row in payments.owed_back()] == [("bank-2", order().total)]
    assert order().state == "paid"
    assert book.figures(30)["EUR"]["refunded"] == 0


def test_a_part_of_a_surplus_that_went_back_leaves_the_rest(order, paid, site):
    own = {"provider": "link", "currency": "EUR", "at": jobs.stamp()}
    orders.record_payment(site.id, order().id, reference="p-1", amount=5_000, **own)
    orders.record_refund(site.id, order().id, reference="r-1", payment="p-1", amount=2_000, **own)
    assert [row[5] for row in payments.owed_back()] == [3_000]


def test_a_refund_that_did_not_arrive_and_a_dispute_are_shown(order, paid, stripe, tell):
    tell(stripe.refund(paid.reference, 1_000))
    assert tell(stripe.bounce(next(iter(stripe.refunds)))).json == {"outcome": "noted"}
    (refund,) = stripe.refunds
    assert payments.troubles()[0][2] == f"refund failed · {refund} · lost_or_stolen_card"
    event = stripe.dispute(paid.reference)
    assert tell(event).json == {"outcome": "noted"}
    assert "fraudulent" in payments.troubles()[0][2]
    elsewhere = stripe.dispute("pi_of_other_business")
    assert tell(elsewhere).json == {"outcome": "ignored"}
    assert order().state == "paid"


def test_refunds_of_other_business_are_forgotten_in_time(order, paid, stripe, tell, clock):
    stripe.intents["pi_else"] = stripe.intents[paid.reference] | {"id": "pi_else"}
    assert tell(stripe.refund("pi_else")).json == {"outcome": "waiting"}
    clock.pass_(days=91)
    news.sweep()
    assert query("SELECT count(*) FROM payment_news") == [(0,)]
