"""A Redis of our own on a free port, with nothing on disk: what it held is gone when it is."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import redis

from .servers import Part, free_port, wait_until


class RedisServer(Part):
    """Debian's redis-server."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> "RedisServer":
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("Redis is missing: apt-get install redis-server")
        place = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", tempfile.gettempdir())
        kept = ("--save", "", "--appendonly", "no")
        self.run(program, *place, *kept, log=Path(os.devnull))
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
