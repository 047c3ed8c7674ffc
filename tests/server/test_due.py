"""An answer is promised to the minute, paused while nobody waits, and told once when it is late."""

import pytest

from widget_server import jobs
from widget_server.clock import stamp
from widget_server.database import query
from widget_server.errors import Invalid
from widget_server.sites import contact
from widget_server.sites import service as sites
from widget_server.tickets import due, events

OFFICE = {
    "id": "office",
    "zone": "Europe/Madrid",
    "week": [["09:00-18:00"]] * 5 + [[], []],
    "country": "ES",
}


@pytest.fixture
def told():
    heard = []

    def listen(kind, ticket, **_):
        if kind in ("soon_late", "late"):
            heard.append((kind, ticket.number))

    events.listen(listen)
    yield heard
    events._listeners.remove(listen)


def test_an_answer_is_due_24_hours_after_the_question(clock, ada):
    ticket = ada.open()
    assert ticket["answer_by"] == stamp(seconds=86_400)


def test_the_promise_pauses_with_the_answer_and_starts_again_with_the_next_question(
    clock, ada, agent, site
):
    ticket = ada.open()
    clock.pass_(hours=3)
    agent.reply(site, ticket["number"], "Done")
    assert ada.get(f"/tickets/{ticket['id']}").json["answer_by"] is None
    clock.pass_(hours=6)
    ada.post(f"/tickets/{ticket['id']}/messages", body="Again")
    assert ada.get(f"/tickets/{ticket['id']}").json["answer_by"] == stamp(seconds=86_400)
    clock.pass_(hours=1)
    ada.post(f"/tickets/{ticket['id']}/messages", body="And again")
    assert ada.get(f"/tickets/{ticket['id']}").json["answer_by"] == stamp(seconds=82_800)


def test_soon_late_and_late_are_told_at_the_minute_and_once(clock, ada, told):
    ada.open()
    clock.pass_(hours=21, minutes=59)
    due.tell()
    assert told == []
    clock.pass_(minutes=1)
    due.tell()
    due.tell()
    assert told == [("soon_late", 1)]
    clock.pass_(hours=1, minutes=59)
    due.tell()
    assert told == [("soon_late", 1)]
    clock.pass_(minutes=1)
    due.tell()
    due.tell()
    assert told == [("soon_late", 1), ("late", 1)]


def test_a_worker_that_was_away_catches_up_once(clock, ada, told):
    for _ in range(3):
        ada.open()
    clock.pass_(days=3)
    jobs.schedule()
    jobs.run_due()
    jobs.run_due()
    assert sorted(told) == [("late", 1), ("late", 2), ("late", 3)]


def test_promises_kept_and_broken_are_counted(clock, ada, agent, site):
    first, second = ada.open(), ada.open()
    clock.pass_(hours=24)
    agent.reply(site, first["number"], "In time")
    clock.pass_(seconds=1)
    agent.reply(site, second["number"], "Too late")
    assert due.kept_promises(30) == (1, 1)
    assert due.kept_promises(30, site.id) == (1, 1)
    agent.reply(site, second["number"], "Once more")
    assert due.kept_promises(30) == (1, 1)


def test_a_closed_ticket_is_never_late(clock, ada, told):
    ticket = ada.open()
    ada.put(f"/tickets/{ticket['id']}/closure")
    clock.pass_(days=3)
    due.tell()
    assert told == []
    assert query("SELECT due_at FROM ticket") == [(None,)]


def test_a_completion_that_is_undone_leaves_the_promise_as_it_was(clock, ada, agent, site, told):
    ticket = ada.open()
    path = f"/tickets/{site.key}/{ticket['number']}/state"
    clock.pass_(hours=1)
    agent.post(path, state="completed")
    assert ada.get(f"/tickets/{ticket['id']}").json["answer_by"] is None
    clock.pass_(minutes=1)
    agent.post(path, state="waiting")
    assert ada.get(f"/tickets/{ticket['id']}").json["answer_by"] == ticket["answer_by"]
    clock.pass_(hours=23)
    due.tell()
    assert told == [("late", 1)]


