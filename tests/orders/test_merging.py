"""Requests that become one keep their quotes and orders."""

import pytest

from widget_server.database import query
from widget_server.orders import book, service
from widget_server.tickets import events, merging
from widget_server.tickets.service import find_by_id


@pytest.fixture
def merged(quoted, ada, site, row, ines):
    """Merge the request with the quote into another of the same person; return that one."""
    into = ada.open(title="The same again")
    merging.merge(row(), find_by_id(site.id, into["id"]), ines)
    return into


def shown(ada, ticket):
    return ada.get(f"/tickets/{ticket['id']}").json


def test_a_quote_goes_where_its_request_goes(quoted, merged, ada, ticket):
    for way in (merged, ticket):
        seen = shown(ada, way)
        assert seen["id"] == merged["id"]
        assert [each["quote_number"] for each in seen["orders"]] == ["2026-0001"]
        assert [each["kind"] for each in seen["thread"] if each["type"] == "event"].count(
            "quoted"
        ) == 1


def test_that_requests_became_one_is_announced_once(quoted, ada, site, row, ines, monkeypatch):
    into = ada.open(title="The same again")
    told = []
    heard = [*events._listeners, lambda kind, _ticket, **_: told.append(kind)]
    monkeypatch.setattr(events, "_listeners", heard)
    merging.merge(row(), find_by_id(site.id, into["id"]), ines)
    assert told.count("merged") == 1


@pytest.mark.parametrize("of", ["ticket", "merged"])
def test_it_is_accepted_and_paid_from_either_address(request, of, merged, quoted, ada, pay, site):
    place = request.getfixturevalue(of)["id"]
    quote = shown(ada, merged)["orders"][0]["quote"]
    path = f"/tickets/{place}/quotes/{quote['id']}/acceptance"
    assert ada.post(path, digest=quote["digest"]).status_code == 200
    assert pay(book.find(site.id, quoted.id)) is service.Outcome.SETTLED
    told = [each["kind"] for each in shown(ada, merged)["thread"] if each["type"] == "event"]
    assert told.count("accepted") == told.count("paid") == 1


def test_whoever_holds_the_order_holds_the_request_it_is_in_now(merged, quoted, ines):
    """``quoted`` was loaded before the merger and still names the former request."""
    assert quoted.ticket_id != merged["id"]
    service.move(quoted, ines, "cancelled", reason="Asked twice")
    rows = query("SELECT ticket_id FROM event WHERE kind = 'order_moved'")
    assert rows == [(merged["id"],)]


def test_it_is_found_by_its_number_there(merged, site):
    from widget_server.tickets import inbox

    (row,) = query("SELECT number FROM ticket WHERE merged_into IS NULL")
    assert inbox.find_ticket(site.id, row[0]).id == merged["id"]
    found = query("SELECT DISTINCT ticket_id FROM ticket_search WHERE ticket_id = ?", merged["id"])
    assert found == [(merged["id"],)]
