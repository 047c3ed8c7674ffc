"""PostgreSQL as the one database of many processes: starting, claiming, waiting, coming back."""

import os
import subprocess
import sys
import threading
import time

import pytest

from widget_server import database, jobs, migrations
from widget_server.app import create_app
from widget_server.jobs import Job
from widget_server.sites import service as sites

from ..support.databases import disconnect
from ..support.postgres import Cluster
from ..support.servers import ROOT, wait_until
from ..support.visitor import ORIGIN, Visitor, open_session, sign

SECRET = "test-secret-test-secret-test-secret-0"


@pytest.fixture(scope="module")
def server():
    made = Cluster().start()
    yield made
    disconnect()
    made.stop()
    made.remove()


@pytest.fixture
def empty(server, request):
    """The address of an empty database."""
    yield server.create(request.node.name[:60])
    disconnect()


@pytest.fixture
def desk(empty, tmp_path):
    """An application on a PostgreSQL that can be stopped, and somebody at its window."""
    app = create_app({"SECRET_KEY": [SECRET], "DATABASE_URL": empty, "FILES_DIR": tmp_path})
    site, key = sites.add_site(name="Shop", origins=[ORIGIN])
    client = app.test_client()
    ada = Visitor(client, open_session(client, site, sign(key, sub="ada")).json)
    database.release()
    return client, site, ada


