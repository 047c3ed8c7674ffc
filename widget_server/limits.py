"""Too much, too fast: counted per visitor where one is known, else per address.

Acts are limited where they are declared; everything else by one wide limit in front of Flask. The
counters are the ``limits`` library's, in memory or in Redis.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, request
from limits import RateLimitItem, RateLimitItemPerMinute, parse_many
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from .errors import RateLimited

log = logging.getLogger(__name__)

#: Any request of one caller: twenty a second, over a minute.
WIDE = RateLimitItemPerMinute(1_200)

#: A bearer token's signature: enough to tell callers apart, useless to act with.
SIGNATURE = 43

View = TypeVar("View", bound=Callable[..., Any])


#: Seconds until a storage that did not answer is asked again, and until an answer counts as none.
RETRY, PATIENCE = 2.0, 0.5


class Limiter:
    """Counters that never take the site down: while Redis is away, each process counts alone."""

    def __init__(self, url: str) -> None:
        self.enabled = True
        self._alone = FixedWindowRateLimiter(MemoryStorage())
        self._shared: FixedWindowRateLimiter | None = None
        if not url.startswith("memory"):
            waits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
            storage = storage_from_string(url, wrap_exceptions=True, **waits)
            self._shared = FixedWindowRateLimiter(storage)
        self._away_until, self._warned = 0.0, False

    def hit(self, limit: RateLimitItem, *keys: str) -> int:
        """Count one and return how many seconds to wait before the next; 0 while allowed."""
        return self._ask(FixedWindowRateLimiter.hit, limit, keys)

    def wait(self, limit: RateLimitItem, *keys: str) -> int:
        """Return how many seconds to wait, counting nothing."""
        return self._ask(FixedWindowRateLimiter.test, limit, keys)

    def _ask(self, question: Any, limit: RateLimitItem, keys: tuple[str, ...]) -> int:
        if not self.enabled:
            return 0
        if self._shared is not None and time.monotonic() >= self._away_until:
            try:
                wait = _wait(self._shared, question, limit, keys)
            except StorageError as error:
                self._away_until = time.monotonic() + RETRY
                if not self._warned:
                    log.warning("Redis is away; each process counts its limits alone: %s", error)
                self._warned = True
            else:
                self._warned = False
                return wait
        return _wait(self._alone, question, limit, keys)


def _wait(
    counted: FixedWindowRateLimiter, question: Any, limit: RateLimitItem, keys: tuple[str, ...]
) -> int:
    if question(counted, limit, *keys):
        return 0
    reset = counted.get_window_stats(limit, *keys).reset_time
    return max(1, int(reset - time.time()) + 1)


def limiter() -> Limiter:
    """Return the running application's counters."""
    found: Limiter = current_app.extensions["limits"]
    return found


def caller_key() -> str:
    """Return the signature of the bearer token or, without one, the address."""
    return _key(request.environ)


def address_key() -> str:
    return request.remote_addr or "unknown"


def _key(environ: dict[str, Any]) -> str:
    token = environ.get("HTTP_AUTHORIZATION", "")
    return token[-SIGNATURE:] if token.startswith("Bearer ") else environ.get("REMOTE_ADDR", "")


def limited(text: str, by: Callable[[], str] = caller_key) -> Callable[[View], View]:
    """Let a view be called so often by whom ``by`` names: ``"20 per minute; 200 per day"``.

    Raises :exc:`RateLimited` with ``retry_after`` in whole seconds.
    """
    bounds = parse_many(text)

    def decorate(view: View) -> View:
        name = f"{view.__module__}.{view.__qualname__}"

        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            who = by()
            wait = max([limiter().hit(bound, name, who) for bound in bounds])
            if wait:
                raise RateLimited(retry_after=wait)
            return view(*args, **kwargs)

        return counted  # type: ignore[return-value]

    return decorate


class WideLimit:
    """WSGI middleware: answers 429 to a caller past :data:`WIDE`."""

    def __init__(self, app: Callable[..., Iterable[bytes]], counters: Limiter) -> None:
        self._app, self._counters = app, counters

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/api/"):
            wait = self._counters.hit(WIDE, _key(environ))
            if wait:
                return _refuse(wait, start)
        return self._app(environ, start)


def _refuse(wait: int, start: Callable[..., Any]) -> Iterable[bytes]:
    error = {"code": RateLimited.code, "message": RateLimited.message, "retry_after": wait}
    body = json.dumps({"error": error}).encode()
    start(
        "429 Too Many Requests",
        [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Expose-Headers", "Retry-After"),
            ("Retry-After", str(wait)),
        ],
    )
    return [body]


def init_app(app: Flask) -> None:
    counters = Limiter(app.config["RATE_LIMIT_URL"])
    app.extensions["limits"] = counters
    app.wsgi_app = WideLimit(app.wsgi_app, counters)  # type: ignore
