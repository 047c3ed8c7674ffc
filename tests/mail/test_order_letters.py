"""What is quoted, agreed, paid and delivered is mailed: to whom it concerns, with its sums, once."""

from datetime import timedelta

import pytest

from widget_server.clock import utcnow
from widget_server.orders import service
from widget_server.orders.pricing import Line
from widget_server.orders.service import Offer
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id

ANA, INES = "ana@mail.example", "ines@team.example"


@pytest.fixture
def ines(agent):
    return Actor("agent", str(agent.record.id), agent.record.name)


@pytest.fixture
def ticket(visitor):
    return visitor.open(email=ANA, locale="de")


@pytest.fixture
def order(clock, site, ticket, ines):
    until = utcnow().date() + timedelta(days=10)
    lines = [Line("Work", 1_000, 120_000, 2_200)]
    return service.quote(
        find_by_id(site.id, ticket["id"]), ines, Offer("Plugin", lines, "EUR", 5, until)
    )


@pytest.fixture
def decide(visitor, ticket):
    def send(act, **more):
        quote = visitor.get(f"/tickets/{ticket['id']}").json["orders"][0]["quote"]
        path = f"/tickets/{ticket['id']}/quotes/{quote['id']}/{act}"
        assert visitor.post(path, digest=quote["digest"], **more).status_code == 200

    return send


def said(letter):
    return " ".join(letter.get_body(("plain",)).get_content().replace("\xa0", " ").split())


def pay(order):
    return service.record_payment(
        order.site_id, order.id, provider="stripe", reference="pi_1", amount=order.total,
        currency="EUR", at="2026-11-23T12:00:00.000000Z",
    )  # fmt: skip


def test_a_quote_names_its_sum_and_its_last_day(order, deliver):
    letter = deliver(ANA)[-1]
    assert "Sie haben ein Angebot" in said(letter)
    assert "1.464,00 €" in said(letter)
    assert letter["Subject"].startswith("Re: [#1]")
    assert not [each for each in deliver(INES) if "Angebot" in said(each)]


def test_an_acceptance_is_confirmed_and_told_to_the_team_once(order, decide, deliver):
    for _ in range(2):
        decide("acceptance")
    letters = [each for each in deliver(ANA) if "angenommen" in said(each)]
    assert len(letters) == 1
    told = [each for each in deliver(INES) if "1.464,00" in said(each) or "€1,464.00" in said(each)]
    assert len(told) == 1


def test_a_refusal_reaches_the_team_with_its_reason(order, decide, deliver):
    decide("refusal", reason="Too dear")
    assert "Too dear" in said(deliver(INES)[-1])


def test_a_payment_told_twice_is_mailed_once_with_the_delivery_day(order, decide, deliver):
    decide("acceptance")
    for _ in range(2):
        pay(order)
    letters = [each for each in deliver(ANA) if "Zahlung eingegangen" in said(each)]
    assert len(letters) == 1
    assert "Lieferung: Montag, 30. November 2026" in said(letters[0])


def test_every_move_is_mailed(order, decide, deliver, ines):
    decide("acceptance")
    pay(order)
    service.move(order, ines, "in_production")
    service.move(order, ines, "delivered")
    told = [said(each) for each in deliver(ANA)]
    assert [text for text in told if "Ihr Auftrag: in Arbeit" in text]
    assert [text for text in told if "Ihr Auftrag: geliefert" in text]


def test_money_that_was_not_owed_is_told_to_the_team_alone(order, decide, deliver):
    before = len(deliver(ANA))
    pay(order)
    assert len(deliver(ANA)) == before
    assert "2026-0001" in said(deliver(INES)[-1])
