"""A receiver of webhooks on this machine: verifies for itself, fails, stalls or redirects at will."""

import base64
import contextlib
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class Call:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    raw: bytes
    at: float

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> bool:
        """Check as the standard says, with nothing of ours."""
        key = base64.b64decode(secret.split("_", 1)[1])
        stamp = self.headers["webhook-timestamp"]
        assert abs(self.at - int(stamp)) < 300
        signed = b".".join((self.id.encode(), stamp.encode(), self.raw))
        wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        given = [each.split(",", 1) for each in self.headers["webhook-signature"].split(" ")]
        return ["v1", wanted] in given


@pytest.fixture
def receiver() -> Iterator["Receiver"]:
    running = Receiver()
    yield running
    running.stop()


class Receiver:
    """Answers with ``answers``, the last one for ever: a status, or "stall", "drip", "huge",
    "linger": the head at once, and never all of the rest."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: list[Any] = [204]
        self.headers: dict[str, str] = {}
        self.over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                names = {name.lower(): value for name, value in self.headers.items()}
                outer.calls.append(Call(self.path, names, raw, time.time()))
                answers = outer.answers
                outer.answer(self, answers.pop(0) if len(answers) > 1 else answers[0])

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, handler: Any, what: Any) -> None:
        if what == "stall":
            self.over.wait(30)
            return
        with contextlib.suppress(OSError):
            if what == "drip":
                for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 10_000:
                    handler.wfile.write(bytes([byte]))
                    handler.wfile.flush()
                    if self.over.wait(0.02):
                        return
            if what == "linger":
                head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                handler.wfile.write(head + b"4\r\nsoon\r\n")
                self.over.wait(30)
                return
            body = b"x" * 10_000_000 if what == "huge" else b"said <b>so</b>"
            handler.send_response(200 if what == "huge" else what)
            for name, value in self.headers.items():
                handler.send_header(name, value)
            if what != 204:
                handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            if what != 204:
                handler.wfile.write(body)

    def stop(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
