"""Real servers for tests: started on free ports, waited for, ended with all their children."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]

#: Below the range the kernel hands out by itself, so that no client socket takes it first; each
#: of the processes the tests run in has its own, so that none takes what another has just found.
PORTS = range(
    20_000 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")),
    32_000,
    int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")),
)

#: Who was given a port may not listen at it yet, or be away for a moment.
_given: set[int] = set()


def free_port() -> int:
    """Return a port nobody listens at, another one each time."""
    for port in random.sample(PORTS, 400):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _given:
            _given.add(port)
            return port
    raise RuntimeError("No free port.")


#: States of a socket: one that listens, one with somebody there, one whom that somebody has left.
LISTENING, CONNECTED, LEFT = "0A", "01", "08"


def sockets(port: int, *states: str) -> int:
    """Count the sockets there that are in one of these states; see proc(5), `/proc/net/tcp`."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] in states for row in rows)


class Part:
    """Something that runs in a process group of its own and can be killed."""

    process: "subprocess.Popen[bytes] | None" = None

    def run(self, *command: str | Path, log: Path, **options: Any) -> "subprocess.Popen[bytes]":
        with log.open("ab") as said:
            self.process = subprocess.Popen(
                command, **{"stdout": said, "stderr": said, "start_new_session": True} | options
            )
        return self.process

    def kill(self, number: int = signal.SIGKILL) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, number)
            # Reads to the end what it said, where somebody listens.
            self.process.communicate(timeout=30)
            group, self.process = self.process.pid, None
            # Its children end later than it does, and hold what it listened at and wrote to.
            wait_until(lambda: not lives(group), "the end of its children")


def lives(group: int) -> bool:
    """Does a thread of this group still run? What only waits to be collected does not."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # It has ended meanwhile.
            if int(_stat(process)[2]) == group and any(
                _stat(thread)[0] not in "ZX" for thread in (process / "task").iterdir()
            ):
                return True
    return False


def _stat(task: Path) -> list[str]:
    """Return state, parent and group of a process or thread; see proc(5)."""
    try:
        return (task / "stat").read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return ["X", "0", "0"]


class Ventanilla(Part):
    """`ventanilla serve`."""

    SECRET = "s" * 40

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.settings = {
            "SECRET_KEY": self.SECRET,
            "DATABASE_URL": f"sqlite:///{folder}/live.db",
            "FILES_DIR": str(folder / "files"),
            "SERVER_URL": self.url,
            "PORT": str(self.port),
            "LOG_FORMAT": "text",
            "PROOF_SECONDS": "0",
            "UNDO_SECONDS": "0",
            **settings,
        }

    @property
    def environment(self) -> Mapping[str, str]:
        ours = {f"VENTANILLA_{name}": value for name, value in self.settings.items()}
        return {**os.environ, **ours, "PYTHONPATH": str(ROOT)}

    def start(self) -> "Ventanilla":
        wait_for(f"{self.url}/health", self.command("serve"), self.log)
        return self

    def command(self, name: str) -> "subprocess.Popen[bytes]":
        program = (sys.executable, "-m", "widget_server.cli", name)
        return self.run(*program, log=self.log, env=self.environment)


def wait_until(condition: Callable[[], object], what: str, patience: float = 30) -> None:
    """Return once ``condition`` holds; fail naming ``what`` was waited for."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.03)
    raise RuntimeError(f"{what} did not come about in {patience:g} s")


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path, patience: float = 30) -> None:
    """Return once ``url`` answers; fail with the log when the process ends first."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.03)
    raise RuntimeError(f"{url} did not answer:\n{log.read_text()[-2000:]}")
