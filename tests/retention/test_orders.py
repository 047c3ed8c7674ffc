"""What was agreed and paid stays as long as books must; the words around it go."""

from datetime import date

import pytest

from widget_server.clock import stamp
from widget_server.database import execute, query
from widget_server.figures import book, rolling
from widget_server.orders.models import Receipt
from widget_server.retention import finding, night, policy
from widget_server.tickets import merging
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id

from ..figures.test_rolling import rows
from .conftest import numbers


def test_an_accepted_order_stays_and_its_ticket_is_emptied(order, ada, sleep, keep, site):
    ticket = order(to=["delivered"])
    keep(tickets=30)
    assert finding.would(site.id, policy.Policy(0)) == (0, 1, 0, 0)
    sleep(days=31)
    shown = ada.get(f"/tickets/{ticket['id']}").json
    assert (shown["title"], shown["thread"], shown["files"]) == ("A plugin", [], [])
    assert shown["orders"][0]["state"] == "delivered"
    for table in night.EMPTIED:
        assert query(f"SELECT * FROM {table}") == [], table
    for table in ("ticket", "idempotency"):
        assert "My secret wish" not in str(query(f"SELECT * FROM {table}"))
    for table in ("purchase", "quote", "decision", "order_move"):
        assert query(f"SELECT * FROM {table}"), table


def test_orders_go_at_the_end_of_the_year_their_time_is_over(order, sleep, keep, clock):
    order(to=["delivered"])
    keep(tickets=30, years=6)
    sleep(days=31)
    clock("2032-12-30T07:30:00+00:00")
    sleep(days=1)
    assert numbers() == [1]
    clock("2033-01-01T07:30:00+00:00")
    sleep(days=1)
    assert numbers() == []
    for table in ("purchase", "quote", "decision", "order_move", "receipt"):
        assert query(f"SELECT * FROM {table}") == [], table


def test_an_emptied_request_that_lives_again_is_emptied_again(order, ada, sleep, keep, clock):
    ticket = order(to=["delivered"])
    keep(tickets=30)
    sleep(days=31)
    clock.pass_(hours=1)
    ada.post(f"/tickets/{ticket['id']}/messages", body="One more thing")
    ada.put(f"/tickets/{ticket['id']}/closure")
    sleep(days=20)
    assert query("SELECT count(*) FROM message") == [(1,)]
    sleep(days=12)
    assert query("SELECT count(*) FROM message") == [(0,)]
    assert numbers() == [1]


def counted(site):
    """Count all days from nothing; return them, and how many requests are open by them."""
    rolling.recount(site)
    return rows(site), book.growth(site.id, date.max)


def test_an_emptied_request_stays_in_the_figures(order, ada, sleep, keep, site, clock):
    ticket = order(to=["delivered"])
    clock.pass_(days=3)
    ada.post(f"/tickets/{ticket['id']}/messages", body="One more thing")
    clock.pass_(days=1)
    ada.put(f"/tickets/{ticket['id']}/closure")
    clock.pass_(days=1)
    ada.put(f"/tickets/{ticket['id']}/rating", good=True)
    clock.pass_(days=10)
    before = counted(site)
    assert (len(before[0]), before[1]) == (4, 0)
    keep(tickets=30, years=1)
    sleep(days=31)
    assert query("SELECT count(*) FROM event") == [(0,)]
    assert counted(site) == before
    clock("2028-01-01T07:30:00+00:00")
    sleep(days=1)
    assert numbers() == []
    assert counted(site) == before


def test_what_becomes_part_of_another_once_it_is_emptied_is_not_open(order, ada, sleep, keep, site):
    emptied = order(to=["delivered"])
    keep(tickets=30)
    sleep(days=31)
    source, into = (find_by_id(site.id, each["id"]) for each in (emptied, ada.open()))
    merging.merge(source, into, Actor("agent", "1", "Inés"))
    sleep(days=1)
    assert counted(site)[1] == 1


@pytest.mark.parametrize("state", ["awaiting_payment", "paid", "in_production"])
def test_an_order_that_still_moves_keeps_its_request_whole(order, sleep, keep, state):
    order(to=[state])
    keep(tickets=30)
    sleep(days=300)
    assert numbers() == [1]
    assert query("SELECT count(*) FROM message") == [(1,)]


def test_money_that_has_to_go_back_keeps_it_whole_until_it_went(order, sleep, keep, site):
    order(to=["delivered"])
    ((order_id,),) = query("SELECT id FROM purchase")
    common = {"site_id": site.id, "order_id": order_id, "provider": "stripe", "currency": "EUR",
              "surplus": 1, "actor_name": "", "at": stamp(), "amount": 5_000}  # fmt: skip
    Receipt.create(id="r1", kind="payment", reference="p1", **common)
    keep(tickets=30)
    sleep(days=40)
    assert query("SELECT count(*) FROM message") == [(1,)]
    Receipt.create(id="r2", kind="refund", reference="p1:refund", payment="p1", **common)
    sleep(days=1)
    assert query("SELECT count(*) FROM message") == [(0,)]
    assert query("SELECT count(*) FROM receipt") == [(2,)]


def test_a_quote_keeps_it_only_while_it_can_be_accepted(order, sleep, keep):
    order(accept=False)
    keep(tickets=1)
    execute("UPDATE quote SET expires_at = '2027-02-01T00:00:00.000000+00:00'")
    sleep(days=20)
    assert numbers() == [1]
    sleep(days=60)
    assert numbers() == []
    assert query("SELECT * FROM purchase") == []


def test_what_was_merged_into_an_emptied_request_goes_by_itself(
    order, closed, sleep, keep, site, clock
):
    emptied = order(to=["delivered"])
    keep(tickets=30)
    sleep(days=31)
    clock.pass_(hours=1)
    source, into = (find_by_id(site.id, each["id"]) for each in (closed(title="Two"), emptied))
    merging.merge(source, into, Actor("agent", "1", "Inés"))
    assert query("SELECT count(*) FROM ticket WHERE merged_into IS NOT NULL") == [(1,)]
    before = counted(site)
    sleep(days=20)
    assert numbers() == [1, 2]
    assert query("SELECT count(*) FROM message") == [(1,)]
    sleep(days=12)
    assert numbers() == [1]
    assert query("SELECT count(*) FROM message") == [(0,)]
    assert "Two" not in str(query("SELECT * FROM ticket"))
    assert counted(site) == before
