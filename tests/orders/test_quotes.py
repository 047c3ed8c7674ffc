"""A quote from being sent to being paid and delivered, as requester and agent live it."""

from datetime import timedelta

import pytest

from widget_server.database import query
from widget_server.errors import Invalid
from widget_server.orders import book, service
from widget_server.orders.pricing import Line
from widget_server.orders.service import Outcome
from widget_server.orders.states import OrderMoved
from widget_server.sites.service import update_site
from widget_server.tickets import snoozing


def test_a_quote_shows_lines_and_totals(quoted, card):
    shown = card()
    quote = shown["quote"]
    # 1,200.00 + 162.50 at 22 %, 59.85 at 10 %.
    assert (quote["net"], quote["total"]) == (142_235, 142_235 + 29_975 + 599)
    assert quote["vat"] == [
        {"rate": 22.0, "net": 136_250, "vat": 29_975},
        {"rate": 10.0, "net": 5_985, "vat": 599},
    ]
    assert quote["lines"][1] == {
        "text": "Hours of support", "quantity": 2.5, "price": 6_500, "rate": 22.0, "net": 16_250,
    }  # fmt: skip
    assert (shown["state"], shown["can_decide"]) == ("awaiting_acceptance", True)
    assert (shown["quote_number"], shown["number"]) == ("2026-0001", None)
    assert quote["valid_until"] == "2026-12-07"


def test_sending_a_quote_answers_the_ticket(quoted, ada, ticket):
    now = ada.get(f"/tickets/{ticket['id']}").json
    assert now["state"] == "in_progress"
    assert now["answer_by"] is None
    assert "quoted" in [entry.get("kind") for entry in now["thread"]]


def test_accepting_records_who_when_and_from_where(quoted, decide, card):
    answer = decide(headers={"Origin": "https://shop.example"})
    assert answer.status_code == 422, "A header is no field."
    assert decide().status_code == 200
    shown = card()
    assert (shown["state"], shown["number"]) == ("awaiting_payment", "2026-0001")
    ((digest, name, email, address, at),) = query(
        "SELECT digest, name, email, address, at FROM decision"
    )
    assert (digest, name) == (shown["quote"]["digest"], "Ada Ferrer")
    assert (email, address) == ("ada@customers.example", "127.0.0.1")
    assert at == shown["accepted_at"] == "2026-11-23T10:00:00.000000Z"


def test_the_page_an_acceptance_came_from_is_kept(quoted, ada, ticket, card):
    quote = card()["quote"]
    ada.send(
        "POST",
        f"/tickets/{ticket['id']}/quotes/{quote['id']}/acceptance",
        json={"digest": quote["digest"]},
        headers={"Origin": "https://shop.example"},
    )
    assert query("SELECT origin FROM decision") == [("https://shop.example",)]


def test_accepting_twice_is_accepting_once(quoted, decide):
    assert decide().status_code == 200
    assert decide().status_code == 200
    assert query("SELECT count(*) FROM decision") == [(1,)]
    assert query("SELECT count(*) FROM event WHERE kind = 'accepted'") == [(1,)]


def test_a_replaced_version_cannot_be_accepted(quoted, decide, card, ines, offer, ada, ticket):
    old = card()["quote"]
    service.requote(quoted, ines, offer(lines=[Line("Less", 1_000, 50_000, 2_200)]))
    answer = ada.post(
        f"/tickets/{ticket['id']}/quotes/{old['id']}/acceptance", digest=old["digest"]
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "quote_changed")
    shown = card()
    assert (shown["quote"]["version"], shown["quote"]["net"]) == (2, 50_000)
    assert shown["quote_number"] == "2026-0001"
    assert decide().status_code == 200


def test_an_acceptance_names_what_it_accepts(quoted, decide):
    answer = decide(digest="0" * 64)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "quote_changed")


def test_a_quote_expires_at_the_sites_midnight(quoted, decide, card, clock):
    clock("2026-12-07T22:59:59+00:00")
    assert card()["can_decide"]
    clock("2026-12-07T23:00:00+00:00")  # Midnight in Madrid.
    shown = card()
    assert (shown["expired"], shown["can_decide"]) == (True, False)
    answer = decide()
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "quote_expired")
    assert decide("refusal").status_code == 200


