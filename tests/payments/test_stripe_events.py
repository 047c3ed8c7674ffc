"""What Stripe tells of a payment: believed when signed, counted once, in any order, and asked for if it never came."""

from itertools import permutations

import pytest

from widget_server import jobs
from widget_server.database import query
from widget_server.orders import service
from widget_server.payments import checkouts, rows, watching
from widget_server.payments.signatures import sign
from widget_server.payments.stripe import found as stripe_found

from ..support.stripe import HOOK_SECRET
from ..support.threads import at_once

START = "2026-11-23T09:00:00.000000Z"


def receipts():
    return query("SELECT kind, reference, amount, surplus FROM receipt ORDER BY at, id")


def test_it_is_paid_only_once_stripe_says_so(order, session_of, stripe, tell, card, client):
    session = session_of()
    event = stripe.pay(session)
    client.get(stripe.sessions[session]["success_url"].removeprefix("https://help.example"))
    assert card()["state"] == "awaiting_payment"
    assert card()["pay"]["waiting_since"] is not None
    assert tell(event).json == {"outcome": "paid"}
    assert card()["state"] == "paid"
    assert card()["delivery"] == {"on": "2026-11-30", "estimated": False, "lead_days": 5}
    assert receipts() == [("payment", stripe.paid[0]["id"], order().total, 0)]


def test_an_event_told_twice_or_at_once_counts_once(app, site, order, session_of, stripe, tell):
    event = stripe.pay(session_of())
    body, headers = stripe.signed(event)
    outcomes = []

    def post():
        path = f"/api/v1/payments/hooks/{site.key}/stripe"
        answer = app.test_client().post(path, data=body, headers=headers)
        outcomes.append(answer.json["outcome"])

    at_once(post, 4)
    assert sorted(outcomes) == ["paid", "repeated", "repeated", "repeated"]
    assert tell(event).json == {"outcome": "repeated"}
    assert len(receipts()) == 1


def test_the_same_payment_under_two_events_counts_once(order, session_of, stripe, tell):
    session = session_of()
    stripe.pay(session, later=True)
    arrived = stripe.debit(session, works=True)
    assert tell(arrived).json == {"outcome": "paid"}
    assert tell(stripe.events[0]).json == {"outcome": "paid"}  # Late, and out of order.
    assert tell(stripe.debit(session, works=True)).json == {"outcome": "paid"}
    assert len(receipts()) == 1


def test_a_debit_takes_days_and_may_bounce(order, session_of, begin, stripe, tell, card):
    session = session_of()
    assert tell(stripe.pay(session, later=True)).json == {"outcome": "confirming"}
    assert card()["pay"]["waiting_since"]
    assert tell(stripe.debit(session, works=False)).json == {"outcome": "closed"}
    assert card()["pay"]["waiting_since"] is None
    assert session_of() != session


#: What may come between a debit's beginning and its end: news, once or under two ids, and a look.
TURNS = list(permutations(("begun", "begun again", "ended", "look")))


@pytest.fixture
def told_in(site, session_of, stripe, tell):
    """Pay by a debit, and let what is heard of it come in some order."""

    def act(turns, *, works):
        session = session_of()
        begun = stripe.pay(session, later=True)
        again = stripe._event("checkout.session.completed", stripe.sessions[session])
        news = {"begun": begun, "begun again": again}
        news["ended"] = stripe.debit(session, works=works)
        row = rows.find(site.id, "stripe", "reference", session)
        for each in turns:
            if each == "look":
                watching.look(site.id, row.id)
            else:
                assert tell(news[each]).status_code == 200
        return rows.of_id(site.id, row.id).state

    return act


def test_a_bounced_debit_can_be_paid_again_in_whatever_order_it_was_told(
    order, told_in, card, session_of, clock
):
    for turns in TURNS:
        clock.pass_(minutes=1)
        assert told_in(turns, works=False) == "closed", turns
        assert card()["pay"]["waiting_since"] is None, turns
        assert card()["pay"]["ways"], turns
    assert session_of()
    assert receipts() == []


@pytest.mark.parametrize("turns", TURNS[::5], ids=" ".join)
def test_a_debit_that_arrives_is_paid_once_in_whatever_order_it_was_told(
    order, told_in, card, turns
):
    assert told_in(turns, works=True) == "paid"
    assert card()["state"] == "paid"
    assert [row[3] for row in receipts()] == [0]


def test_a_session_that_lapsed_is_not_opened_by_an_old_look(order, site, session_of, stripe, tell):
    session = session_of()
    row = rows.find(site.id, "stripe", "reference", session)
    before = stripe_found(dict(stripe.sessions[session]))
    tell(stripe.lapse(session))
    assert checkouts.note(row, before).state == "closed"
    assert session_of() != session


def test_an_end_told_after_the_payment_changes_nothing(order, session_of, stripe, tell, card):
    session = session_of()
    paid = stripe.pay(session)
    lapsed = stripe._event("checkout.session.expired", stripe.sessions[session])
    assert [tell(each).json["outcome"] for each in (paid, lapsed)] == ["paid", "paid"]
    assert card()["state"] == "paid"