def test_processes_that_start_at_once_migrate_in_turn(empty):
    environment = os.environ | {
        "VENTANILLA_SECRET_KEY": SECRET,
        "VENTANILLA_DATABASE_URL": empty,
        "PYTHONPATH": str(ROOT),
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "widget_server.cli", "migrate"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    said = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    assert sorted(text.count("applied 0001_start") for text in said) == [0, 0, 1]
    assert sum("nothing to do" in text for text in said) == 2
    assert migrations.pending(database.connect(empty)) == []


def test_of_what_is_asked_together_nothing_is_waited_for_before_all_is_asked(desk):
    with database.together():
        asked = [database.execute("SELECT ?::int", number) for number in range(5)]
        assert [cursor.rowcount for cursor in asked] == [-1] * 5, "no answer yet"
    assert [cursor.fetchall() for cursor in asked] == [[(number,)] for number in range(5)]


def test_a_job_that_another_worker_holds_is_passed_over(desk):
    jobs.enqueue("test.work", n=1)
    jobs.enqueue("test.work", n=2)
    held, go = threading.Event(), threading.Event()

    def hold():
        with database.transaction():
            database.query("SELECT id FROM job ORDER BY run_at LIMIT 1 FOR UPDATE")
            held.set()
            go.wait(timeout=30)
        database.release()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(timeout=30)
    try:
        assert jobs.claim("second").payload == {"n": 2}
        assert jobs.claim("third") is None
    finally:
        go.set()
        holder.join()
    assert jobs.claim("fourth").payload == {"n": 1}


def test_a_schedule_fires_once_however_many_workers_look_at_once(desk, monkeypatch):
    fired = []
    monkeypatch.setattr(jobs, "_schedules", {"test.schedule": 3_600})
    monkeypatch.setitem(jobs._handlers, "test.schedule", lambda: fired.append(1))
    gate = threading.Barrier(5)

    def work(name):
        try:
            gate.wait(timeout=30)
            jobs.schedule()
            jobs.run_due(name)
        finally:
            database.release()

    for turn in range(1, 4):
        workers = [threading.Thread(target=work, args=(f"{n}",)) for n in range(5)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len(fired) == turn
        assert Job.select().count() == 1
        Job.update(run_at="2000").execute()


def test_a_worker_that_finished_too_late_does_not_put_off_the_schedule(desk, monkeypatch):
    monkeypatch.setattr(jobs, "_schedules", {"test.schedule": 3_600})
    monkeypatch.setitem(jobs._handlers, "test.schedule", lambda: None)
    jobs.schedule()
    slow = jobs.claim("slow")
    Job.update(lease_until="2000").execute()
    quick = jobs.claim("quick")
    jobs.perform(slow)
    assert Job.get().lease_until == quick.lease_until
    jobs.perform(quick)
    assert Job.get().lease_until is None


def test_a_statement_that_takes_too_long_is_ended(empty):
    database.connect(empty, timeout=1)
    begun = time.monotonic()
    with pytest.raises(database.lost(), match="statement timeout"):
        database.query("SELECT pg_sleep(20)")
    assert time.monotonic() - begun < 10
    database.release()


def test_migrations_may_take_longer_than_a_statement(empty, monkeypatch):
    opened = database.connect(empty, timeout=1)
    asked = []
    plain = migrations.Runner.up
    monkeypatch.setattr(
        migrations.Runner,
        "up",
        lambda self, *to: (
            asked.append(database.query("SHOW statement_timeout")) or plain(self, *to)
        ),
    )
    migrations.migrate(opened)
    assert asked == [[("0",)]]
    assert database.query("SHOW statement_timeout") == [("1s",)]


def test_after_a_restart_the_first_request_is_answered(desk, server):
    client, site, ada = desk
    assert ada.get("/tickets").status_code == 200
    server.kill()
    for answer in (ada.get("/tickets"), ada.get("/updates?since=0")):
        assert (answer.status_code, answer.json["error"]["code"]) == (503, "unavailable")
        assert answer.headers["Retry-After"] == "2"
    form = {"email": "ines@team.example", "password": "whatever it is"}
    told = client.post("/console/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert told.status_code == 503
    assert "nothing was lost" in told.text
    assert client.get(f"/help/{site.key}/").status_code == 503
    server.start()
    assert client.get(f"/help/{site.key}/").status_code in {200, 302, 303}
    assert ada.get("/tickets").status_code == 200
    assert ada.open()["number"] == 1


def test_a_restart_between_two_requests_is_not_noticed(desk, server):
    _, _, ada = desk
    assert ada.open()["number"] == 1
    server.kill()
    server.start()
    assert ada.open()["number"] == 2
    assert ada.get("/tickets").status_code == 200


def test_the_button_stays_on_pages_while_the_database_is_away(desk, server, monkeypatch):
    monkeypatch.setattr("widget_server.edge.FRESH", 0)
    client, site, _ = desk
    path = f"/w/{site.key}.js"
    before = client.get(path)
    server.kill()
    try:
        during = client.get(path)
        assert (during.status_code, during.data) == (200, before.data)
        assert client.get("/w/another.js").status_code == 503
    finally:
        server.start()
    assert client.get("/w/another.js").status_code == 404


def test_a_worker_takes_up_what_it_held_when_the_database_went(desk, server, monkeypatch):
    done, stop = [], threading.Event()
    monkeypatch.setattr(jobs, "_schedules", {})
    monkeypatch.setattr(jobs, "IDLE_SECONDS", 0.05)

    def fall():
        done.append(1)
        if len(done) == 1:
            server.kill()
            server.start()

    monkeypatch.setitem(jobs._handlers, "test.fall", fall)
    jobs.enqueue("test.fall")
    database.release()
    worker = threading.Thread(target=jobs.run_forever, args=(stop,))
    worker.start()
    try:
        wait_until(lambda: len(done) == 2 and nothing_left(), "the second try")
    finally:
        stop.set()
        jobs.wake.set()
        worker.join()


def nothing_left():
    try:
        return Job.select().count() == 0
    finally:
        database.release()


def test_a_process_waits_for_a_database_that_is_still_starting(empty, server):
    server.kill()
    opened = database.connect(empty)
    starter = threading.Timer(1, server.start)
    starter.start()
    migrations.migrate(opened)
    starter.join()
    assert migrations.pending(opened) == []
    database.release()


def test_a_wrong_name_is_told_at_once(server):
    begun = time.monotonic()
    with pytest.raises(database.lost(), match="does not exist"):
        migrations.migrate(database.connect(f"{server.url}/nowhere"))
    assert time.monotonic() - begun < 10
