"""Too much, too fast: counted per visitor where one is known, else per address."""

from typing import Any

from flask import Flask, request
from flask_limiter import Limiter, RequestLimit
from werkzeug.exceptions import TooManyRequests

#: Anything not limited more tightly: 20 requests a second, over a minute.
DEFAULT = "1200 per minute"


def caller_key() -> str:
    """Return the bearer token's end (its signature) or, without one, the address."""
    token = request.headers.get("Authorization", "")
    return token[-43:] if token.startswith("Bearer ") else address_key()


def address_key() -> str:
    return request.remote_addr or "unknown"


class Throttled(TooManyRequests):
    """A limit was reached; ``retry_after`` is how many seconds it lasts."""

    description = "Too many requests. Wait a moment."

    def __init__(self, limit: RequestLimit) -> None:
        import time

        super().__init__(self.description)
        self.retry_after = max(1, int(limit.reset_at - time.time()))  # type: ignore[assignment]


limiter = Limiter(
    key_func=caller_key,
    default_limits=[DEFAULT],
    headers_enabled=False,
    swallow_errors=True,
    on_breach=lambda limit: on_breach(limit),
)


def init_app(app: Flask) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = app.config["RATE_LIMIT_URL"]
    limiter.init_app(app)


def on_breach(limit: Any) -> None:
    raise Throttled(limit)
