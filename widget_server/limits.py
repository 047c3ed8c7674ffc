"""Too much, too fast: counted per visitor where one is known, else per address.

Acts are limited where they are declared; everything else by one wide limit in front of Flask.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, request

from .counting import Bound, Memory, Shared, bounds
from .errors import RateLimited

log = logging.getLogger(__name__)

#: Any request of one caller: twenty a second, over a minute.
WIDE = Bound(1_200, 60)

#: A bearer token's signature: enough to tell callers apart, useless to act with.
SIGNATURE = 43

View = TypeVar("View", bound=Callable[..., Any])


#: Seconds until a storage that did not answer is asked again, and until an answer counts as none.
RETRY, PATIENCE = 2.0, 0.5


class Limiter:
    """Counters that never take the site down: while Redis is away, each process counts alone."""

    def __init__(self, url: str) -> None:
        self.enabled = True
        self._alone = Memory()
        self._shared = None if url.startswith("memory") else Shared(url, PATIENCE)
        self._away_until, self._warned = 0.0, False

    def hit(self, bound: Bound, *keys: str) -> int:
        """Count one and return how many seconds to wait before the next; 0 while allowed."""
        if not self.enabled:
            return 0
        count, left = self._add("/".join((*keys, *map(str, bound))), bound.seconds)
        return 0 if count <= bound.amount else int(left) + 1

    def _add(self, key: str, seconds: int) -> tuple[int, float]:
        if self._shared is not None and time.monotonic() >= self._away_until:
            try:
                counted = self._shared.add(key, seconds)
            except self._shared.away as error:
                self._away_until = time.monotonic() + RETRY
                if not self._warned:
                    log.warning("Redis is away; each process counts its limits alone: %s", error)
                self._warned = True
            else:
                self._warned = False
                return counted
        return self._alone.add(key, seconds)


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
    return token[-SIGNATURE:] if token[:7].lower() == "bearer " else environ.get("REMOTE_ADDR", "")


def limited(text: str, by: Callable[[], str] = caller_key) -> Callable[[View], View]:
    """Let a view be called so often by whom ``by`` names: ``"20 per minute; 200 per day"``.

    Raises :exc:`RateLimited` with ``retry_after`` in whole seconds.
    """
    all_of = bounds(text)

    def decorate(view: View) -> View:
        name = f"{view.__module__}.{view.__qualname__}"

        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            who = by()
            wait = max([limiter().hit(bound, name, who) for bound in all_of])
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
