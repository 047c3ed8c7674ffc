"""Servers in process groups of their own: started, waited for, measured, ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(folder: Path, port: int) -> dict[str, str]:
    return {
        "VENTANILLA_SECRET_KEY": "benchmark-" * 4,
        "VENTANILLA_DATABASE_URL": f"sqlite:///{folder}/tickets.db",
        "VENTANILLA_FILES_DIR": f"{folder}/files",
        "VENTANILLA_SERVER_URL": f"http://127.0.0.1:{port}",
        "VENTANILLA_PORT": str(port),
        "VENTANILLA_LOG_LEVEL": "warning",
    }


@contextmanager
def running(
    module: str, *arguments: str, url: str, environment: Mapping[str, str]
) -> Iterator[tuple[int, float]]:
    """Run a module until the block ends; yield its group and the seconds to its first 200."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env=_inherited() | {**environment, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        _wait(url, process)
        yield process.pid, time.perf_counter() - begun
    finally:
        _end(process)


def resident(group: int) -> float:
    """Return the resident megabytes of every process in the group; shared pages count each time."""
    total = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if os.getpgid(int(folder.name)) == group:
                pages = int((folder / "statm").read_text().split()[1])
                total += pages * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            continue  # It ended meanwhile.
    return total / 1_000_000


def _inherited() -> dict[str, str]:
    """Our environment, less what would make each start compile every module anew."""
    unwanted = {"PYTHONDONTWRITEBYTECODE"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in unwanted and not name.startswith("VENTANILLA_")
    }


def _end(process: "subprocess.Popen[bytes]") -> None:
    for kind in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, kind)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                continue


def _wait(url: str, process: "subprocess.Popen[bytes]", patience: float = 30) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.01)
    raise RuntimeError(f"{url} did not answer")
