"""A delivery is tried until it is taken or given up, is on record, and can be sent again."""

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from widget_server import persons
from widget_server.clock import stamp, utcnow
from widget_server.database import query
from widget_server.errors import Conflict, Invalid, NotFound
from widget_server.jobs import run_due
from widget_server.outbound import DEADLINE
from widget_server.tickets.ledger import Actor
from widget_server.vault import Vault
from widget_server.webhooks import deliveries, service

from ..support.servers import wait_until
from .conftest import types

INES = Actor("agent", "1", "Inés")


def test_failures_are_tried_again_under_the_same_id_with_the_same_bytes(
    clock, ada, hook, receiver, told
):
    receiver.answers = [500, 503, 204]
    ada.open()
    run_due()
    (tried,) = told()
    assert (tried.state, tried.attempts, tried.status) == ("waiting", 1, 500)
    clock.pass_(seconds=6)
    run_due()
    clock.pass_(seconds=331)
    run_due()
    (done,) = told()
    assert (done.state, done.attempts, done.status) == ("delivered", 3, 204)
    assert len({(call.id, call.raw) for call in receiver.calls}) == 1
    assert len({call.headers["webhook-timestamp"] for call in receiver.calls}) == 3
    assert all(call.verified(hook.secret) for call in receiver.calls)


def test_after_a_day_and_a_half_it_is_given_up_and_can_be_sent_again(
    clock, ada, hook, receiver, told
):
    receiver.answers = [500]
    ada.open()
    began = utcnow()
    run_due()
    while told()[0].state == "waiting":
        clock(told()[0].next_at)
        run_due()
    # The waits are a tenth shorter or longer.
    assert 32 <= (utcnow() - began).total_seconds() / 3_600 <= 40
    assert len(receiver.calls) == len(deliveries.STEPS) + 1
    assert query("SELECT count(*) FROM job WHERE kind = 'webhooks.send'") == [(0,)]
    receiver.answers = [204]
    deliveries.resend(service.find(hook.site_id, hook.id), told()[0].id)
    run_due()
    assert (told()[0].state, told()[0].attempts) == ("delivered", 1)
    assert len({call.id for call in receiver.calls}) == 1


def test_the_last_try_is_made_even_if_each_comes_late(clock, ada, hook, receiver, told):
    receiver.answers = [500]
    ada.open()
    run_due()
    while told()[0].state == "waiting":
        clock(told()[0].next_at)
        clock.pass_(hours=1)
        run_due()
    assert len(receiver.calls) == len(deliveries.STEPS) + 1


def test_waits_are_spread_so_that_nobody_is_stormed(clock, ada, hook, receiver, told):
    receiver.answers = [500]
    for _ in range(12):
        ada.open()
    run_due()
    assert len({each.next_at for each in told()}) == 12


@pytest.mark.parametrize("name", ["Retry-After", "retry-after"])
@pytest.mark.parametrize("told", ["900", "a date"])
def test_who_asks_for_time_gets_it(clock, ada, hook, receiver, name, told):
    until = format_datetime(utcnow() + timedelta(seconds=900), usegmt=True)
    receiver.answers, receiver.headers = [429], {name: until if told == "a date" else told}
    ada.open()
    run_due()
    clock.pass_(seconds=890)
    assert run_due() == 0
    clock.pass_(seconds=20)
    run_due()
    assert len(receiver.calls) == 2


@pytest.mark.parametrize("told", ["", "soon", "-5", "Mon, 30 Nov 2026"])
def test_what_is_no_time_to_wait_is_passed_over(clock, ada, hook, receiver, told):
    receiver.answers, receiver.headers = [429, 204], {"Retry-After": told}
    ada.open()
    run_due()
    clock.pass_(seconds=6)
    run_due()
    assert len(receiver.calls) == 2


def test_who_keeps_us_waiting_holds_up_nobody_else(clock, ada, hook, receiver, told, monkeypatch):
    monkeypatch.setattr(deliveries, "SLOW", 0.1)
    service.Wires.outbound.deadline = 0.3
    receiver.answers = ["stall", 204]
    for _ in range(5):
        ada.open()
    run_due()
    wait_until(lambda: len(receiver.calls) == 1, "the call")
    service.Wires.outbound.deadline = DEADLINE
    assert sorted(each.attempts for each in told()) == [0, 0, 0, 0, 1]
    assert {each.error for each in told()} == {None, "No answer in time."}
    clock.pass_(seconds=60)
    run_due()
    assert {each.state for each in told()} == {"delivered"}
    assert service.find(hook.site_id, hook.id).slow == 0


def test_a_redirect_is_a_failure_that_says_so(ada, hook, receiver, told):
    receiver.answers, receiver.headers = [302], {"Location": "http://127.0.0.1:1/"}
    ada.open()
    run_due()
    assert (told()[0].state, told()[0].status) == ("waiting", 302)
    assert "redirects" in told()[0].error


def test_the_log_keeps_status_duration_and_the_beginning_of_the_answer(ada, hook, receiver, told):
    receiver.answers = ["huge"]
    ada.open()
    run_due()
    (row,) = told()
    assert (row.status, row.state, row.answer) == (200, "delivered", "x" * deliveries.SHOWN)
    assert 0 <= row.duration < 1_000


