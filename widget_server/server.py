"""Serving: one command in front of granian, which answered fastest of all we measured."""

from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server


def run(settings: dict[str, Any]) -> None:
    """Serve until told to stop."""
    Server(
        "widget_server.wsgi:application",
        address=settings["HOST"],
        port=settings["PORT"],
        interface=Interfaces.WSGI,
        workers=settings["PROCESSES"],
        blocking_threads=settings["THREADS"],
        factory=True,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()
