"""What happens is told as the API would answer it, once it is so, and only to who asked."""

import pytest

from widget_server.clock import utcnow
from widget_server.database import transaction
from widget_server.identity import service as identity
from widget_server.jobs import run_due
from widget_server.orders import service as orders
from widget_server.orders.pricing import Line
from widget_server.orders.service import Offer
from widget_server.tickets import events
from widget_server.tickets import service as tickets
from widget_server.tickets.ledger import Actor
from widget_server.webhooks import service

from .conftest import types

INES = Actor("agent", "1", "Inés")


def test_what_happens_to_a_ticket_is_told_and_the_receiver_can_verify_it(
    ada, site, hook, receiver, boss
):
    made = ada.open(title="Printer on fire", body="It burns.")
    ada.post(f"/tickets/{made['id']}/messages", body="Still.")
    ticket = tickets.find_by_id(site.id, made["id"])
    actor = Actor("agent", str(boss.id), boss.name)
    tickets.post_message(ticket, actor, body="We *look*.", files=[])
    tickets.set_progress(ticket, actor, 40)
    tickets.close(ticket, actor)
    tickets.reopen(ticket, actor)
    run_due()
    assert types(receiver) == [
        "ticket.opened", "ticket.replied", "ticket.replied", "ticket.state_changed",
        "ticket.closed", "ticket.reopened",
    ]  # fmt: skip
    assert all(call.verified(hook.secret) for call in receiver.calls)
    assert not any(call.verified("whsec_" + "A" * 43 + "=") for call in receiver.calls)
    assert len({call.id for call in receiver.calls}) == 6
    opened, _, answered, moved, *_ = (call.body["data"] for call in receiver.calls)
    assert opened["site"] == {"key": site.key, "name": "Shop"}
    assert opened["ticket"]["title"] == "Printer on fire"
    assert opened["ticket"]["requester"]["email"] == "ada@customers.example"
    assert opened["actor"] == {"kind": "requester", "name": "Ada Ferrer"}
    assert answered["message"]["body"] == "We *look*."
    assert answered["message"]["author"] == {"kind": "agent", "name": "Berta"}
    assert moved["was"] == {"state": "in_progress", "progress": 0}


def test_a_ticket_is_told_as_the_api_answers_it(ada, site, hook, receiver, program):
    number = ada.open()["number"]
    run_due()
    answered = program().get(f"/tickets/{site.key}/{number}").json
    told = receiver.calls[0].body["data"]["ticket"]
    assert told == {name: answered[name] for name in answered if name != "thread"}


def test_quotes_and_orders_are_told(clock, ada, site, hook, receiver):
    ticket = tickets.find_by_id(site.id, ada.open()["id"])
    offer = Offer("Work", [Line("Hours", 1_000, 5_000, 2_200)], "EUR", 5, utcnow().date())
    order = orders.quote(ticket, INES, offer)
    shown = ada.get(f"/tickets/{ticket.id}").json["orders"][0]["quote"]
    ada.post(f"/tickets/{ticket.id}/quotes/{shown['id']}/acceptance", digest=shown["digest"])
    run_due()
    assert types(receiver) == ["ticket.opened", "quote.sent", "quote.accepted"]
    told = receiver.calls[2].body["data"]["order"]
    assert (told["id"], told["state"]) == (order.id, "awaiting_payment")
    assert told["quote"]["total"] == 6_100


def test_ratings_and_lateness_are_told(ada, site, hook, receiver):
    ticket = tickets.find_by_id(site.id, ada.open()["id"])
    with transaction():
        for kind in ("soon_late", "late", "addressed"):
            events.announce(kind, ticket)
    ada.put(f"/tickets/{ticket.id}/closure")
    assert ada.put(f"/tickets/{ticket.id}/rating", good=True, comment="Fast").status_code == 200
    run_due()
    assert types(receiver)[1:] == [
        "ticket.soon_late", "ticket.late", "ticket.closed", "ticket.rated",
    ]  # fmt: skip
    told = receiver.calls[-1].body["data"]["rating"]
    assert (told["good"], told["comment"]) == (True, "Fast")


def test_only_what_was_asked_for_is_told(ada, site, hook, receiver, add_site, visit):
    service.change(site.id, hook.id, url=hook.url, events=["ticket.closed"], on=True)
    made = ada.open()
    ada.put(f"/tickets/{made['id']}/closure")
    other = add_site(name="Other")
    visit("olga", at=other, email="olga@x.example").open()
    run_due()
    assert types(receiver) == ["ticket.closed"]


def test_what_is_rolled_back_is_never_told(ada, site, hook, receiver, told):
    ticket = tickets.find_by_id(site.id, ada.open()["id"])

    def half() -> None:
        with transaction():
            tickets.close(ticket, INES)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    run_due()
    assert types(receiver) == ["ticket.opened"]
    assert len(told()) == 1


def test_a_request_whose_address_is_not_proven_is_told_once_it_is(site, hook, receiver, visit):
    owner = identity.owner_of(site.id, "marta@x.example")
    caller = identity.caller_for(site.id, owner, email="marta@x.example", name=None)
    tickets.open_ticket(
        caller, title="Held", body="x", locale="es", category="help", email="marta@x.example",
        held=True,
    )  # fmt: skip
    run_due()
    assert receiver.calls == []
    visit("marta", email="marta@x.example", email_verified=True)
    run_due()
    assert types(receiver) == ["ticket.opened"]