def test_a_refusal_tells_its_reason_and_may_be_answered(quoted, decide, card, ines, offer):
    assert decide("refusal", reason="Too dear").status_code == 200
    assert decide("refusal", reason="Too dear").status_code == 200
    shown = card()
    assert (shown["state"], shown["reason"], shown["delivery"]) == ("declined", "Too dear", None)
    assert decide().json["error"]["code"] == "order_moved"
    service.requote(quoted, ines, offer(lines=[Line("Cheaper", 1_000, 90_000, 2_200)]))
    assert card()["state"] == "awaiting_acceptance"
    assert decide().status_code == 200


def test_a_refused_version_is_not_offered_again_as_it_is(quoted, decide, ines):
    decide("refusal")
    with pytest.raises(OrderMoved):
        service.move(quoted, ines, "awaiting_acceptance")


def test_what_was_accepted_is_not_quoted_again(quoted, decide, ines, offer):
    decide()
    with pytest.raises(OrderMoved):
        service.requote(quoted, ines, offer())


@pytest.fixture
def snooze(row, ines):
    """Put the ticket aside until its requester does something; return whether it sleeps on."""

    def snooze():
        snoozing.snooze(row(), ines, snoozing.FOR_A_REPLY)
        return lambda: row().snoozed_until is not None

    return snooze


@pytest.mark.parametrize("act", ["acceptance", "refusal"])
def test_an_answer_to_a_quote_wakes_its_ticket(quoted, decide, snooze, act):
    asleep = snooze()
    assert asleep()
    assert decide(act, **{"reason": "Too dear"} if act == "refusal" else {}).status_code == 200
    assert not asleep()


def test_money_wakes_its_ticket_unless_an_agent_saw_it_come(quoted, decide, snooze, pay, ines):
    decide()
    asleep = snooze()
    assert pay(quoted) is Outcome.SETTLED
    assert not asleep()
    asleep = snooze()
    service.move(book.find(quoted.site_id, quoted.id), ines, "in_production")
    assert pay(quoted, reference="seen", actor=ines) is Outcome.SURPLUS
    assert asleep()
    assert pay(quoted, reference="pi_2") is Outcome.SURPLUS
    assert not asleep()


def test_the_delivery_day_moves_until_it_is_paid(quoted, decide, card, clock, pay):
    assert card()["delivery"] == {"on": "2026-11-30", "estimated": True, "lead_days": 5}
    decide()
    clock("2026-12-03T10:00:00+00:00")
    # The 8th is a holiday of the office.
    assert card()["delivery"]["on"] == "2026-12-11"
    assert pay(quoted, at="2026-12-03T09:00:00.000000Z") is Outcome.SETTLED
    clock("2026-12-30T10:00:00+00:00")
    assert card()["delivery"] == {"on": "2026-12-11", "estimated": False, "lead_days": 5}


def test_a_work_order_needs_no_acceptance(clock, row, ines, offer, card):
    order = service.quote(row(), ines, offer(valid_until=None), work=True)
    shown = card()
    assert (shown["kind"], shown["state"], shown["number"]) == (
        "work", "awaiting_payment", "2026-0001",
    )  # fmt: skip
    assert service.payable(order.site_id, order.id).reference == "2026-0001"


def test_agents_move_a_paid_order_to_its_end(quoted, decide, pay, ines, card):
    decide()
    pay(quoted)
    for state in ("in_production", "delivered"):
        service.move(quoted, ines, state)
    assert [step["to"] for step in card()["moves"]] == [
        "awaiting_acceptance", "awaiting_payment", "paid", "in_production", "delivered",
    ]  # fmt: skip


def test_numbers_have_no_gaps_and_begin_each_year(clock, row, ines, offer):
    with pytest.raises(Invalid):
        service.quote(row(), ines, offer(currency="XXX"))
    numbers = [service.quote(row(), ines, offer()).quote_number for _ in range(2)]
    # Still 2026 in Greenwich, 2027 in Madrid.
    clock("2026-12-31T23:30:00+00:00")
    numbers.append(service.quote(row(), ines, offer()).quote_number)
    assert numbers == ["2026-0001", "2026-0002", "2027-0001"]


