"""Work that will be done: kept with its transaction, claimed once, tried again, given up."""

import subprocess
import threading
from pathlib import Path

import pytest

from widget_server import jobs
from widget_server.database import db, transaction
from widget_server.jobs import Job

from ..support.servers import wait_until


@pytest.fixture
def done(app, monkeypatch):
    calls = []
    monkeypatch.setitem(jobs._handlers, "test.work", lambda **payload: calls.append(payload))
    return calls


def test_a_job_is_lost_with_its_transaction(done):
    def broken():
        with transaction():
            jobs.enqueue("test.work", n=1)
            raise KeyError

    with pytest.raises(KeyError):
        broken()
    assert jobs.run_due() == 0
    jobs.enqueue("test.work", n=2)
    assert jobs.run_due() == 1
    assert done == [{"n": 2}]
    assert Job.select().count() == 0


def test_what_was_given_up_keeps_nobody_from_asking_anew(done):
    jobs.enqueue("test.work", unique_key="one", n=1)
    Job.update(dead_at="2026-01-01T00:00:00.000000Z").execute()
    jobs.enqueue("test.work", unique_key="one", n=2)
    assert jobs.run_due() == 1
    assert done == [{"n": 2}]


def test_a_unique_key_is_queued_once(done):
    for _ in range(3):
        jobs.enqueue("test.work", unique_key="one")
    assert jobs.run_due() == 1


def test_a_dead_workers_job_is_taken_up(clock, done):
    jobs.enqueue("test.work", n=1)
    assert jobs.claim("dies") is not None
    assert jobs.claim("other") is None
    clock.pass_(seconds=jobs.LEASE_SECONDS + 1)
    assert jobs.run_due() == 1
    assert done == [{"n": 1}]


def test_a_failing_job_waits_longer_and_stays_when_dead(clock, app, monkeypatch):
    def fail():
        raise RuntimeError("away")

    monkeypatch.setitem(jobs._handlers, "test.fail", fail)
    jobs.enqueue("test.fail")
    waits = []
    for _ in range(jobs.MAX_ATTEMPTS):
        assert jobs.run_due() == 1
        row = Job.get()
        waits.append(row.run_at)
        clock.pass_(seconds=jobs.BACKOFF_LONGEST * 2)
    assert row.dead_at is not None
    assert row.last_error == "RuntimeError: away"
    assert jobs.run_due() == 0
    assert waits == sorted(waits)


def test_two_workers_do_each_job_once(done):
    for number in range(30):
        jobs.enqueue("test.work", n=number)

    def work(name):
        try:
            jobs.run_due(name)
        finally:
            db.close()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(call["n"] for call in done) == list(range(30))


def test_jobs_of_one_moment_are_done_in_the_order_they_were_queued(clock, done):
    for n in range(3):
        jobs.enqueue("test.work", n=n)
    first, at = Job.select(Job.id, Job.run_at).order_by(Job.id).tuples().first()
    for moment in ("2000", at):  # A row that was changed may lie behind the others.
        Job.update(run_at=moment).where(Job.id == first).execute()
    jobs.run_due()
    assert done == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_schedules_are_queued_once_however_many_workers_start(app):
    jobs.schedule()
    jobs.schedule()
    assert Job.select().count() == len(jobs._schedules)


def test_a_lease_of_a_process_that_was_killed_is_taken_back_even_before_it_is_collected(app):
    jobs.enqueue("test.lease")
    dead = subprocess.Popen(["sleep", "60"])
    dead.kill()
    machine = jobs.here().rpartition("/")[0]
    assert jobs.claim(f"{machine}/{dead.pid}#a") is not None
    assert jobs.claim("another") is None
    stat = Path(f"/proc/{dead.pid}/stat")
    wait_until(lambda: stat.read_text().split(")")[1].split()[0] == "Z", "its end")
    jobs.reclaim()
    assert jobs.claim("another") is not None
    dead.wait()


def test_a_lease_of_a_process_that_lives_is_left_alone(app):
    jobs.enqueue("test.lease")
    assert jobs.claim(f"{jobs.here()}#a") is not None
    jobs.reclaim()
    assert jobs.claim("another") is None
