"""Serving: one command in front of granian, which answered fastest of all we measured."""

import errno
import os
import signal
import socket
import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.log import LOGGING_CONFIG, LogLevels
from granian.server.mp import MPServer, WorkerProcess

from .config import PREFIX, ConfigurationError

#: Where several processes leave their counters for each other; prometheus-client reads it.
COUNTERS = "PROMETHEUS_MULTIPROC_DIR"

#: Seconds a process may take to finish what it is answering when it is told to end.
LAST_ANSWERS = 30

#: Connections that wait while nobody takes them.
BACKLOG = 1_024

#: The first file systemd hands over, see sd_listen_fds(3).
HANDED = 3


def run(settings: dict[str, Any], application: str = "widget_server.wsgi:application") -> None:
    """Serve until told to stop: SIGTERM ends, SIGHUP starts new processes and then ends the old.

    ``application`` names what builds it, as `module:function`.
    """
    with tempfile.TemporaryDirectory(prefix="ventanilla-") as counters:
        os.register_at_fork(after_in_child=_end_while_loading)
        if settings["PROCESSES"] > 1:
            os.environ.setdefault(COUNTERS, counters)
        _server(application, settings, listeners(settings)).serve()


def _end_while_loading() -> None:
    """Have a new process end at once when told to, until it listens for that itself.

    It would keep the main process's handler, which does nothing in it, and load on unmoved.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def listeners(settings: dict[str, Any]) -> list[socket.socket]:
    """Return the sockets to take connections from, which hand down how they send."""
    processes = settings["PROCESSES"]
    opened = _handed(processes) or _own(settings["HOST"], settings["PORT"], processes)
    for listener in opened:
        # Else the second half of an answer waits, 40 ms at worst, for word of the first.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _handed(processes: int) -> list[socket.socket]:
    """Return the sockets systemd has opened for us, if any.

    Connections wait in them while one server ends and the next one starts.
    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    number = int(os.environ.get("LISTEN_FDS", "0"))
    if number > processes:
        raise ConfigurationError(
            f"{PREFIX}PROCESSES: systemd hands over {number} sockets, and {processes} would take"
            " from them; write so many processes or fewer ListenStream"
        )
    return [socket.socket(fileno=HANDED + nth) for nth in range(number)]


def _own(host: str, port: int, processes: int) -> list[socket.socket]:
    """Return one socket for each process, among which the kernel shares out the connections.

    Of a single one whoever wakes first takes all that are there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        first = socket.create_server((host, port), family=family, backlog=BACKLOG)
        if processes == 1:
            return [first]
        # That one found the port free; those that share it would also share it with a stranger.
        first.close()
        return [
            socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=True)
            for _ in range(processes)
        ]
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


class Kept(MPServer):
    """The main process keeps every socket open, so that no connection is lost with the process
    that would have taken it; granian's own close with theirs."""

    listeners: list[socket.socket]

    def _init_shared_socket(self) -> None:
        self._ssp = None

    def _spawn_worker(  # type: ignore[override]
        self, idx: int, target: Any, callback_loader: Any
    ) -> WorkerProcess:
        own = self.listeners[idx % len(self.listeners)]
        self._sso, self._sfd = own, own.fileno()  # type: ignore[assignment]
        self._shd = SocketHolder(own.fileno(), False, BACKLOG)  # type: ignore
        others = [each for each in self.listeners if each is not own]
        load = partial(_leave, others, callback_loader)
        return super()._spawn_worker(idx, target, load)  # type: ignore[no-untyped-call]

    def _drop_shared_socket(self) -> None:
        for listener in self.listeners:
            listener.close()


def _leave(others: list[socket.socket], load: Callable[[], Any]) -> Any:
    """Load the application in a new process, which has no say in when the others' sockets close."""
    for listener in others:
        listener.close()
    return load()


def _server(application: str, settings: dict[str, Any], listeners: list[socket.socket]) -> Kept:
    server = Kept(
        application,
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
    server.listeners = listeners
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
