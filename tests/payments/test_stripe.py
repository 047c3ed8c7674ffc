"""Paying at Stripe: one session at a time, whatever fails, for the order's sum in its currency."""

import pytest

from widget_server.orders import book, service
from widget_server.payments.stripe import amount_of, units

from ..orders.conftest import Line
from ..support.threads import at_once
from .conftest import PAGE


def test_an_order_says_how_it_can_be_paid(order, card, by_transfer, by_link):
    order()
    assert card()["pay"] == {
        "ways": [
            {"kind": "stripe", "label": None},
            {"kind": "link", "label": "PayPal"},
            {"kind": "transfer", "label": None},
        ],
        "waiting_since": None,
    }


def test_a_session_asks_for_the_orders_total_and_leads_back(order, session_of, stripe, client):
    session = stripe.sessions[session_of()]
    assert (session["amount_total"], session["currency"]) == (order().total, "eur")
    back = client.get(session["success_url"].removeprefix("https://help.example"))
    ticket = order().ticket_id
    assert back.status_code == 303
    assert back.location == f"https://shop.example/cart?x=1#ventanilla=ticket.{ticket}"


def test_asked_again_it_is_the_same_session(order, session_of, stripe):
    assert session_of() == session_of()
    assert len(stripe.sessions) == 1


def test_an_ended_session_is_followed_by_another(order, session_of, stripe, tell, clock):
    first = session_of()
    tell(stripe.lapse(first))
    second = session_of()
    clock.pass_(hours=22, minutes=57)
    third = session_of()
    assert len({first, second, third}) == 3
    assert stripe.open_sessions() == [third]


def test_an_answer_lost_on_its_way_makes_no_second_session(order, begin, session_of, stripe):
    stripe.lose = 1
    answer = begin()
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "payment_unavailable")
    assert "bad gateway" not in answer.text
    session_of()
    assert len(stripe.sessions) == 1


def test_a_payment_into_a_session_we_never_heard_of_is_found(order, begin, stripe, tell, card):
    stripe.lose = 1
    begin()
    (session,) = stripe.sessions
    assert tell(stripe.pay(session)).json == {"outcome": "paid"}
    assert card()["state"] == "paid"


def test_who_paid_already_is_told_to_wait_and_not_charged_again(order, session_of, begin, stripe):
    stripe.pay(session_of(), later=True)
    assert begin().json == {"kind": "stripe", "waiting": True}
    assert begin().json == {"kind": "stripe", "waiting": True}
    assert len(stripe.sessions) == 1


def test_who_paid_by_a_debit_waits_for_weeks_and_not_for_good(
    order, session_of, begin, stripe, clock
):
    stripe.pay(session_of(), later=True)
    assert begin().json == {"kind": "stripe", "waiting": True}
    clock.pass_(days=14)
    assert begin().json == {"kind": "stripe", "waiting": True}
    assert len(stripe.sessions) == 1
    clock.pass_(days=3)
    assert "url" in begin().json


def test_two_clicks_at_once_open_one_session(app, order, ada, stripe, quoted):
    urls = []

    def click():
        headers = {"Authorization": f"Bearer {ada.token}"}
        body = {"way": "stripe", "return_to": "https://shop.example/"}
        path = f"/api/v1/payments/{quoted.id}"
        urls.append(app.test_client().post(path, json=body, headers=headers).json.get("url"))

    at_once(click, 6)
    assert len(set(urls)) == 1
    assert len(stripe.sessions) == 1


def test_a_paid_order_cannot_be_paid_again(order, session_of, begin, stripe, tell):
    tell(stripe.pay(session_of()))
    answer = begin()
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "order_moved")


def test_stripe_away_is_said_and_leaves_nothing_half_done(order, begin, stripe, session_of):
    stripe.away = True
    assert begin().status_code == 503
    stripe.away = False
    session_of()
    assert len(stripe.sessions) == 1


def test_what_stripe_failed_at_is_asked_for_anew(order, begin, stripe):
    """Stripe answers a key it failed at with that failure for a day."""
    stripe.fail = 1
    assert begin().status_code == 503
    assert begin().status_code == 200
    assert len(stripe.open_sessions()) == 1


def test_what_stripe_never_heard_of_is_asked_for_anew(order, begin, stripe, clock):
    stripe.away = True
    assert begin().status_code == 503
    stripe.away = False
    # Too late for the session that was meant, which would have had to end in half an hour.
    clock.pass_(hours=22, minutes=45)
    assert begin().status_code == 200
    assert len(stripe.open_sessions()) == 1


@pytest.mark.parametrize(
    ("currency", "total", "told"),
    [("JPY", 14_640, 14_640), ("KRW", 14_640, 14_640), ("ISK", 14_640, 1_464_000),
     ("UGX", 14_640, 1_464_000), ("KWD", 14_640, 14_640), ("HUF", 14_640, 14_640)],
)  # fmt: skip
def test_every_currency_is_asked_for_and_paid_to_its_last_digit(
    clock, row, ines, offer, ada, site, stripe, tell, currency, total, told
):
    lines = [Line("Work", 1_000, 12_000, 2_200)]
    order = service.quote(row(), ines, offer(lines=lines, currency=currency), work=True)
    begun = ada.post(f"/payments/{order.id}", way="stripe", return_to=PAGE).json
    session = begun["url"].rpartition("/")[2]
    assert stripe.sessions[session]["amount_total"] == told
    assert tell(stripe.pay(session)).json == {"outcome": "paid"}
    assert book.find(site.id, order.id).state == "paid"
    assert book.figures(30)[currency]["paid"] == total


def test_what_stripe_refuses_is_said_without_its_words(order, begin, stripe, site):
    from widget_server.payments import accounts

    accounts.set_up(site.id, "stripe", on=True, secrets={"key": "sk_test_wrong"}, settings={})
    answer = begin()
    assert (answer.status_code, answer.json["error"]["code"]) == (502, "payment_refused")
    assert "sk_test" not in answer.text


def test_nobody_is_sent_to_another_sites_page(order, begin):
    for page in ("https://evil.example/", "javascript:alert(1)", "/cart", "data:,", "https://[x/"):
        answer = begin(return_to=page)
        assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["return_to"])


def test_a_forged_return_leads_nowhere(client, order, session_of, stripe):
    place = stripe.sessions[session_of()]["success_url"].removeprefix("https://help.example")
    assert client.get(place[:-2] + "xx").status_code == 401


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [(1234, "EUR", 1234), (500, "JPY", 500), (5, "ISK", 500), (5, "UGX", 500), (1230, "BHD", 1230)],
)
def test_amounts_are_stripes_and_come_back_ours(amount, currency, told):
    assert units(amount, currency) == told
    assert amount_of(told, currency.lower()) == (amount, currency)
