"""A PostgreSQL cluster of our own, in a temporary folder, gone when the tests are."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .servers import free_port

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


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Yield the URL of an empty server, without a database name. Without ``durable`` it trades
    what a power cut would lose for speed."""
    # Not pytest's folder: that one is closed to the user postgres has to run as.
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-pg-"))
    port, user = free_port(), _user()
    if user:
        shutil.chown(folder, user, user)
    data, log = folder / "data", folder / "log"
    _run("initdb", "-A", "trust", "-U", ROLE, "-E", "UTF8", "--no-locale", "-N", "-D", data)
    sync = "on" if durable else "off"
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        f" -c fsync={sync} -c full_page_writes={sync} -c max_connections=100 -c shared_buffers=32MB"
    )
    _run("pg_ctl", "-w", "-D", data, "-l", log, "-o", options, "start")
    try:
        yield f"postgresql://{ROLE}@127.0.0.1:{port}"
    finally:
        _run("pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _run(program: str, *arguments: str | Path) -> None:
    # PostgreSQL refuses to run as root.
    user = _user()
    who = {"user": user, "group": user, "extra_groups": []} if user else {}
    done = subprocess.run(
        [binaries() / program, *arguments],
        stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        check=False,
        **who,
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stdout}")


def _user() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


def _version(initdb: Path) -> int:
    name = initdb.parent.parent.name
    return int(name) if name.isdigit() else 0
