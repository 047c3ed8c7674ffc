"""Closed tickets and files go when a site says so, at night, a few at a time."""

from widget_server import audit, jobs
from widget_server.assistant import outcomes
from widget_server.attachments import service as attachments
from widget_server.clock import stamp, utcnow
from widget_server.database import execute, query
from widget_server.figures import rolling
from widget_server.retention import finding, night, policy
from widget_server.sites import service as sites

from ..server.test_sessions import PNG
from .conftest import numbers


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


def test_what_was_asked_before_goes_too_and_still_counts(ada, sleep, keep, site):
    ada.post("/suggestions", title="Secret thing", locale="en", showing="draft-0001")
    ticket = ada.open(title="Secret thing")
    (visitor,) = query("SELECT visitor FROM suggestion_showing WHERE ticket_id = ?", ticket["id"])[
        0
    ]
    execute("UPDATE suggestion_showing SET shown = '[\"article\"]'")
    outcomes.settle(site.id, visitor, "draft-0001", "solved", "article")
    ada.put(f"/tickets/{ticket['id']}/closure")
    keep(tickets=30)
    sleep(days=31)
    assert numbers() == []
    for table in ("retrieval_document", "retrieval_posting"):
        assert query(f"SELECT * FROM {table}") == []
    assert query("SELECT question, outcome, ticket_id FROM suggestion_showing") == [
        ("", "solved", None)
    ]


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


def test_a_night_that_was_given_up_is_followed_by_others(closed, sleep, keep, monkeypatch):
    closed()
    keep(tickets=2)
    monkeypatch.setitem(night.PARTS, "tickets", lambda *_: 1 / 0)
    sleep(days=3)
    jobs.Job.update(dead_at=stamp()).where(jobs.Job.kind == "retention.batch").execute()
    monkeypatch.undo()
    sleep(days=1)
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


def test_merged_tickets_lead_on_until_what_they_led_to_goes(
    closed, ada, agent, sleep, keep, clock, site
):
    first, second = closed(title="One"), ada.open(title="Two")
    agent.post(f"/tickets/{site.key}/{second['number']}/merger", number="1")
    keep(tickets=2)
    sleep(days=10)
    assert numbers() == [1, 2]
    assert ada.get(f"/tickets/{second['id']}").json["number"] == first["number"]
    ada.put(f"/tickets/{second['id']}/closure")
    sleep(days=1)
    assert numbers() == [1, 2]
    sleep(days=3)
    assert numbers() == []
    assert query("SELECT opened FROM requester") == [(0,)]


def test_days_counted_anew_know_nothing_of_tickets_that_were_merged(
    closed, ada, agent, sleep, keep, site
):
    first, second = closed(title="One"), ada.open(title="Two")
    agent.post(f"/tickets/{site.key}/{second['number']}/merger", number="1")
    ada.put(f"/tickets/{first['id']}/closure")
    keep(tickets=2)
    sleep(days=4)
    assert numbers() == []
    rolling.recount(sites.find_site(site.key))
    counts = "SELECT sum(opened), sum(closed), sum(reopened), sum(gone) FROM figure_day"
    assert query(counts) == [(1, 2, 1, 0)]
