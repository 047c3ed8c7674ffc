"""Clocks jump: a virtual machine wakes, a time server corrects. Jobs and sessions bear it."""

import pytest

from widget_server import jobs
from widget_server.clock import parse, stamp, utcnow
from widget_server.jobs import Job

from ..support.visitor import open_session


@pytest.fixture
def done(app, monkeypatch):
    calls = []
    monkeypatch.setitem(jobs._handlers, "test.work", lambda: calls.append(stamp()))
    return calls


@pytest.mark.parametrize("days", [1, 400])
def test_schedules_go_on_after_a_clock_that_ran_ahead_was_put_right(clock, app, days):
    jobs.schedule()
    clock.pass_(days=days)
    for _ in range(len(jobs._schedules)):
        jobs.perform(jobs.claim("worker"))
    clock.pass_(days=-days)
    jobs.straighten()
    for job in Job.select():
        kind = job.unique_key.removeprefix("schedule:")
        wait = (parse(job.run_at) - utcnow()).total_seconds()
        assert wait <= max(jobs._schedules[kind], jobs.BACKOFF_LONGEST) * 2, kind


def test_a_schedule_of_the_ordinary_kind_is_left_as_it_is(clock, app):
    jobs.schedule()
    for _ in range(len(jobs._schedules)):
        jobs.perform(jobs.claim("worker"))
    before = [(job.id, job.run_at) for job in Job.select().order_by(Job.id)]
    jobs.straighten()
    assert [(job.id, job.run_at) for job in Job.select().order_by(Job.id)] == before


def test_a_lease_from_the_future_does_not_hold_a_job_for_days(clock, done):
    jobs.enqueue("test.work")
    clock.pass_(days=3)
    assert jobs.claim("a worker that dies, on another machine") is not None
    clock.pass_(days=-3)
    assert jobs.claim("another") is None
    jobs.straighten()
    clock.pass_(seconds=jobs.LEASE_SECONDS + 1)
    assert jobs.run_due() == 1
    assert len(done) == 1


def test_work_that_was_due_is_done_once_after_a_jump_ahead(clock, done):
    jobs.enqueue("test.work", delay=60)
    assert jobs.run_due() == 0
    clock.pass_(days=30)
    assert jobs.run_due() == 1
    assert jobs.run_due() == 0


@pytest.mark.parametrize("hours", [-12, -1, 1, 11])
def test_a_users_session_bears_a_jump(clock, ada, hours):
    ticket = ada.open()
    clock.pass_(hours=hours)
    assert ada.get(f"/tickets/{ticket['id']}").status_code == 200


@pytest.mark.parametrize("hours", [-23, 24])
def test_a_visitors_session_and_with_it_their_history_bears_a_jump(clock, visitor, hours):
    visitor.open()
    clock.pass_(hours=hours)
    assert len(visitor.get("/tickets").json["tickets"]) == 1


def test_a_session_from_far_in_the_future_is_refused(clock, visitor):
    clock.pass_(days=-2)
    assert visitor.get("/tickets").status_code == 401


def test_an_agent_stays_signed_in_over_a_jump(clock, agent):
    for hours in (-30, 60, -30):
        clock.pass_(hours=hours)
        assert agent.get("/inbox").status_code in (200, 302, 303, 404)
        assert "sign-in" not in agent.get("/mail").headers.get("Location", "")


def test_new_sessions_open_whatever_the_clock_did(clock, client, site):
    for hours in (-30, 60):
        clock.pass_(hours=hours)
        assert open_session(client, site).status_code == 201
