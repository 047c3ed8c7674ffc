"""Closed tickets and files go when a site says so, at night, a few at a time; orders as books do."""

import pytest

from widget_server import audit, jobs
from widget_server.agents.models import Agent
from widget_server.attachments import service as attachments
from widget_server.clock import stamp, utcnow
from widget_server.database import db, execute, is_sqlite, query
from widget_server.orders import service as orders
from widget_server.orders.models import Receipt
from widget_server.orders.pricing import Line
from widget_server.orders.service import Offer
from widget_server.retention import finding, night, policy
from widget_server.sites import service as sites
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id

from .test_sessions import PNG

#: Tables of a ticket that outlive its being emptied: the order's own book.
BOOKS = {"purchase"}


@pytest.fixture
def settings():
    # Months go by while the panel is open.
    return {"SESSION_TTL": 10**9}


@pytest.fixture
def site(clock, add_site):
    return add_site(settings={"calendars": [
        {"id": "shop", "zone": "America/Santiago", "week": [["09:00-18:00"]] * 7}
    ]})  # fmt: skip


@pytest.fixture
def keep(clock, site):
    """Say how long things are kept; it begins a day later."""

    def keep(tickets=None, files=None, years=10):
        found = sites.find_site(site.key)
        policy.set_policy(found, policy.Policy(tickets, files, years))

    return keep


@pytest.fixture
def sleep(clock, site):
    """Let a night of the site's pass, with all its jobs."""

    def sleep(days=1):
        clock(utcnow().replace(hour=7, minute=30))  # Half past four in Santiago.
        clock.pass_(days=days)
        night.look()
        while jobs.run_due():
            pass

    return sleep


@pytest.fixture
def closed(ada):
    """File a request and close it."""

    def closed(**data):
        ticket = ada.open(**data)
        assert ada.put(f"/tickets/{ticket['id']}/closure").status_code == 200
        return ticket

    return closed


def numbers():
    return [row[0] for row in query("SELECT number FROM ticket ORDER BY number")]


def test_nothing_goes_until_somebody_says_so(closed, sleep, site):
    closed()
    assert policy.policy(site) == policy.Policy(None, None, 10, None)
    sleep(days=4_000)
    assert numbers() == [1]


def test_closed_tickets_go_with_all_that_was_theirs(closed, ada, sleep, keep, site):
    file = ada.upload("a.png", PNG).json["id"]
    ticket = closed(title="Secret thing", attachments=[file])
    path = attachments.Files.storage.path(query("SELECT id FROM attachment")[0][0])
    still_open = ada.open(title="Open")
    assert path.exists()
    keep(tickets=30)
    sleep(days=31)
    assert numbers() == [2]
    for table in ("message", "event", "attachment", "mail", "ticket_search", "ticket"):
        rows = str(query(f"SELECT * FROM {table}"))
        for trace in ("Secret thing", ticket["id"], file):
            assert trace not in rows, table
    assert not path.exists()
    home = ada.get("/tickets").json
    assert [row["id"] for row in home["tickets"]] == [still_open["id"]]
    assert home["counts"] == {"waiting": 1, "in_progress": 0, "completed": 0}
    (row,) = audit.rows(act="site.retention")[0]
    assert (row.agent_name, row.via, row.data) == ("Ventanilla", "job", {"gone": ["tickets: 1"]})


def test_days_count_from_closing_and_start_over_with_it(closed, ada, sleep, keep, clock):
    ticket = closed()
    keep(tickets=30)
    clock.pass_(days=20)
    ada.post(f"/tickets/{ticket['id']}/messages", body="Again")
    ada.put(f"/tickets/{ticket['id']}/closure")
    sleep(days=29)
    assert numbers() == [1]
    sleep(days=2)
    assert numbers() == []


def test_it_happens_in_the_site_s_night_only(closed, keep, clock):
    closed()
    keep(tickets=1)
    clock("2026-12-20T12:00:00+00:00")  # Nine in the morning in Santiago.
    night.look()
    assert jobs.run_due("x#") is not None
    assert numbers() == [1]
    clock("2026-12-20T06:10:00+00:00")  # Ten past three.
    night.look()
    while jobs.run_due():
        pass
    assert numbers() == []