@pytest.mark.parametrize(
    "changes",
    [
        {"lead_days": -1},
        {"lead_days": 251},
        {"valid_until": None},
        {"currency": "eur"},
        {"lines": []},
    ],
    ids=str,
)
def test_an_offer_that_makes_no_sense_is_refused(clock, row, ines, offer, changes):
    with pytest.raises(Invalid):
        service.quote(row(), ines, offer(**changes))
    assert query("SELECT count(*) FROM purchase") == [(0,)]


def test_an_offer_is_good_from_today_for_a_year_at_most(clock, row, ines, offer):
    today = offer().valid_until - timedelta(days=14)
    for until in (today - timedelta(days=1), today + timedelta(days=366)):
        with pytest.raises(Invalid):
            service.quote(row(), ines, offer(valid_until=until))
    assert service.quote(row(), ines, offer(valid_until=today)).state == "awaiting_acceptance"


def test_figures_count_what_is_offered_agreed_and_paid(quoted, decide, pay, ines, offer, site):
    service.requote(quoted, ines, offer(lines=[Line("Less", 1_000, 10_000, 2_200)]))
    assert book.figures(30)["EUR"] == {"quoted": 12_200, "accepted": 0, "paid": 0, "refunded": 0}
    decide()
    pay(book.find(site.id, quoted.id))
    service.record_refund(
        site.id, quoted.id, provider="stripe", reference="re_1", amount=2_200, currency="EUR",
        at="2026-11-23T13:00:00.000000Z",
    )  # fmt: skip
    assert book.figures(30, site.id)["EUR"] == {
        "quoted": 12_200, "accepted": 12_200, "paid": 12_200, "refunded": 2_200,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "last", "after"),
    [
        ("Pacific/Auckland", "2026-12-22T20:00:00+00:00", "2026-12-23T12:00:00+00:00"),
        ("America/Los_Angeles", "2026-12-23T04:00:00+00:00", "2026-12-23T12:00:00+00:00"),
    ],
)
def test_figures_look_back_as_many_days_as_they_say_by_the_sites_clocks(
    row, ines, offer, clock, site, zone, last, after
):
    calendar = {"id": "office", "zone": zone, "week": [["09:00-18:00"]] * 5 + [[], []]}
    update_site(site, settings={"calendars": [calendar]})
    clock("2026-11-23T20:00:00+00:00")  # The 24th in Auckland.
    service.quote(row(), ines, offer())
    clock(last)
    assert book.figures(30, site.id)
    clock(after)
    assert not book.figures(30, site.id)


def test_a_new_version_changes_the_day_the_first_was_counted_on(quoted, ines, offer, clock):
    clock("2027-01-10T10:00:00+00:00")
    service.requote(quoted, ines, offer(lines=[Line("Less", 1_000, 10_000, 2_200)], currency="USD"))
    assert query("SELECT day, currency, quoted FROM revenue ORDER BY day") == [
        ("2026-11-23", "EUR", 0), ("2027-01-10", "USD", 12_200),
    ]  # fmt: skip


def test_the_day_of_delivery_is_the_sites(quoted, decide, pay, ines, card, clock, site):
    decide()
    pay(book.find(site.id, quoted.id))
    clock("2026-12-01T23:30:00+00:00")  # Past midnight in Madrid.
    assert card()["delivered_on"] is None
    service.move(quoted, ines, "delivered")
    assert card()["delivered_on"] == "2026-12-02"


def test_every_move_is_in_the_audit(quoted, decide, pay, ines):
    decide()
    pay(quoted)
    service.move(quoted, ines, "in_production", reason="Started")
    assert query("SELECT was, became, actor, reason FROM order_move ORDER BY step") == [
        (None, "awaiting_acceptance", "agent", ""),
        ("awaiting_acceptance", "awaiting_payment", "requester", ""),
        ("awaiting_payment", "paid", "system", ""),
        ("paid", "in_production", "agent", "Started"),
    ]
