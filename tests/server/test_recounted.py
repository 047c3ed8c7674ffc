"""An installation whose counts had drifted has them right again once it is brought up to date."""

from importlib import import_module

import pytest

from widget_server import database
from widget_server.database import execute, query

recount = import_module("widget_server.migrations.0051_counted")


@pytest.fixture
def drifted(site, visit, agent):
    """Two requests of a browser, one merged into the other, as a proof used to leave them."""
    shared, proven = visit(), visit()
    for email in ("work@mail.example", "home@mail.example", "gone@mail.example"):
        shared.open(email=email)
    proven.open(email="work@mail.example")
    agent.post(f"/tickets/{site.key}/1/merger", number="2")
    execute("UPDATE ticket SET merged_into = 'erased' WHERE number = 3")
    execute(
        "UPDATE ticket SET requester_id ="
        " (SELECT requester_id FROM ticket other WHERE other.number = 4) WHERE number = 1"
    )
    execute("UPDATE requester SET opened = opened - 2")
    return shared, proven


def test_merged_requests_follow_and_everybody_s_are_counted(drifted):
    recount.up(None, database.db.obj)
    shared, proven = (
        [row["number"] for row in each.get("/tickets").json["tickets"]] for each in drifted
    )
    assert (sorted(shared), proven) == ([2, 3], [4])
    owners = query("SELECT number, requester_id FROM ticket ORDER BY number")
    assert owners[0][1] == owners[1][1] != owners[3][1]
    assert sorted(query("SELECT opened FROM requester")) == [(1,), (2,)]


def test_what_was_right_is_left_as_it_is(site, ada, bruno, agent):
    for person in (ada, bruno, ada):
        person.open()
    agent.post(f"/tickets/{site.key}/1/merger", number="3")
    before = [query(f"SELECT * FROM {table} ORDER BY id") for table in ("ticket", "requester")]
    recount.up(None, database.db.obj)
    after = [query(f"SELECT * FROM {table} ORDER BY id") for table in ("ticket", "requester")]
    assert after == before