def test_a_change_can_be_taken_back_for_a_day(closed, keep, sleep, clock, site):
    closed()
    clock.pass_(days=400)
    clock(utcnow().replace(hour=7))
    keep(tickets=30)
    clock.pass_(hours=1)
    night.look()
    while jobs.run_due():
        pass
    assert numbers() == [1]
    keep()
    assert not policy.policy(sites.find_site(site.key)).on
    sleep(days=3)
    assert numbers() == [1]


def test_saving_the_same_again_begins_no_new_day(keep, site, clock):
    keep(tickets=30)
    first = policy.policy(sites.find_site(site.key)).begins_at
    clock.pass_(hours=3)
    keep(tickets=30)
    assert policy.policy(sites.find_site(site.key)).begins_at == first


def test_files_may_go_before_their_tickets(closed, ada, sleep, keep):
    file = ada.upload("a.png", PNG).json["id"]
    ticket = closed(attachments=[file])
    talked = ada.upload("b.png", PNG).json["id"]
    ada.open(title="Open", attachments=[talked])
    old = attachments.Files.storage.path(file)
    keep(files=10)
    sleep(days=11)
    assert [row[0] for row in query("SELECT id FROM attachment")] == [talked]
    assert not old.exists()
    assert ada.get(f"/tickets/{ticket['id']}").json["files"] == []
    thread = ada.get(f"/tickets/{ticket['id']}").json["thread"]
    assert [each["body"] for each in thread if each["type"] == "message"] == ["Help"]


def test_many_go_in_small_batches_each_a_job_of_its_own(closed, keep, clock, monkeypatch):
    monkeypatch.setattr(night, "BATCH", 2)
    for _ in range(5):
        closed()
    keep(tickets=1)
    clock("2026-12-20T06:10:00+00:00")
    night.look()
    left = []
    while job := jobs.claim("by-hand#"):
        jobs.perform(job)
        if job.kind == "retention.batch" and job.payload["part"] == "tickets":
            left.append(len(numbers()))
    assert left == [3, 1, 0]


def test_a_batch_that_is_done_twice_does_no_harm(closed, keep, clock, site):
    closed()
    closed()
    keep(tickets=1)
    clock("2026-12-20T06:10:00+00:00")
    night.batch(site.id, "tickets", ["", ""])
    night.batch(site.id, "tickets", ["", ""])
    assert numbers() == []


def test_what_was_reopened_since_it_was_found_stays(closed, ada, keep, clock, site, monkeypatch):
    ticket = closed()
    keep(tickets=1)
    clock("2026-12-20T06:10:00+00:00")
    found = finding.closed

    def reopened_meanwhile(*args):
        rows = found(*args)
        ada.post(f"/tickets/{ticket['id']}/messages", body="Wait")
        return rows

    monkeypatch.setattr(finding, "closed", reopened_meanwhile)
    night.batch(site.id, "tickets", ["", ""])
    assert numbers() == [1]


def test_merged_tickets_go_without_breaking_what_they_led_to(closed, ada, agent, sleep, keep, site):
    first, second = closed(title="One"), ada.open(title="Two")
    agent.post(f"/tickets/{site.key}/{first['number']}/merge", number=str(second["number"]))
    ada.put(f"/tickets/{second['id']}/closure")
    execute("UPDATE ticket SET completed_at = '2026-11-20T00:00:00.000000+00:00' WHERE number = 2")
    keep(tickets=2)
    sleep(days=2)
    assert numbers() == [1]
    assert agent.get(f"/tickets/{site.key}/{first['number']}").status_code == 200
    sleep(days=3)
    assert numbers() == []
    assert query("SELECT opened FROM requester") == [(0,)]


@pytest.fixture
def order(ada, agent, site):
    """Make an order in a request of Ada's: accepted, and paid and delivered if asked for."""
    actor = Actor("agent", str(agent.record.id), agent.record.name)

    def make(*, accept=True, to=(), title="A plugin"):
        file = ada.upload("a.png", PNG).json["id"]
        ticket = ada.open(title="My secret wish", attachments=[file])
        offer = Offer(title, [Line("Hours", 1_000, 5_000, 0)], "EUR", 1, utcnow().date())
        made = orders.quote(find_by_id(site.id, ticket["id"]), actor, offer)
        if accept:
            shown = ada.get(f"/tickets/{ticket['id']}").json["orders"][0]
            path = f"/tickets/{ticket['id']}/quotes/{made.quote_id}/acceptance"
            answer = ada.post(path, digest=shown["quote"]["digest"])
            assert answer.status_code == 200
        for state in to:
            execute("UPDATE purchase SET state = ? WHERE id = ?", state, made.id)
        ada.put(f"/tickets/{ticket['id']}/closure")
        return ticket

    return make


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