def test_what_was_answered_before_it_was_completed_is_promised_to_nobody(ada, agent, site):
    ticket = ada.open()
    agent.reply(site, 1, "Done")
    for state in ("completed", "in_progress"):
        agent.post(f"/tickets/{site.key}/1/state", state=state)
    shown = ada.get(f"/tickets/{ticket['id']}").json
    assert (shown["state"], shown["answer_by"]) == ("in_progress", None)


def test_whoever_asks_again_is_promised_an_answer_from_then_on(clock, ada, agent, site):
    ticket = ada.open()
    agent.reply(site, 1, "Done")
    ada.post(f"/tickets/{ticket['id']}/messages", body="Thank you!")
    agent.post(f"/tickets/{site.key}/1/state", state="completed")
    clock.pass_(hours=10)
    ada.post(f"/tickets/{ticket['id']}/messages", body="It is back")
    assert ada.get(f"/tickets/{ticket['id']}").json["answer_by"] == stamp(seconds=86_400)


def test_working_time_is_promised_where_the_site_says_so(clock, ada, site):
    settings = site.settings | {
        "calendars": [OFFICE],
        "contact": {"answer_hours": 4, "answer_calendar": "office"},
    }
    sites.update_site(site, settings=settings)
    clock("2026-11-20T16:00:00Z")  # A Friday, five in the afternoon in Madrid.
    from ..support.visitor import Visitor, open_session, sign

    client = ada.client
    late = Visitor(client, open_session(client, site, sign(site.signing, sub="zoe")).json)
    assert late.open()["answer_by"] == "2026-11-23T11:00:00.000000Z"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"calendars": [OFFICE | {"zone": "Mars/Olympus"}]}, "zone"),
        ({"calendars": [OFFICE | {"week": [["25:00-26:00"]] + [[]] * 6}]}, "week.0"),
        ({"calendars": [OFFICE | {"week": [["9-10"]] + [[]] * 6}]}, "week.0"),
        ({"calendars": [OFFICE | {"week": [[]]}]}, "week"),
        ({"calendars": [OFFICE | {"country": "XX"}]}, "country"),
        ({"calendars": [OFFICE | {"exceptions": {"soon": []}}]}, "exceptions"),
        ({"calendars": [OFFICE | {"id": "Bad id"}]}, "id"),
        ({"channels": [{"kind": "phone", "value": "600 000 000"}]}, "value"),
        ({"channels": [{"kind": "pigeon", "value": "+34600000000"}]}, "kind"),
        ({"channels": [{"kind": "phone", "value": "+34600000000", "calendar": "x"}]}, "calendar"),
        ({"contact": {"answer_calendar": "x"}}, "answer_calendar"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_field_s_name(site, change, field):
    with pytest.raises(Invalid) as refused:
        sites.update_site(site, settings=site.settings | change)
    assert field in refused.value.details["fields"]


def test_a_page_is_given_the_opening_times_of_the_next_days(clock, site, client):
    clock("2026-11-20T16:59:50Z")
    channels = [
        {"kind": "phone", "value": "+34600000000", "label": {"es": "Tienda"}, "calendar": "office"},
        {"kind": "email", "value": "help@shop.example"},
    ]
    sites.update_site(site, settings=site.settings | {"calendars": [OFFICE], "channels": channels})
    phone, mail = contact.channels(site.settings)
    minute = 60
    assert phone["open"][0] * minute <= int(site_now()) < phone["open"][1] * minute
    assert phone["open"][1] * minute - int(site_now()) == 10
    assert mail["open"] is None
    assert len(phone["open"]) >= 20


def site_now():
    from widget_server.clock import utcnow

    return utcnow().timestamp()
