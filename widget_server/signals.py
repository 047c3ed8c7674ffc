"""Words between processes: there is work, something changed. Heard at once, and never relied on.

A word is a hint that spares waiting for the next look; whoever misses one looks a moment later all
the same. Words travel by Redis's publish and subscribe, in threads of their own, so that no request
waits for Redis. Without Redis, or while it is away, only this process hears them.
"""

import logging
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

log = logging.getLogger(__name__)

CHANNEL = "ventanilla"

#: Seconds between tries while Redis is away, and until an answer counts as none.
RETRY, PATIENCE = 1.0, 3.0

#: Words remembered with how often they were heard; a forgotten one counts as news.
REMEMBERED = 10_000

Act = Callable[[], object]


class Bus:
    """One process's ear and mouth."""

    def __init__(self, url: str) -> None:
        import redis

        self._redis = redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, health_check_interval=5
        )
        self._away: tuple[type[Exception], ...] = (redis.RedisError, OSError)
        self._told: SimpleQueue[str | None] = SimpleQueue()
        self._stop = threading.Event()
        self.hears = threading.Event()
        self._threads = [
            threading.Thread(target=act, name=f"signals-{act.__name__}", daemon=True)
            for act in (self._speak, self._listen)
        ]
        for thread in self._threads:
            thread.start()

    def tell(self, word: str) -> None:
        self._told.put(word)

    def close(self) -> None:
        self._stop.set()
        self._told.put(None)
        for thread in self._threads:
            thread.join(timeout=10)
        self._redis.close()

    def _speak(self) -> None:
        while (word := self._told.get()) is not None:
            try:
                self._redis.publish(CHANNEL, word)
            except self._away:
                self._drop()

    def _drop(self) -> None:
        """What was said meanwhile is old when Redis is back: everybody has looked by then."""
        self._stop.wait(RETRY)
        while not self._told.empty():
            if self._told.get() is None:
                self._told.put(None)
                return

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as ear:
                    ear.subscribe(CHANNEL)
                    self._hear_all(ear)
            except self._away as error:
                if self.hears.is_set():
                    log.warning("Redis is away; processes look by themselves meanwhile: %s", error)
                self.hears.clear()
                self._stop.wait(RETRY)

    def _hear_all(self, ear: Any) -> None:
        while not self._stop.is_set():
            message = ear.get_message(timeout=PATIENCE / 2)
            if not self.hears.is_set() and ear.subscribed:
                _forget()  # Words were missed while nobody listened.
                self.hears.set()
            if message is not None:
                _hear(message["data"].decode())


class Heard:
    """What this process has heard, however it came."""

    bus: Bus | None = None
    acts: defaultdict[str, list[Act]] = defaultdict(list)
    counts: OrderedDict[str, int] = OrderedDict()
    total = missed = 0


_lock = threading.Lock()


def connect(url: str) -> None:
    """Talk to other processes through the Redis at ``url``; with none, only to this one."""
    disconnect()
    Heard.bus = Bus(url) if url else None


def disconnect() -> None:
    if Heard.bus is not None:
        Heard.bus.close()
    Heard.bus = None


def on(word: str, act: Act) -> None:
    """Call ``act`` whenever the word is heard; it must not take long."""
    Heard.acts[word].append(act)


def tell(word: str) -> None:
    """Say a word to every process, this one first. Call it once what it is about is on disk."""
    _hear(word)
    if Heard.bus is not None:
        Heard.bus.tell(word)


def listening() -> bool:
    """Are the words of other processes heard now?"""
    return Heard.bus is not None and Heard.bus.hears.is_set()


def count(*words: str) -> tuple[int, ...]:
    """Return numbers that differ from before if one of the words was heard, or may have been."""
    with _lock:
        return (Heard.missed, *(Heard.counts.get(word, 0) for word in words))


def _hear(word: str) -> None:
    with _lock:
        Heard.total += 1
        Heard.counts[word] = Heard.total
        Heard.counts.move_to_end(word)
        if len(Heard.counts) > REMEMBERED:
            Heard.counts.popitem(last=False)
    # Most words are of one request each: asking must not leave a place for them.
    for act in Heard.acts.get(word, ()):
        act()


def _forget() -> None:
    with _lock:
        Heard.missed += 1
