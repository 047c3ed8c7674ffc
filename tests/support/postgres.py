"""A PostgreSQL cluster of our own, in a temporary folder, gone when the tests are."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from .servers import free_port, wait_until

ROLE = "ventanilla"


def binaries() -> Path:
    """Return the folder of the newest installed version, or say what to install."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    on_path = shutil.which("initdb")
    if not found and on_path:
        found = [Path(on_path)]
    if not found:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
    return found[-1].parent


class Cluster:
    """An empty server. Without ``durable`` it trades what a power cut would lose for speed."""

    def __init__(self, *, durable: bool = False) -> None:
        # Not pytest's folder: that one is closed to the user postgres has to run as.
        self.folder = Path(tempfile.mkdtemp(prefix="ventanilla-pg-"))
        self.port, user = free_port(), _user()
        #: Without a database name.
        self.url = f"postgresql://{ROLE}@127.0.0.1:{self.port}"
        if user:
            shutil.chown(self.folder, user, user)
        self._data = self.folder / "data"
        _run("initdb", "-A", "trust", "-U", ROLE, "-E", "UTF8", "--no-locale", "-N", "-D", self._data)  # fmt: skip
        sync = "on" if durable else "off"
        settings = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder,
            "fsync": sync, "full_page_writes": sync, "max_connections": 100,
            "shared_buffers": "32MB",
            # Statistics taken in passing would leave a plan to chance.
            "autovacuum": sync,
        }  # fmt: skip
        self._options = [
            part for name, value in settings.items() for part in ("-c", f"{name}={value}")
        ]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Cluster":
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [binaries() / "postgres", "-D", self._data, "-p", str(self.port), *self._options],
                stdout=log, stderr=log, cwd="/", start_new_session=True, **_who(),
            )  # fmt: skip
        wait_until(self._answers, "PostgreSQL")
        return self

    def _answers(self) -> bool:
        try:
            psycopg.connect(f"{self.url}/postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """End it as a crash does; what it had answered is in its log."""
        self._end(signal.SIGKILL)
        # Its children notice by themselves; until then its memory counts as in use.
        wait_until(lambda: not _children(self._data), "the end of PostgreSQL")

    def stop(self) -> None:
        self._end(signal.SIGQUIT)

    def _end(self, number: int) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(timeout=30)
            self.process = None

    def remove(self) -> None:
        shutil.rmtree(self.folder)

    def create(self, name: str) -> str:
        """Make an empty, unmigrated database and return its URL."""
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        return f"{self.url}/{name}"


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Yield the URL of an empty server, without a database name."""
    server = Cluster(durable=durable).start()
    try:
        yield server.url
    finally:
        server.stop()
        server.remove()


def _children(data: Path) -> bool:
    """Does a process of the server in this folder still run?"""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cwd").resolve() == data and _state(folder) != "Z":
                return True
        except OSError:
            continue
    return False


def _state(folder: Path) -> str:
    return (folder / "stat").read_text().rpartition(")")[2].split()[0]


def _run(program: str, *arguments: str | Path) -> None:
    done = subprocess.run(
        [binaries() / program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        check=False,
        **_who(),
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stdout}")


def _who() -> dict[str, Any]:
    # PostgreSQL refuses to run as root.
    user = _user()
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def _user() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


def _version(initdb: Path) -> int:
    name = initdb.parent.parent.name
    return int(name) if name.isdigit() else 0
