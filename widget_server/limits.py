"""Too much, too fast: counted per visitor where one is known, else per address.

Acts are limited where they are declared; reads by one wide limit in front of Flask, which costs a
tenth of asking the extension for every request.
"""

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter, RequestLimit
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from .errors import from_http

#: Any request of one caller: twenty a second, over a minute.
WIDE = RateLimitItemPerMinute(1_200)

#: A bearer token's signature: enough to tell callers apart, useless to act with.
SIGNATURE = 43


def caller_key() -> str:
    """Return the signature of the bearer token or, without one, the address."""
    return _key(request.environ)


def address_key() -> str:
    return request.remote_addr or "unknown"


def _key(environ: dict[str, Any]) -> str:
    token = environ.get("HTTP_AUTHORIZATION", "")
    return token[-SIGNATURE:] if token.startswith("Bearer ") else environ.get("REMOTE_ADDR", "")


class Throttled(TooManyRequests):
    """A limit was reached; ``retry_after`` is how many seconds it lasts."""

    description = "Too many requests. Wait a moment."

    def __init__(self, limit: RequestLimit) -> None:
        super().__init__(self.description)
        self.retry_after = max(1, int(limit.reset_at - time.time()) + 1)  # type: ignore[assignment]


def on_breach(limit: RequestLimit) -> Response:
    """Return the answer: what is raised here, the extension would swallow with storage errors."""
    return from_http(Throttled(limit))


limiter = Limiter(
    key_func=caller_key, headers_enabled=False, swallow_errors=True, on_breach=on_breach
)


class WideLimit:
    """WSGI middleware: answers 429 to a caller past :data:`WIDE`."""

    def __init__(self, app: Callable[..., Iterable[bytes]], strategy: Any) -> None:
        self._app, self._strategy = app, strategy

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        key = _key(environ)
        if environ["PATH_INFO"].startswith("/api/") and not self._strategy.hit(WIDE, key):
            return self._refuse(key, start)
        return self._app(environ, start)

    def _refuse(self, key: str, start: Callable[..., Any]) -> Iterable[bytes]:
        wait = max(1, int(self._strategy.get_window_stats(WIDE, key).reset_time - time.time()) + 1)
        error = {"code": "rate_limited", "message": Throttled.description, "retry_after": wait}
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
    app.config["RATELIMIT_STORAGE_URI"] = app.config["RATE_LIMIT_URL"]
    limiter.init_app(app)
    app.wsgi_app = WideLimit(  # type: ignore
        app.wsgi_app, FixedWindowRateLimiter(limiter.storage)
    )