def test_a_new_secret_signs_beside_the_old_one_for_a_day(clock, ada, hook, receiver):
    fresh = service.rotate(hook.site_id, hook.id)
    ada.open()
    run_due()
    assert receiver.calls[0].verified(hook.secret)
    assert receiver.calls[0].verified(fresh)
    clock.pass_(hours=25)
    deliveries.test(hook.site_id, hook.id)
    assert receiver.calls[-1].verified(fresh)
    assert not receiver.calls[-1].verified(hook.secret)


def test_secrets_lie_sealed(hook):
    ((sealed,),) = query("SELECT sealed FROM webhook")
    assert hook.secret not in sealed
    assert service.keys(service.find(hook.site_id, hook.id)) == [hook.secret]


def test_a_secret_that_cannot_be_opened_is_a_failure_that_says_so(ada, hook, told, monkeypatch):
    monkeypatch.setattr(
        service.Wires, "vault", Vault(["a key of another installation"], "webhooks")
    )
    ada.open()
    run_due()
    (tried,) = told()
    assert (tried.state, tried.attempts) == ("waiting", 1)
    assert "SECRET_KEY" in tried.error
    assert tried.next_at > stamp()


def test_a_test_is_sent_at_once_and_never_again(clock, hook, receiver):
    receiver.answers = [500, 204]
    assert deliveries.test(hook.site_id, hook.id).state == "failed"
    clock.pass_(hours=1)
    run_due()
    tried = deliveries.test(hook.site_id, hook.id)
    assert (tried.state, tried.status) == ("delivered", 204)
    assert types(receiver) == ["webhook.test"] * 2
    assert receiver.calls[1].verified(hook.secret)


def test_a_job_repeated_after_its_turn_does_nothing(ada, hook, receiver, told):
    ada.open()
    run_due()
    (done,) = told()
    deliveries.send(hook.site_id, done.id, 0)
    assert len(receiver.calls) == 1


def test_the_log_is_forgotten_after_a_month(clock, ada, hook, receiver, told):
    ada.open()
    run_due()
    clock.pass_(days=31)
    deliveries.sweep()
    assert told() == []


def test_what_is_erased_is_erased_here_too(ada, site, hook, receiver, told):
    ada.open(body="My secret")
    run_due()
    ((requester,),) = query("SELECT requester_id FROM ticket")
    persons.erase(site.id, requester)
    assert told() == []


def test_addresses_and_events_are_checked(site, hook, add_site):
    for url in ("https://10.0.0.1/", "ftp://x.example/", "https://me@x.example/"):
        with pytest.raises(Invalid):
            service.create(site.id, url=url, events=["ticket.opened"])
    for events_ in ([], ["ticket.exploded"]):
        with pytest.raises(Invalid):
            service.create(site.id, url=hook.url, events=events_)
    with pytest.raises(NotFound):
        service.find(add_site(name="Other").id, hook.id)
    for _ in range(service.MOST - 1):
        service.create(site.id, url=hook.url, events=["ticket.opened"])
    with pytest.raises(Conflict):
        service.create(site.id, url=hook.url, events=["ticket.opened"])


def test_programs_keep_webhooks(site, receiver, program):
    api, place = program(), f"/sites/{site.key}/webhooks"
    made = api.post(place, url=receiver.url, events=["ticket.opened"])
    assert made.status_code == 201
    one = f"{place}/{made.json['id']}"
    assert made.json["secret"].startswith("whsec_")
    assert "secret" not in api.get(one).json
    assert [each["id"] for each in api.get(place).json["webhooks"]] == [made.json["id"]]
    tried = api.post(f"{one}/tests").json
    assert (tried["state"], tried["event"], tried["status"]) == ("delivered", "webhook.test", 204)
    assert receiver.calls[0].id == tried["id"]
    assert receiver.calls[0].verified(made.json["secret"])
    (logged,) = api.get(f"{one}/deliveries").json["deliveries"]
    assert logged == tried
    assert api.post(f"{one}/deliveries/{tried['id']}/resending").status_code == 202
    run_due()
    assert [call.id for call in receiver.calls] == [tried["id"]] * 2
    fresh = api.post(f"{one}/secret").json["secret"]
    assert fresh != made.json["secret"]
    off = api.put(one, url=receiver.url, events=["ticket.closed"], active=False).json
    assert (off["active"], off["off_because"]) == (False, "by_hand")
    refused = api.put(
        one, url="https://127.0.0.1.nip.example:0/", events=["ticket.closed"], active=True
    )
    assert refused.json["error"]["fields"].keys() == {"url"}
    assert api.send("DELETE", one).status_code == 204
    assert api.get(one).status_code == 404
    acts = [act for (act,) in query("SELECT act FROM audit ORDER BY id") if "webhook" in act]
    words = ("created", "tested", "resent", "rotated", "changed", "removed")
    assert acts == [f"webhook.{word}" for word in words]
    assert "/hook" not in json.dumps(query("SELECT data FROM audit"))
