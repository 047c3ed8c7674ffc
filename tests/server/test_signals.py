"""Several processes and Redis: they wake one another, and do without it when it is away."""

import logging
import os
import signal
import threading
import time
from collections import OrderedDict

import pytest
import redis

from widget_server import counting, doctor, jobs, limits, signals
from widget_server.console import live
from widget_server.desk import presence
from widget_server.signals import Bus
from widget_server.tickets.models import Ticket

from ..support.redis import RedisServer
from ..support.servers import wait_until


@pytest.fixture(scope="module")
def redis_process():
    server = RedisServer().start()
    yield server
    server.kill()


@pytest.fixture
def redis_server(redis_process):
    if redis_process.process is None:
        redis_process.start()
    with redis.Redis.from_url(redis_process.url) as client:
        client.flushall()
    return redis_process


@pytest.fixture
def here(redis_server):
    """This process listens."""
    signals.connect(redis_server.url)
    wait_until(signals.listening, "words")
    yield signals
    signals.disconnect()


@pytest.fixture
def elsewhere(redis_server):
    """The mouth of another process."""
    bus = Bus(redis_server.url)
    wait_until(bus.hears.is_set, "the other process")
    yield bus
    bus.close()


def test_a_worker_elsewhere_is_woken_at_once(here, elsewhere):
    jobs.wake.clear()
    elsewhere.tell("jobs")
    begun = time.monotonic()
    assert jobs.wake.wait(timeout=10)
    assert time.monotonic() - begun < 1


def test_what_is_queued_here_is_heard_elsewhere(app, here, redis_server):
    heard = []
    with redis.Redis.from_url(redis_server.url) as client, client.pubsub() as ear:
        ear.subscribe(signals.CHANNEL)
        wait_until(lambda: redis_server.listeners() == 2, "both ears")
        jobs.enqueue("test.work")
        wait_until(lambda: heard.append(ear.get_message(timeout=1)) or "jobs" in said(heard), "it")


def said(messages):
    return [each["data"].decode() for each in messages if each and each["type"] == "message"]


def test_without_redis_only_this_process_hears():
    signals.connect("")
    jobs.wake.clear()
    before = signals.count("jobs")
    signals.tell("jobs")
    assert jobs.wake.is_set()
    assert signals.count("jobs") != before
    assert not signals.listening()


def test_while_redis_is_away_nothing_waits_and_its_return_counts_as_news(
    here, elsewhere, redis_server, caplog
):
    before = signals.count("ticket:a")
    redis_server.kill()
    wait_until(lambda: not signals.listening(), "the loss")
    begun = time.monotonic()
    for _ in range(100):
        signals.tell("jobs")
    assert time.monotonic() - begun < signals.RETRY
    redis_server.start()
    wait_until(signals.listening, "its return")
    assert signals.count("ticket:a") != before
    assert len([each for each in caplog.records if "Redis is away" in each.message]) <= 2
    wait_until(elsewhere.hears.is_set, "the other process")
    jobs.wake.clear()
    wait_until(lambda: elsewhere.tell("jobs") or jobs.wake.wait(0.2), "a word again")


def test_what_was_missed_counts_as_news_before_anybody_is_said_to_listen(monkeypatch, redis_server):
    made, hearing = threading.Event(), []

    def forget():
        made.wait(10)
        hearing.append(bus.hears.is_set())

    monkeypatch.setattr(signals, "_forget", forget)
    bus = Bus(redis_server.url)
    made.set()
    wait_until(bus.hears.is_set, "words")
    bus.close()
    assert hearing == [False]


def test_words_that_were_forgotten_count_as_news(monkeypatch):
    monkeypatch.setattr(signals, "REMEMBERED", 2)
    monkeypatch.setattr(signals.Heard, "counts", OrderedDict())
    signals.tell("first")
    before = signals.count("first")
    for word in ("second", "third"):
        signals.tell(word)
    assert signals.count("first") != before


def test_a_page_asks_every_second_and_is_looked_up_when_something_was_heard(
    app, here, elsewhere, agent, ada, site, monkeypatch
):
    ada.open()
    page = agent.get(f"/tickets/{site.key}/1")
    pulse = page.text.partition('id="ticket-pulse" hx-get="')[2].partition('"')[0]
    assert 'hx-trigger="every 1s"' in page.text.partition('id="ticket-pulse"')[2][:400]
    looked = []
    monkeypatch.setattr(
        "widget_server.console.routes.ticket.live_mark", lambda found: looked.append(1) or "same"
    )
    monkeypatch.setattr(live, "LOOK", 3_600)
    pulse = pulse.removeprefix("/console").partition("mark=")[0] + "mark=same"
    for _ in range(3):
        assert agent.get(pulse).status_code == 204
    assert len(looked) == 1
    before = signals.count(f"ticket:{Ticket.get().id}")
    elsewhere.tell(f"ticket:{Ticket.get().id}")
    wait_until(lambda: signals.count(f"ticket:{Ticket.get().id}") != before, "the word")
    assert agent.get(pulse).status_code == 204
    assert len(looked) == 2
    monkeypatch.setattr(live, "LOOK", 0)
    assert agent.get(pulse).status_code == 204
    assert len(looked) == 3


