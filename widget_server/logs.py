"""Logs: one JSON object a line, with the request's id and nothing about persons."""

import json
import logging
import sys

from flask import g, has_request_context, request

from .clock import stamp
from .ids import new_id

#: Paths that carry a signed token are logged without it.
SECRET_PATHS = ("/files/", "/t/")


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": stamp(),
            "level": record.levelname.lower(),
            "from": record.name,
            "text": record.getMessage(),
        }
        if has_request_context():
            line |= {"request": request_id(), "path": public_path(request.path)}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def public_path(path: str) -> str:
    for prefix in SECRET_PATHS:
        if path.startswith(prefix):
            return f"{prefix}…"
    return path


def configure(level: str, form: str) -> None:
    """Send our logs to standard error in the chosen form; called once by the command line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JSONFormatter()
        if form == "json"
        else logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    )
    logger = logging.getLogger(__package__)
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False


def request_id() -> str:
    """Return the running request's name, made up when it is first asked for."""
    if "request_id" not in g:
        g.request_id = new_id()
    return str(g.request_id)
