"""An address that fails for days, or is gone, is switched off, and nobody else for its sake."""

import pytest

from widget_server.clock import stamp
from widget_server.errors import Conflict
from widget_server.jobs import run_due
from widget_server.sites import service as sites
from widget_server.webhooks import deliveries, service
from widget_server.webhooks.kinds import EVENTS


def test_days_of_failures_switch_it_off_and_the_administrators_are_told(
    clock, ada, hook, receiver, told, boss, clerk, letters
):
    receiver.answers = [500]
    for _ in range(11):
        ada.open()
        for _ in range(12):
            run_due()
            clock.pass_(hours=1)
    off = service.find(hook.site_id, hook.id)
    assert off.disabled_because == service.FAILING
    assert not [each for each in told() if each.state == "waiting" and each.next_at is None]
    posted = [text for text in letters() if "To: Berta <boss@team.example>" in text]
    (letter,) = [text for text in posted if hook.url in text]
    assert f"/console/webhooks/{sites.site_of(hook.site_id).key}/{hook.id}" in letter
    assert not any("To: Carlos" in text and hook.url in text for text in letters())
    calls = len(receiver.calls)
    ada.open()
    clock.pass_(days=2)
    run_due()
    assert len(receiver.calls) == calls
    assert {each.state for each in told()} == {"failed"}
    with pytest.raises(Conflict):
        deliveries.resend(off, told()[0].id)


def test_one_bad_hour_a_week_later_does_not_switch_it_off(clock, ada, hook, receiver):
    receiver.answers = [500]
    ada.open()
    for _ in range(100):
        run_due()
        clock.pass_(hours=1)
    clock.pass_(days=5)
    ada.open()
    run_due()
    assert service.find(hook.site_id, hook.id).disabled_at is None


def test_who_is_gone_is_switched_off_at_once(ada, hook, receiver, told):
    receiver.answers = [410]
    ada.open()
    run_due()
    assert service.find(hook.site_id, hook.id).disabled_because == service.GONE
    service.change(hook.site_id, hook.id, url=hook.url, events=list(EVENTS), on=True)
    assert service.find(hook.site_id, hook.id).failing_since is None


def test_an_address_that_was_mended_meanwhile_is_not_switched_off(ada, hook, receiver, monkeypatch):
    receiver.answers = [410]
    post, new = service.Wires.outbound.post, receiver.url + "/new"

    def slow(*call):
        answer = post(*call)
        service.change(hook.site_id, hook.id, url=new, events=list(EVENTS), on=True)
        return answer

    monkeypatch.setattr(service.Wires.outbound, "post", slow)
    ada.open()
    run_due()
    kept = service.find(hook.site_id, hook.id)
    assert (kept.url, kept.disabled_at, kept.failing_since) == (new, None, None)


def test_who_answered_somebody_else_meanwhile_has_not_failed_for_days(
    clock, ada, hook, receiver, monkeypatch
):
    receiver.answers = [500]
    ada.open()
    run_due()
    clock.pass_(days=6)
    post = service.Wires.outbound.post

    def slow(*call):
        answer = post(*call)
        service.forgive(hook.site_id, hook.id)
        return answer

    ada.open()
    for seconds in (0, 6, 331):
        clock.pass_(seconds=seconds)
        if seconds == 331:
            monkeypatch.setattr(service.Wires.outbound, "post", slow)
        run_due()
    kept = service.find(hook.site_id, hook.id)
    assert (kept.disabled_at, kept.failing_since) == (None, stamp())
