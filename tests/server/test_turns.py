"""Short requests run one by one, and nobody who waits for the disk holds the others up."""

import threading
from io import BytesIO

import pytest

from widget_server import turns
from widget_server.database import db, execute, insert, query, transaction
from widget_server.identity.models import UsedToken


def environ(path="/api/v1/tickets", body=b"", **more):
    length = {"CONTENT_LENGTH": str(len(body))} if body else {}
    return {"PATH_INFO": path, "wsgi.input": BytesIO(body), **length, **more}


def test_no_two_short_requests_run_at_once():
    inside, most, guard = 0, 0, threading.Lock()
    start = threading.Barrier(4)

    def app(env, _):
        nonlocal inside, most
        with guard:
            inside += 1
            most = max(most, inside)
        threading.Event().wait(0.002)  # Long enough for another thread to come in.
        with guard:
            inside -= 1
        return [b""]

    served = turns.Turns(app)

    def ask():
        start.wait()
        for _ in range(10):
            served(environ(), None)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


@pytest.mark.parametrize("path", ["/files/x", "/console", "/api/v1/attachments", "/health"])
def test_what_may_take_long_goes_beside(path):
    entered = threading.Event()

    def app(env, _):
        entered.set()
        return [b""]

    with turns.turn():
        other = threading.Thread(target=turns.Turns(app), args=(environ(path), None))
        other.start()
        assert entered.wait(5)
    other.join()


def test_a_body_that_is_too_long_is_read_outside_a_turn():
    seen = []
    app = turns.Turns(lambda env, _: seen.append(getattr(turns._mine, "held", False)) or [b""])
    app(environ(CONTENT_LENGTH=str(turns.LONGEST_BODY + 1)), None)
    app(environ(HTTP_TRANSFER_ENCODING="chunked"), None)
    app(environ(CONTENT_LENGTH="-1"), None)
    app(environ(body=b"{}"), None)
    assert seen == [False, False, False, True]


def test_a_commit_lets_others_on_and_takes_the_turn_back(app):
    held = []
    with turns.turn():
        with turns.lent() as let_others_on:
            let_others_on()
            held.append(turns._turn.acquire(timeout=5))
            turns._turn.release()
        held.append(turns._mine.held)
        assert not turns._turn.acquire(blocking=False)
    assert held == [True, True]
    assert turns._turn.acquire(blocking=False)
    turns._turn.release()


def write_and_fail(site):
    with transaction():
        insert(UsedToken, site_id=site.id, jti="x", expires_at="2026")
        raise ZeroDivisionError


def test_a_failed_transaction_keeps_the_turn_and_frees_the_writers(app, site):
    with turns.turn():
        with pytest.raises(ZeroDivisionError):
            write_and_fail(site)
        assert turns._mine.held
        with transaction():
            assert query("SELECT count(*) FROM used_token")[0][0] == 0
            execute("DELETE FROM used_token")
    assert not db.in_transaction()
