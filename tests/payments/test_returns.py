"""A part of a payment that an agent sends back: asked for once, never more than came, told."""

from threading import Thread

import pytest

from widget_server import database, jobs
from widget_server.database import query
from widget_server.errors import Invalid
from widget_server.orders import book
from widget_server.orders import service as orders
from widget_server.orders.receipts import MoreThanLeft, left_of, of_order
from widget_server.orders.returns import of_order as on_their_way
from widget_server.payments import accounts
from widget_server.payments import service as payments
from widget_server.payments.models import STRIPE


@pytest.fixture
def paid(order, session_of, stripe, tell):
    """Return the receipt of an order of 1,728.09 paid at Stripe."""
    tell(stripe.pay(session_of()))
    return of_order(order())[0]


def kinds(name="part_refunded"):
    return query("SELECT data FROM event WHERE kind = ?", name)


def test_a_part_goes_back_and_the_order_stays_where_it_is(order, paid, stripe, ines, card):
    payments.give_back(paid, ines, 2_000)
    assert card()["returned"] == 0
    jobs.run_due()
    (refund,) = stripe.refunds.values()
    assert (refund["amount"], refund["payment_intent"]) == (2_000, paid.reference)
    assert card()["state"] == "paid"
    assert card()["returned"] == 2_000
    assert book.figures(30)["EUR"]["refunded"] == 2_000
    assert left_of(paid) == order().total - 2_000


def test_its_requester_sees_it_and_not_who_asked(order, paid, ines, ticket, ada):
    payments.give_back(paid, ines, 2_000)
    jobs.run_due()
    thread = ada.get(f"/tickets/{ticket['id']}").json["thread"]
    (told,) = (each for each in thread if each.get("kind") == "part_refunded")
    assert told["data"]["amount"] == 2_000
    assert kinds("return_asked") != []
    assert "return_asked" not in str(thread)


def test_parts_add_up_to_the_end_of_the_order(order, paid, stripe, ines):
    for part in (2_000, 70_000, order().total - 72_000):
        payments.give_back(paid, ines, part)
        jobs.run_due()
    assert order().state == "refunded"
    assert sum(each["amount"] for each in stripe.refunds.values()) == order().total
    assert len(kinds()) == 2
    assert len(kinds("refunded")) == 1


def test_no_more_is_on_its_way_than_was_paid(order, paid, stripe, ines):
    total = order().total
    payments.give_back(paid, ines, total - 1_000)
    for amount in (1_001, total, 0, -5):
        with pytest.raises(MoreThanLeft):
            payments.give_back(paid, ines, amount)
    with pytest.raises(Invalid):
        orders.record_return(order(), ines, amount=1_001, reference="by hand")
    payments.give_back(paid, ines)
    payments.give_back(paid, ines)
    jobs.run_due()
    assert sorted(each["amount"] for each in stripe.refunds.values()) == [1_000, total - 1_000]


