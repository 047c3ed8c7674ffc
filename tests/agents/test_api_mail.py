"""Mail by programs: what waits is let in or turned away, what failed is sent again."""

import pytest

from widget_server.agents import people
from widget_server.database import execute, query
from widget_server.jobs import run_due
from widget_server.mail import outbox, receiving

RAW = """From: {name} <{name}@strangers.example>
To: nobody@elsewhere.example
Subject: A question of {name}
Message-ID: <{name}@strangers.example>

I have a question.
"""


@pytest.fixture
def settings(tmp_path):
    return {"SMTP_URL": f"folder:{tmp_path / 'post'}", "MAIL_FROM": "help@shop.example"}


@pytest.fixture
def waiting(site):
    for name in ("mia", "noa"):
        assert receiving.receive(RAW.format(name=name).encode(), source="imap") == "quarantined"
    return site


def test_mail_that_waits_is_let_in_or_turned_away(waiting, program):
    api = program()
    first, second = api.get("/mail/incoming").json["mails"]
    assert (first["sender"]["email"], first["subject"], first["site"], first["ticket"]) == (
        "mia@strangers.example", "A question of mia", waiting.key, None,
    )  # fmt: skip
    place = f"/sites/{waiting.key}/mail/incoming"
    assert b"I have a question." in api.get(f"{place}/{first['id']}/source").data
    made = api.post(f"{place}/{first['id']}/acceptance")
    assert made.status_code == 200
    shown = api.get(f"/tickets/{waiting.key}/{made.json['number']}").json
    assert shown["title"] == "A question of mia"
    late = api.post(f"{place}/{first['id']}/acceptance")
    assert (late.status_code, late.json["error"]["code"]) == (409, "decided_meanwhile")
    into = api.post(f"{place}/{second['id']}/acceptance", number=9_999)
    assert into.status_code == 404
    for _ in range(2):
        assert api.post(f"{place}/{second['id']}/refusal").status_code == 204
    assert api.get("/mail/incoming").json["mails"] == []
    for decision in ("acceptance", "refusal"):
        assert api.post(f"{place}/none/{decision}").status_code == 404
    let_in = api.post(f"{place}/{first['id']}/refusal")
    assert (let_in.status_code, let_in.json["error"]["code"]) == (409, "decided_meanwhile")


def test_mail_of_another_site_is_neither_listed_nor_decided(waiting, add_site, program):
    narrow = program(only_site=add_site("Bakery").id)
    assert narrow.get("/mail/incoming").json["mails"] == []
    (incoming_id,) = query("SELECT id FROM incoming LIMIT 1")[0]
    place = f"/sites/{waiting.key}/mail/incoming/{incoming_id}"
    assert narrow.post(f"{place}/refusal").json["error"]["code"] == "unknown_site"


def test_a_letter_that_failed_is_listed_and_sent_again(site, ada, program):
    api, number = program(), ada.open(notify=True)["number"]
    api.post(f"/tickets/{site.key}/{number}/messages", body="On our way")
    run_due()
    execute("UPDATE mail SET state = 'failed', failed_at = created_at, error = 'no'")
    letter = next(
        each
        for each in api.get("/mail/letters").json["letters"]
        if each["recipient"] == "ada@customers.example"
    )
    assert (letter["site"], letter["ticket"], letter["error"]) == (site.key, number, "no")
    place = f"/sites/{site.key}/mail/letters"
    assert api.post(f"{place}/{letter['id']}/retry").status_code == 204
    assert letter["id"] not in str(api.get("/mail/letters").json)
    assert api.post(f"{place}/none/retry").status_code == 404


def test_how_mail_fares_tells_whoever_sees_some_sites_nothing_of_others(
    site, add_site, boss, clerk, program
):
    outbox.write(
        site_id=site.id, kind="answered", recipient="ada@mail.example", audience="requester",
        locale="es", once="x",
    )  # fmt: skip
    execute("UPDATE mail SET attempts = 1, error = '450 ada@mail.example is busy'")
    people.limit(clerk, [add_site("Bakery").id])
    whole, narrow = (program("settings:read", agent=each).get("/mail") for each in (boss, clerk))
    assert (whole.json["waiting"], narrow.json["waiting"]) == (1, 0)
    assert "ada@" in whole.json["sending_error"]
    assert narrow.json["sending_error"] is None
