"""`python -m tests.support.hookserver PORT FILE`: a receiver of webhooks to be killed; what it took
is in a file."""

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .receiver import Call
from .servers import ROOT, Part, free_port, wait_until


class HookServer(Part):
    """That receiver."""

    def __init__(self, folder: Path) -> None:
        self.port, self._path = free_port(), folder / "calls"
        self.url = f"http://127.0.0.1:{self.port}/hook"

    def start(self) -> "HookServer":
        program = (sys.executable, "-m", "tests.support.hookserver")
        where = (str(self.port), str(self._path))
        process = self.run(
            *program, *where, log=self._path.with_suffix(".log"), stdout=subprocess.PIPE, cwd=ROOT
        )
        assert process.stdout is not None
        wait_until(process.stdout.readline, "the receiver of webhooks")
        return self

    def calls(self) -> list[Call]:
        """Return what was taken; a line that a kill cut short was never acknowledged."""
        lines = self._path.read_bytes().split(b"\n")[:-1] if self._path.exists() else []
        return [Call("/hook", told["headers"], told["raw"].encode(), told["at"]) for told in map(json.loads, lines)]  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    """A call is on disk before it is acknowledged."""

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        at = int(headers["webhook-timestamp"])
        line = json.dumps({"headers": headers, "raw": raw, "at": at}).encode() + b"\n"
        taken: int = self.server.taken  # type: ignore[attr-defined]
        # One write each: lines of several threads do not mix.
        os.write(taken, line)
        os.fsync(taken)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def main() -> None:
    port, path = int(sys.argv[1]), Path(sys.argv[2])
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.taken = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)  # type: ignore[attr-defined]
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