def test_a_preview_counts_what_would_go_and_deletes_nothing(closed, ada, order, clock, site):
    file = ada.upload("a.png", PNG).json["id"]
    closed(attachments=[file])
    closed()
    order(to=["delivered"])
    clock.pass_(days=10)
    assert finding.would(site.id, policy.Policy(11, 11)) == (0, 0, 0, 0)
    assert finding.would(site.id, policy.Policy(9, 9)) == (2, 1, 2, 2 * len(PNG))
    assert numbers() == [1, 2, 3]


def test_the_console_shows_it_before_it_is_saved(closed, agent, clock, site):
    Agent.update(locale="en").execute()
    closed()
    clock.pass_(days=10)
    asked = {"tickets_days": "5", "files_days": "", "orders_years": "10"}
    shown = agent.get(f"/retention/{site.key}/preview", query_string=asked).text
    assert "1 request, with its messages" in shown
    wrong = agent.get(f"/retention/{site.key}/preview", query_string=asked | {"tickets_days": "x"})
    assert "Write a whole number from 1 to 3650." in wrong.text


@pytest.mark.parametrize("days", ["0", "-1", "1.5", "3651", "soon", "٣"])
def test_numbers_that_make_no_sense_are_refused_beside_their_field(agent, site, days):
    Agent.update(locale="en").execute()
    answer = agent.post(f"/retention/{site.key}", tickets_days=days, orders_years="10")
    assert answer.status_code == 422
    assert "Write a whole number from 1 to 3650." in answer.text
    assert not policy.policy(sites.find_site(site.key)).on


def test_the_console_saves_it_and_says_when_it_begins(agent, site, clock):
    Agent.update(locale="en").execute()
    answer = agent.post(
        f"/retention/{site.key}", tickets_days=" 30 ", files_days="7", orders_years="6"
    )
    assert answer.status_code == 303
    assert policy.policy(sites.find_site(site.key))[:3] == (30, 7, 6)
    page = agent.get(f"/retention?site={site.key}").text
    assert "Nothing goes before" in page
    assert "Deleting is on" in page
    clock.pass_(days=2)
    agent.post(f"/retention/{site.key}", tickets_days="", files_days="", orders_years="6")
    assert "Everything is kept" in agent.get(f"/retention?site={site.key}").text


def test_every_table_of_a_ticket_is_either_emptied_or_a_book(app):
    if is_sqlite():
        tables = [row[0] for row in query("SELECT name FROM sqlite_master WHERE type = 'table'")]
    else:
        tables = db.get_tables()
    of_tickets = {
        table
        for table in tables
        if "ticket_id" in {column.name for column in db.get_columns(table)}
    }
    apart = {"audit", "article", "suggestion_showing", "mail_link"}
    assert of_tickets - apart == set(night.EMPTIED) | BOOKS


def test_what_may_go_is_found_by_its_own_indexes(app, site):
    if not is_sqlite():
        execute("SET enable_seqscan = off")
    explain = "EXPLAIN QUERY PLAN " if is_sqlite() else "EXPLAIN "
    for sql, index in (
        (f"SELECT t.id FROM ticket t WHERE {finding.CLOSED}"
         " ORDER BY t.completed_at, t.id LIMIT 40", "ticket_closed"),
        ("SELECT t.id FROM ticket t WHERE t.site_id = ? AND t.emptied_at IS NOT NULL"
         " AND t.completed_at < ? ORDER BY t.completed_at, t.id LIMIT 40", "ticket_emptied"),
        ("SELECT a.id FROM attachment a WHERE a.site_id = ? AND a.ticket_id IS NOT NULL"
         " AND a.created_at <= ? ORDER BY a.created_at, a.id LIMIT 200", "attachment_kept"),
    ):  # fmt: skip
        plan = str(query(explain + sql, site.id, "2026"))
        assert index in plan, plan
