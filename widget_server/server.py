"""Serving: one command in front of granian, which answered fastest of all we measured."""

import os
import tempfile
from typing import Any

from granian.constants import Interfaces
from granian.log import LOGGING_CONFIG, LogLevels
from granian.server import Server

#: Where several processes leave their counters for each other; prometheus-client reads it.
COUNTERS = "PROMETHEUS_MULTIPROC_DIR"

#: Seconds a process may take to finish what it is answering when it is told to end.
LAST_ANSWERS = 30


def run(settings: dict[str, Any]) -> None:
    """Serve until told to stop: SIGTERM ends, SIGHUP starts new processes and then ends the old."""
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as counters:
        if settings["PROCESSES"] > 1:
            os.environ.setdefault(COUNTERS, counters)
        _server(settings).serve()


def _server(settings: dict[str, Any]) -> Server:
    return Server(
        "widget_server.wsgi:application",
        address=settings["HOST"],
        port=settings["PORT"],
        interface=Interfaces.WSGI,
        workers=settings["PROCESSES"],
        blocking_threads=settings["THREADS"],
        factory=True,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=_logging(settings["LOG_FORMAT"]),
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_ANSWERS,
    )


def _logging(form: str) -> dict[str, Any]:
    """Have granian's own lines look like ours."""
    ours = {"()": "widget_server.logs.formatter", "form": form}
    console = {**LOGGING_CONFIG["handlers"]["console"], "stream": "ext://sys.stderr"}
    return LOGGING_CONFIG | {
        "formatters": LOGGING_CONFIG["formatters"] | {"generic": ours},
        "handlers": LOGGING_CONFIG["handlers"] | {"console": console},
    }
