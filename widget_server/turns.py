"""Short requests take turns instead of wrestling for the interpreter.

SQLite lets go of the interpreter's lock at every statement, a few microseconds long; with several
threads each of those hands the interpreter to another thread and waits to get it back. Eight
threads answered half as many requests as one. So threads stay, for what is slow (files coming in,
mail going out), and requests that only read and write a few rows run one after the other. Whoever
waits, for the disk above all, lets the others on meanwhile.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

#: Requests that touch rows and nothing else. What calls another server must not be among them.
SHORT = tuple(f"/api/v1/{name}" for name in ("sessions", "site", "tickets", "updates"))

#: A body longer than this is read as it comes, outside a turn.
LONGEST_BODY = 1 << 20

_turn = threading.Lock()
_mine = threading.local()


@contextmanager
def lent() -> Iterator[Callable[[], None]]:
    """Yield a function that lets other threads on; after the block the turn is taken back."""
    given = False

    def give() -> None:
        nonlocal given
        if getattr(_mine, "held", False):
            given, _mine.held = True, False
            _turn.release()

    try:
        yield give
    finally:
        if given:
            _turn.acquire()
            _mine.held = True


@contextmanager
def turn() -> Iterator[None]:
    """Run alone among those that take turns."""
    with _turn:
        _mine.held = True
        try:
            yield
        finally:
            _mine.held = False


class Turns:
    """WSGI middleware: the requests of :data:`SHORT`, one at a time."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(SHORT) or not _received(environ):
            return self._app(environ, start)
        with turn():
            return self._app(environ, start)


def _received(environ: dict[str, Any]) -> bool:
    """Read the body, which may come slowly, before the turn; False if it is too long for that."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if environ.get("HTTP_TRANSFER_ENCODING") or not length.isdecimal():
        return False
    if length != "0":
        if int(length) > LONGEST_BODY:
            return False
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
    return True
