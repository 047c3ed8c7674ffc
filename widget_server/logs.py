"""Logs: one JSON object a line, with the request's id and nothing about persons.

What people wrote reaches a log by three ways: an address, an argument, an exception's own words.
So a request is logged by its route's template, an exception by its kind and place, and anything
that looks like a mail address is left out of every line.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Callable
from typing import Any

from .clock import stamp
from .ids import REQUEST_ID, new_id

#: The header in which a request's id comes and goes.
HEADER = "X-Request-Id"

#: An id that came with a request is used if it is one: no spaces, no addresses, not endless.
USABLE_ID = re.compile(r"[A-Za-z0-9._=-]{8,64}")

ADDRESS = re.compile(r"[^\s<>@\"'(,;:]+@[^\s<>@\"'),;:]+")

#: Errors of machines, whose words are the machine's: "database is locked", "disk full".
OF_MACHINES = "OperationalError"


#: What a line says of the running request. The parent of the server's processes logs too, and shall
#: not load a framework for it.
_told: list[Callable[[], dict[str, str]]] = [dict]


def tell(about: Callable[[], dict[str, str]]) -> None:
    """Add what ``about`` returns to every line from now on."""
    _told[:] = [about]


class Discreet(logging.Formatter):
    """Writes exceptions without their words and texts without addresses."""

    def formatException(self, ei: Any) -> str:
        return trace(ei[1])

    def format(self, record: logging.LogRecord) -> str:
        return ADDRESS.sub("…@…", super().format(record))


class JSONFormatter(Discreet):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": stamp(),
            "level": record.levelname.lower(),
            "from": record.name,
        }
        access = getattr(record, "access", None)
        if access is not None:
            line |= access
        else:
            line["text"] = record.getMessage()
            line |= _told[-1]()
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return ADDRESS.sub("…@…", json.dumps(line, ensure_ascii=False))


def reason(error: BaseException) -> str:
    """Return an error's kind, and its words only where no person can have written them."""
    kind = type(error).__name__
    if isinstance(error, OSError) and error.errno is not None:
        return f"{kind}: {error.strerror}"
    return f"{kind}: {error}" if kind == OF_MACHINES else kind


def trace(error: BaseException | None) -> str:
    """Return where an error came from, and what caused it, oldest first."""
    parts: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.insert(0, f"{frames}{reason(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nwhich led to\n\n".join(parts)


def configure(level: str, form: str) -> None:
    """Send all logs to standard error in the chosen form; called once by the command line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(form))
    logger = logging.getLogger(__package__)
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False
    # What libraries have to say comes in the same form.
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def formatter(form: str) -> logging.Formatter:
    """Return what writes the lines: ``json`` or ``text``."""
    if form == "json":
        return JSONFormatter()
    return Discreet("%(asctime)s %(levelname)-7s %(name)s: %(message)s")


def request_id(environ: dict[str, Any]) -> str:
    """Return the running request's id: the one it came with, or one made up when first asked."""
    known: str | None = environ.get(REQUEST_ID)
    if known is None:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        known = environ[REQUEST_ID] = given if USABLE_ID.fullmatch(given) else new_id()
    return known