def test_two_who_ask_at_once_are_told_apart_from_one_who_asks_twice(order, paid, stripe, ines):
    """Of two administrators who send back two thirds each, one is refused."""
    outcomes = []

    def ask():
        try:
            payments.give_back(paid, ines, 2 * order().total // 3)
            outcomes.append("asked")
        except MoreThanLeft:
            outcomes.append("refused")
        finally:
            database.db.close()

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["asked", "refused"]


def test_a_lost_answer_and_a_retry_are_one_refund(order, paid, stripe, ines, clock):
    payments.give_back(paid, ines, 2_000)
    stripe.lose = 1
    jobs.run_due()
    assert on_their_way(order())[0].state == "asked"
    clock.pass_(hours=1)
    jobs.run_due()
    assert len(stripe.refunds) == 1
    assert on_their_way(order()) == []
    assert stripe.intents[paid.reference]["refunded"] == 2_000


def test_stripes_own_word_may_come_first(order, paid, stripe, ines, tell, clock):
    payments.give_back(paid, ines, 2_000)
    stripe.lose = 1
    jobs.run_due()
    assert tell(stripe.events[-1]).json == {"outcome": "noted"}
    assert on_their_way(order()) == []
    calls = len(stripe.calls)
    clock.pass_(hours=1)
    jobs.run_due()
    assert len(stripe.calls) == calls
    assert [each.amount for each in of_order(order()) if each.kind == "refund"] == [2_000]


def test_a_refund_that_takes_days_counts_as_gone_until_stripe_says_so(
    order, paid, stripe, ines, tell, card
):
    stripe.slow = True
    payments.give_back(paid, ines, 2_000)
    jobs.run_due()
    assert [each.state for each in on_their_way(order())] == ["asked"]
    assert left_of(paid) == order().total - 2_000
    assert card()["returned"] == 0
    tell(stripe.arrive(next(iter(stripe.refunds))))
    assert on_their_way(order()) == []
    assert left_of(paid) == order().total - 2_000
    assert card()["returned"] == 2_000


def test_a_refund_that_bounces_can_be_asked_for_again(order, paid, stripe, ines, tell):
    stripe.slow = True
    payments.give_back(paid, ines, 2_000)
    jobs.run_due()
    tell(stripe.bounce(next(iter(stripe.refunds))))
    (refused,) = on_their_way(order())
    assert refused.state == "refused"
    assert "lost_or_stolen_card" in refused.fault
    assert left_of(paid) == order().total
    payments.give_back(paid, ines)
    assert left_of(paid) == 0


def test_what_a_bank_sends_back_after_stripe_sent_it_is_there_again(
    order, paid, stripe, ines, tell, card
):
    payments.give_back(paid, ines, 2_000)
    jobs.run_due()
    assert card()["returned"] == 2_000
    for _ in range(2):
        tell(stripe.bounce(next(iter(stripe.refunds))))
    assert card()["returned"] == 0
    assert left_of(paid) == order().total
    assert book.figures(30)["EUR"]["refunded"] == 0
    assert [each.state for each in on_their_way(order())] == ["refused"]
    payments.give_back(paid, ines, order().total)
    jobs.run_due()
    assert (card()["state"], card()["returned"]) == ("refunded", order().total)


def test_what_stripe_refuses_is_there_again_with_its_words(order, paid, stripe, ines):
    stripe.intents[paid.reference]["status"] = "disputed"
    payments.give_back(paid, ines, 2_000)
    jobs.run_due()
    (refused,) = on_their_way(order())
    assert refused.state == "refused"
    assert "successful charge" in refused.fault
    assert left_of(paid) == order().total


def test_without_stripe_nothing_waits_for_ever(order, paid, site, ines):
    payments.give_back(paid, ines, 2_000)
    accounts.accounts(site.id)[STRIPE].delete_instance()
    jobs.run_due()
    assert on_their_way(order())[0].state == "refused"
    assert left_of(paid) == order().total


def test_parts_of_money_that_was_not_owed_go_back_one_by_one(order, paid, site, ines):
    own = {"provider": "link", "currency": "EUR", "at": jobs.stamp()}
    orders.record_payment(site.id, order().id, reference="p-1", amount=5_000, **own)
    (surplus,) = (each for each in of_order(order()) if each.surplus)
    for part in (2_000, 2_500):
        payments.give_back(surplus, ines, part)
    assert [row[5] for row in payments.owed_back()] == [500]
    with pytest.raises(MoreThanLeft):
        payments.give_back(surplus, ines, 501)
    payments.give_back(surplus, ines)
    assert payments.owed_back() == []
    assert kinds() == []
    assert order().state == "paid"


def test_a_surplus_stripe_is_sending_back_is_not_shown_as_owed(order, site, stripe, ines, paid):
    own = {"provider": STRIPE, "currency": "EUR", "at": jobs.stamp()}
    stripe.intents["pi_twice"] = stripe.intents[paid.reference] | {"id": "pi_twice"}
    orders.record_payment(site.id, order().id, reference="pi_twice", amount=order().total, **own)
    (surplus,) = (each for each in of_order(order()) if each.surplus)
    payments.give_back(surplus, ines)
    assert payments.owed_back() == []
    jobs.run_due()
    assert [each["payment_intent"] for each in stripe.refunds.values()] == ["pi_twice"]
    assert (order().state, left_of(paid)) == ("paid", order().total)
