"""A Redis of our own on a free port, with nothing on disk: what it held is gone when it is."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile

import redis

from .servers import free_port, wait_until


class RedisServer:
    """Debian's redis-server in a process group of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "RedisServer":
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("Redis is missing: apt-get install redis-server")
        place = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", tempfile.gettempdir()]
        self.process = subprocess.Popen(
            [program, *place, "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        wait_until(self._answers, "Redis")
        return self

    def _answers(self) -> bool:
        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
            return bool(client.ping())
        return False

    def listeners(self) -> int:
        """Return how many processes listen for words."""
        with redis.Redis.from_url(self.url) as client:
            return int(client.pubsub_numsub("ventanilla")[0][1])

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=15)
            self.process = None