def test_what_stripe_did_not_sign_now_is_not_believed(order, session_of, stripe, tell):
    event = stripe.pay(session_of())
    for how, message in (
        ({"secret": "whsec_other"}, "wrong or missing"),
        ({"at": 1_700_000_000}, "more than five minutes ago"),
        ({"at": 1_900_000_000}, "more than five minutes ago"),
    ):
        error = tell(event, **how)
        assert (error.status_code, error.json["error"]["code"]) == (403, "hook_not_verified")
        assert message in error.json["error"]["message"]
    assert receipts() == []


def test_a_body_changed_on_the_way_is_not_believed(client, site, order, session_of, stripe):
    body, headers = stripe.signed(stripe.pay(session_of()))
    path = f"/api/v1/payments/hooks/{site.key}/stripe"
    changed = body.replace(b'"paid"', b'"open"')
    assert client.post(path, data=changed, headers=headers).status_code == 403
    assert client.post(path, data=body).status_code == 403


def test_another_sites_secret_opens_nothing(client, add_site, order, session_of, stripe):
    other = add_site(name="Other")
    body, headers = stripe.signed(stripe.pay(session_of()))
    answer = client.post(f"/api/v1/payments/hooks/{other.key}/stripe", data=body, headers=headers)
    assert answer.status_code == 404
    assert receipts() == []


@pytest.mark.parametrize(
    "wrong",
    [{"id": None}, {"metadata": ["checkout"]}, {"expires_at": "soon"}, {"amount_total": "much"},
     {"currency": 978}, {"expires_at": 10**30}],
    ids=str,
)  # fmt: skip
def test_a_session_that_cannot_be_read_is_refused(order, session_of, stripe, tell, wrong):
    event = stripe.lapse(session_of())
    thing = event["data"]["object"] | wrong
    if wrong.get("id", "") is None:
        del thing["id"]
    assert tell(event | {"data": {"object": thing}}).json["error"]["code"] == "bad_hook"


def test_a_signed_call_that_makes_no_sense_is_refused(client, site):
    for raw in (b"", b"[]", b"{", b'{"id": 1}', b"\xff", b'{"type": "x", "id": "e"}', b"[" * 9_999):
        headers = {"Stripe-Signature": sign(raw, HOOK_SECRET)}
        path = f"/api/v1/payments/hooks/{site.key}/stripe"
        answer = client.post(path, data=raw, headers=headers)
        assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_hook"), raw[:20]


def test_the_wrong_amount_pays_nothing_and_is_flagged(order, session_of, stripe, tell, card):
    tell(stripe.pay(session_of(), amount=100))
    assert card()["state"] == "awaiting_payment"
    assert [row[2:] for row in receipts()] == [(100, 1)]


def test_events_of_other_business_are_let_be(tell, stripe):
    charge = stripe._event("charge.succeeded", {"id": "ch_1", "object": "charge"})
    other = {"id": "cs_other", "status": "complete", "payment_status": "paid", "currency": "eur",
             "amount_total": 500, "payment_intent": "pi_other", "metadata": {}}  # fmt: skip
    session = stripe._event("checkout.session.completed", other)
    assert [tell(each).json["outcome"] for each in (charge, session)] == ["ignored", "ignored"]


def test_paid_in_another_way_the_session_is_ended(order, site, session_of, stripe, ines):
    session_of()
    service.record_payment(
        site.id, order().id, provider="transfer", reference="bank", amount=order().total,
        currency="EUR", at=START, actor=ines,
    )  # fmt: skip
    jobs.run_due()
    assert stripe.open_sessions() == []


def test_a_cancelled_orders_session_is_ended(order, session_of, stripe, ines):
    session_of()
    service.move(order(), ines, "cancelled")
    jobs.run_due()
    assert stripe.open_sessions() == []


def test_a_payment_into_a_cancelled_order_is_flagged(order, session_of, stripe, ines, tell):
    session = session_of()
    event = stripe.pay(session)
    service.move(order(), ines, "cancelled")
    jobs.run_due()
    tell(event)
    assert order().state == "cancelled"
    assert [row[3] for row in receipts()] == [1]


def test_a_call_that_never_came_is_asked_for(order, session_of, stripe, clock, card, client):
    session = session_of()
    stripe.pay(session)
    client.get(stripe.sessions[session]["success_url"].removeprefix("https://help.example"))
    clock.pass_(minutes=11)
    jobs.run_due()
    assert card()["state"] == "paid"


def test_one_whose_provider_is_away_keeps_no_other_from_being_looked_for(
    order, session_of, stripe, clock, site
):
    row = rows.find(site.id, "stripe", "reference", session_of())
    clock.pass_(hours=25)
    assert rows.quiet(["stripe"]) == [(site.id, row.id)]
    stripe.away = True
    watching.ask()
    jobs.run_due()
    assert rows.quiet(["stripe"]) == []
    stripe.away = False
    clock.pass_(hours=1)
    jobs.run_due()
    assert rows.of_id(site.id, row.id).updated_at == jobs.stamp()


def test_what_was_asked_for_and_what_is_told_later_are_one_payment(
    order, session_of, stripe, clock, tell, site
):
    session = session_of()
    event = stripe.pay(session)
    row = rows.find(site.id, "stripe", "reference", session)
    watching.look(site.id, row.id)
    assert order().state == "paid"
    assert tell(event).json == {"outcome": "paid"}
    assert len(receipts()) == 1
