"""Serving: one command in front of granian, which answered fastest of all we measured."""

import errno
import os
import signal
import socket
import tempfile
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.log import LOGGING_CONFIG, LogLevels
from granian.server.mp import MPServer

from .config import PREFIX, ConfigurationError

#: Where several processes leave their counters for each other; prometheus-client reads it.
COUNTERS = "PROMETHEUS_MULTIPROC_DIR"

#: Seconds a process may take to finish what it is answering when it is told to end.
LAST_ANSWERS = 30

#: Connections that wait while nobody takes them.
BACKLOG = 1_024

#: The first file systemd hands over, see sd_listen_fds(3).
HANDED = 3


def run(settings: dict[str, Any]) -> None:
    """Serve until told to stop: SIGTERM ends, SIGHUP starts new processes and then ends the old."""
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as counters:
        os.register_at_fork(after_in_child=_end_while_loading)
        if settings["PROCESSES"] > 1:
            os.environ.setdefault(COUNTERS, counters)
        with _listener(settings["HOST"], settings["PORT"]) as listener:
            _server(settings, listener).serve()


def _end_while_loading() -> None:
    """Have a new process end at once when told to, until it listens for that itself.

    It would keep the main process's handler, which does nothing in it, and load on unmoved.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _listener(host: str, port: int) -> socket.socket:
    """Return the socket systemd has opened for us, or one of our own.

    With systemd's, connections wait in it while one server ends and the next one starts.
    """
    if os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS") == "1":
        return socket.socket(fileno=HANDED)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise ConfigurationError(_refused(host, port, error)) from error


def _refused(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"{PREFIX}PORT: {port} is taken on {host}; end what listens there or use another"
        case errno.EACCES:
            return f"{PREFIX}PORT: {port} is for root alone; use one from 1024 up, behind a proxy"
        case _:
            return f"{PREFIX}HOST: {host} is no address of this machine; 0.0.0.0 listens on all"


class Shared(MPServer):
    """All processes take connections from one socket, so that none is lost with the process that
    would have taken it; granian's own are one for each process."""

    listener: socket.socket

    def _init_shared_socket(self) -> None:
        self._ssp, self._sso = None, self.listener
        self._sfd = self.listener.fileno()  # type: ignore[assignment]
        self._shd = SocketHolder(self._sfd, False, BACKLOG)  # type: ignore


def _server(settings: dict[str, Any], listener: socket.socket) -> Shared:
    server = Shared(
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
    server.listener = listener
    return server


def _logging(form: str) -> dict[str, Any]:
    """Have granian's own lines look like ours."""
    ours = {"()": "widget_server.logs.formatter", "form": form}
    theirs: dict[str, Any] = dict(LOGGING_CONFIG)
    console = {**theirs["handlers"]["console"], "stream": "ext://sys.stderr"}
    return theirs | {
        "formatters": theirs["formatters"] | {"generic": ours},
        "handlers": theirs["handlers"] | {"console": console},
    }
