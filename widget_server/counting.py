"""How often something was done within a window of time: counted in memory, or together in Redis."""

import threading
import time
from typing import NamedTuple

#: Seconds between two looks for windows that are over.
SWEEP = 60

UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}


class Bound(NamedTuple):
    """So much, within so many seconds."""

    amount: int
    seconds: int


def bounds(text: str) -> list[Bound]:
    """Read ``"20 per minute; 200 per day"``."""
    words = (each.split() for each in text.split(";"))
    return [Bound(int(amount), UNITS[unit]) for amount, _, unit in words]


class Memory:
    """Windows that begin with their first count, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[int, float]] = {}
        self._sweep_at = 0.0

    def add(self, key: str, seconds: int) -> tuple[int, float]:
        """Count one; return how many there are, and seconds until the window ends."""
        now = time.time()
        with self._lock:
            count, ends = self._windows.get(key, (0, 0.0))
            # One that ends later than it could is of a clock that was put back.
            if not now < ends <= now + seconds:
                count, ends = 0, now + seconds
            self._windows[key] = count + 1, ends
            if not self._sweep_at - SWEEP <= now < self._sweep_at:
                self._sweep(now)
            return count + 1, ends - now

    def _sweep(self, now: float) -> None:
        self._windows = {key: kept for key, kept in self._windows.items() if kept[1] > now}
        self._sweep_at = now + SWEEP

    def __len__(self) -> int:
        return len(self._windows)


#: Count and end of the window in one step, so that none is left without an end.
ADD = """
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {count, left}
"""


class Shared:
    """The same for all processes that ask one Redis. ``away``: what it raises if that is gone."""

    def __init__(self, url: str, patience: float) -> None:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self._redis = redis.Redis.from_url(
            url,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            # Once more, for a connection that was closed meanwhile; whoever asks waits for it.
            retry=Retry(NoBackoff(), 1),
        )
        self._add = self._redis.register_script(ADD)
        self.away: tuple[type[Exception], ...] = (redis.RedisError, OSError)

    def add(self, key: str, seconds: int) -> tuple[int, float]:
        """As :meth:`Memory.add` does. Raises one of ``away``."""
        count, left = self._add(keys=[f"ventanilla:{key}"], args=[seconds * 1_000])
        return int(count), left / 1_000
