"""Every limit fires, and says for how long."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from widget_server import counting, limits

from ..support.visitor import open_session


def assert_throttled(answer):
    assert answer.status_code == 429
    error = answer.json["error"]
    assert error["code"] == "rate_limited"
    assert 1 <= error["retry_after"] <= 86_400
    assert answer.headers["Retry-After"] == str(error["retry_after"])


def until_refused(act, *, most):
    for turn in range(most + 1):
        answer = act(turn)
        if answer.status_code == 429:
            return answer, turn
    raise AssertionError("The limit never fired.")


def test_sessions_are_limited_by_address(client, site):
    answer, allowed = until_refused(lambda _: open_session(client, site), most=60)
    assert_throttled(answer)
    assert allowed == 60


def test_filing_is_limited_by_caller(visit, clock):
    visitor = visit()
    data = {"category": "help", "title": "t", "body": "b", "email": "a@x.example"}
    answer, allowed = until_refused(lambda _: visitor.post("/tickets", **data), most=20)
    assert_throttled(answer)
    assert allowed == 20
    assert visit().post("/tickets", **data).status_code == 201


def test_replies_are_limited_by_caller(clock, ada):
    path = f"/tickets/{ada.open()['id']}/messages"
    answer, allowed = until_refused(lambda _: ada.post(path, body="x"), most=60)
    assert_throttled(answer)
    assert allowed == 60


def test_files_are_limited_by_caller(clock, ada):
    answer, allowed = until_refused(lambda _: ada.upload("a.txt", b"hello"), most=60)
    assert_throttled(answer)
    assert allowed == 60


def test_reading_is_limited_in_front_of_everything(clock, ada):
    wide = limits.WIDE.amount
    answer, allowed = until_refused(lambda _: ada.get("/updates?since=0"), most=wide)
    assert_throttled(answer)
    assert allowed <= wide
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.fixture
def counted(clock):
    return counting.Memory()


def test_bounds_are_read_as_they_are_written():
    assert counting.bounds("20 per minute; 200 per day") == [(20, 60), (200, 86_400)]


def test_a_window_begins_with_its_first_count_and_ends_on_time(counted, clock):
    assert counted.add("a", 60) == (1, 60)
    clock.pass_(seconds=59)
    assert counted.add("a", 60) == (2, 1)
    assert counted.add("b", 60) == (1, 60)
    clock.pass_(seconds=1)
    assert counted.add("a", 60) == (1, 60)


def test_windows_that_are_over_take_no_room(counted, clock):
    for number in range(100):
        counted.add(f"caller {number}", 60)
    clock.pass_(seconds=counting.SWEEP + 1)
    counted.add("another", 60)
    assert len(counted) == 1


def test_a_clock_that_is_put_back_locks_nobody_out(counted, clock):
    counted.add("a", 60)
    clock.pass_(seconds=-86_400)
    assert counted.add("a", 60) == (1, 60)


def test_no_count_is_lost_between_threads():
    counted = counting.Memory()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: counted.add("a", 3_600), range(2_000)))
    assert counted.add("a", 3_600)[0] == 2_001
