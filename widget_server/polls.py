"""Nothing new, answered before Flask is asked.

Every open panel asks ``/updates`` every few seconds, and nearly always the answer is 304. That
answer needs the token, one indexed read and nothing else; anything beyond it goes on to the view.
"""

from collections.abc import Callable, Iterable
from typing import Any

from .database import release
from .identity.service import find_caller
from .identity.tokens import Tokens

PREFIX = "/api/v1/updates"


class QuietPolls:
    """WSGI middleware in front of ``GET /api/v1/updates?since=CURSOR``."""

    def __init__(self, app: Callable[..., Iterable[bytes]], tokens: Tokens, ttl: int) -> None:
        self._app, self._tokens, self._ttl = app, tokens, ttl

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        asked = environ.get("QUERY_STRING", "")
        if (
            environ["PATH_INFO"] != PREFIX
            or environ["REQUEST_METHOD"] != "GET"
            or not asked.startswith("since=")
            or "HTTP_IF_NONE_MATCH" in environ
        ):
            return self._app(environ, start)
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        try:
            cursor = find_caller(self._tokens.read(token, ttl=self._ttl)).cursor
        except Exception:
            return self._app(environ, start)  # The view says what is wrong.
        finally:
            release()
        if asked != f"since={cursor}":
            return self._app(environ, start)
        start(
            "304 Not Modified",
            [
                ("Cache-Control", "no-store"),
                ("Access-Control-Allow-Origin", "*"),
            ],
        )
        return [b""]
