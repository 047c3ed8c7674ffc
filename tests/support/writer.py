"""An OpenAI-compatible server on loopback that streams, stalls, errs, lies and cuts off."""

import json
import math
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-loopback"


class FakeWriter:
    """Says ``says`` in small pieces, in the ``mood`` a test gives it."""

    def __init__(self) -> None:
        self.says = ""
        #: streams · whole · stalls · stalls_midway · errs · errs_midway · cuts_off · too_long ·
        #: babbles · elsewhere · refuses_limits · nonsense
        self.mood = "streams"
        #: Of vectors: tells · shorter · not_a_number · nothing · too_few · drips
        self.tells = "tells"
        #: Texts that hold one of these words mean the same as those that hold another of its group.
        self.groups: list[tuple[str, ...]] = []
        self.asked: list[dict[str, Any]] = []
        self.embedded: list[str] = []
        self.keys: list[str | None] = []
        self.let_go = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> "FakeWriter":
        self._thread.start()
        return self

    def stop(self) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def given(self) -> dict[str, Any]:
        """Return the question and the sources the model was last given."""
        return dict(json.loads(self.asked[-1]["messages"][-1]["content"]))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        writer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                writer.asked.append(body)
                writer.keys.append(self.headers["Authorization"])
                about = self.path.endswith("/embeddings")
                with suppress(OSError):  # The listener may have heard enough.
                    (writer._embed if about else writer._answer)(self, body)

        return Handler

    def _answer(self, to: Any, body: dict[str, Any]) -> None:
        if self.mood == "stalls":
            self.let_go.wait(30)
            return None
        if self.mood == "errs":
            return _plain(to, 503, {"error": {"message": "The model is overloaded."}})
        if self.mood == "refuses_limits" and "max_tokens" in body:
            return _plain(to, 400, {"error": {"message": "Unsupported parameter: max_tokens"}})
        if self.mood == "elsewhere":
            to.send_response(307)
            to.send_header("Location", self.url + "/elsewhere")
            to.end_headers()
            return None
        if self.mood == "whole":
            return _plain(to, 200, {"choices": [{"message": {"content": self.says}}]})
        to.send_response(200)
        to.send_header("Content-Type", "text/event-stream")
        to.end_headers()
        return self._stream(to)

    def _embed(self, to: Any, body: dict[str, Any]) -> None:
        self.embedded += body["input"]
        if self.mood == "stalls":
            self.let_go.wait(30)
            return None
        if self.mood == "errs":
            return _plain(to, 503, {"error": {"message": "The model is overloaded."}})
        if self.tells == "drips":
            to.send_response(200)
            to.end_headers()
            while not self.let_go.wait(0.05):
                to.wfile.write(b" ")
            return None
        rows = [
            {"index": at, "embedding": self._vector(text)} for at, text in enumerate(body["input"])
        ]
        return _plain(to, 200, {"data": rows[1:] if self.tells == "too_few" else rows})

    def _vector(self, text: str) -> list[float]:
        """Return a number for each group of words, for those that are in the text."""
        said = text.lower()
        own = [0.1 + sum(word in said for word in group) for group in self.groups]
        noise = [0.01 * math.sin(len(said) * at) for at in range(8)]
        return {
            "shorter": [*own, *noise][:-1],
            "not_a_number": [*own, *noise, math.nan][1:],
            "nothing": [0.0] * (len(own) + 8),
        }.get(self.tells, [*own, *noise])

    def _stream(self, to: Any) -> None:
        if self.mood == "nonsense":
            to.wfile.write(b"data: {]\n\n")
            return
        if self.mood == "babbles":
            while not self.let_go.is_set():
                _send(to, "Nothing of this has a source. " * 40)
        _send(to, None, role="assistant")
        to.wfile.write(b": keep-alive\n\n")
        half = len(self.says) // 2
        for at in range(0, len(self.says), 7):
            if at >= half and self.mood == "stalls_midway":
                self.let_go.wait(30)
                return
            if at >= half and self.mood == "errs_midway":
                to.wfile.write(b'data: {"error": {"message": "out of memory"}}\n\n')
                return
            if at >= half and self.mood == "cuts_off":
                return
            _send(to, self.says[at : at + 7])
        _send(to, None, end="length" if self.mood == "too_long" else "stop")
        to.wfile.write(b"data: [DONE]\n\n")


def _send(to: Any, text: str | None, *, role: str | None = None, end: str | None = None) -> None:
    delta = {"content": text} | ({"role": role} if role else {})
    event = {"choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
    data = f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()
    # In halves: a character may come in two pieces, and a line in many.
    to.wfile.write(data[: len(data) // 2])
    to.wfile.flush()
    to.wfile.write(data[len(data) // 2 :])
    to.wfile.flush()


def _plain(to: Any, status: int, content: dict[str, Any]) -> None:
    data = json.dumps(content).encode()
    to.send_response(status)
    to.send_header("Content-Type", "application/json")
    to.send_header("Content-Length", str(len(data)))
    to.end_headers()
    to.wfile.write(data)