def test_without_redis_a_page_asks_as_always_and_is_looked_up_each_time(
    app, agent, ada, site, monkeypatch
):
    ada.open()
    page = agent.get(f"/tickets/{site.key}/1").text
    assert 'hx-trigger="every 3s"' in page
    assert "every 4s" in agent.get("/").text
    looked = []
    monkeypatch.setattr(
        "widget_server.console.routes.ticket.live_mark", lambda found: looked.append(1) or "same"
    )
    for _ in range(2):
        agent.get(f"/tickets/{site.key}/1/pulse?mark=same")
    assert len(looked) == 2


def test_who_comes_or_begins_to_write_is_told_and_who_stays_is_not(clock, ada, ines):
    ada.open()
    ticket = Ticket.get()
    word, agent_id = f"ticket:{ticket.id}", int(ines.id)

    def tells(**beat):
        before = signals.count(word)
        presence.beat(ticket, agent_id, **beat)
        return signals.count(word) != before

    assert tells(writing=False)
    clock.pass_(seconds=5)
    assert not tells(writing=False)
    assert tells(writing=True)
    clock.pass_(seconds=presence.GONE + 1)
    assert tells(writing=True)


def test_limits_are_counted_together_in_redis(redis_server):
    here, there = (limits.Limiter(redis_server.url) for _ in range(2))
    assert [each.hit(counting.bounds("2 per minute")[0], "a") > 0 for each in (here, there, here)] == [False, False, True]  # fmt: skip


def test_while_redis_is_away_limits_are_counted_alone_with_one_warning(
    redis_server, caplog, monkeypatch
):
    counter = limits.Limiter(redis_server.url)
    limit = counting.bounds("3 per minute")[0]
    assert counter.hit(limit, "b") == 0
    redis_server.kill()
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(limits, "RETRY", 0)
    waits = [counter.hit(limit, "b") for _ in range(4)]
    assert waits[:3] == [0, 0, 0]
    assert 1 <= waits[3] <= 61
    assert [each.message for each in caplog.records if "alone" in each.message] != []
    assert len([each for each in caplog.records if "alone" in each.message]) == 1
    redis_server.start()
    assert [counter.hit(limit, "b") > 0 for _ in range(4)] == [False, False, False, True]


def test_while_redis_hangs_requests_wait_for_it_once(monkeypatch, redis_server):
    monkeypatch.setattr(limits, "RETRY", 3_600)
    counter, waits = limits.Limiter(redis_server.url), []
    limit, ask = counting.bounds("100 per minute")[0], counter._shared.add
    assert counter.hit(limit, "c") == 0
    monkeypatch.setattr(counter._shared, "add", lambda *of: waits.append(of) or ask(*of))
    os.kill(redis_server.process.pid, signal.SIGSTOP)
    try:
        for _ in range(20):
            assert counter.hit(limit, "c") == 0
        assert len(waits) == 1
    finally:
        os.kill(redis_server.process.pid, signal.SIGCONT)


@pytest.fixture
def with_redis(settings, redis_server):
    settings |= {"REDIS_URL": redis_server.url, "RATE_LIMIT_URL": redis_server.url}
    yield redis_server
    signals.disconnect()


def test_a_request_is_answered_while_redis_is_away(with_redis, ada):
    with_redis.kill()
    assert ada.open()["number"] == 1
    assert ada.get("/tickets").status_code == 200


def test_the_doctor_asks_redis(redis_server):
    assert doctor._signals({"REDIS_URL": redis_server.url}) == "Redis answers"
    assert "by themselves" in doctor._signals({"REDIS_URL": ""})
    redis_server.kill()
    with pytest.raises(redis.ConnectionError):
        doctor._signals({"REDIS_URL": redis_server.url})


def test_words_that_were_heard_long_ago_take_no_room(monkeypatch):
    monkeypatch.setattr(signals, "REMEMBERED", 10)
    heard = signals.Heard
    kept = len(heard.acts)
    for number in range(len(heard.counts) + 100):
        signals.tell(f"ticket:{number}")
    assert len(heard.acts) == kept
    before = len(heard.counts)
    for number in range(100):
        signals.tell(f"another:{number}")
    assert len(heard.counts) <= before
