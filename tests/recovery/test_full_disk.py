"""The disk is full: callers are told to come again, nothing is half-written, and it passes.

SQLite is given as many pages as it has; files are given a size limit of the operating system's.
"""

import resource
import signal

import pytest

from widget_server import jobs
from widget_server.attachments.models import Attachment
from widget_server.attachments.service import Files
from widget_server.database import db, query
from widget_server.jobs import Job

from ..support.databases import disconnect
from .test_kill import PNG

TABLES = ("ticket", "message", "event", "job", "mail", "idempotency", "ticket_search")


@pytest.fixture
def full(app, ada):
    """Let the database grow no more, and back again."""
    ((pages,),) = query("PRAGMA page_count")
    ((most,),) = query("PRAGMA max_page_count")
    # A few pages are left, so that a transaction fails in its middle rather than at its start.
    query(f"PRAGMA max_page_count = {pages + 4}")
    yield lambda: query(f"PRAGMA max_page_count = {most}")
    query(f"PRAGMA max_page_count = {most}")


@pytest.fixture
def database_url(tmp_path, sqlite_supply):
    yield sqlite_supply.fresh(tmp_path)
    disconnect()


@pytest.fixture
def counts():
    def read():
        return {name: query(f"SELECT count(*) FROM {name}")[0][0] for name in TABLES}

    return read


def test_a_full_database_answers_507_and_keeps_nothing_of_what_it_refused(full, ada, counts):
    refused, data = None, {"category": "help", "title": "Long", "body": "x" * 9_000}
    for _ in range(20):
        before = counts()
        answer = ada.post("/tickets", "the-key-of-this", **data)
        if answer.status_code != 201:
            refused = answer
            break
        data["title"] += "er"
        ada.post("/tickets", f"filler-{data['title']}", **data)
    assert refused is not None
    assert refused.status_code == 507
    assert refused.json["error"]["code"] == "storage_full"
    assert refused.headers["Retry-After"] == "30"
    assert counts() == before, "nothing is half-written"
    assert ada.get("/tickets").status_code == 200, "what is there can be read"
    full()
    again = ada.post("/tickets", "the-key-after-it", **data)
    assert again.status_code == 201, "and it passes by itself"
    assert query("PRAGMA integrity_check") == [("ok",)]


def test_the_worker_bears_a_full_database(full, app):
    for number in range(3):
        jobs.enqueue("test.nothing", n=number)
    done = []
    jobs._handlers["test.nothing"] = lambda n: done.append(n)
    try:
        full()
        jobs.run_due()
    finally:
        del jobs._handlers["test.nothing"]
    assert done == [0, 1, 2]
    assert Job.select().where(Job.kind == "test.nothing").count() == 0


@pytest.fixture
def small_files():
    """Let this process write no file larger than 256 kB, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def limit(size):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_file_that_finds_no_room_is_refused_and_leaves_nothing(ada, small_files):
    db.close()
    ada.upload("first.png", PNG)
    small_files(300_000)
    answer = ada.upload("large.txt", b"a line of text\n" * 40_000)
    small_files(resource.RLIM_INFINITY)
    assert answer.status_code == 507
    assert answer.json["error"] == {
        "code": "storage_full",
        "message": "There is no room left here to keep this. Try again in a few minutes.",
        "retry_after": 30,
    }
    assert Attachment.select().count() == 1
    assert list(Files.storage.incoming.iterdir()) == []
    assert ada.upload("again.png", PNG).status_code == 201
