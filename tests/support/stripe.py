"""A Stripe on loopback: what its API does for Checkout, as its documentation and SDK have it."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, Response, jsonify, redirect, request
from werkzeug.serving import make_server

from .servers import free_port
from .stripe_books import Books, Refused, within

KEY, HOOK_SECRET = "sk_test_loopback", "whsec_loopback"


class FakeStripe(Books):
    """A Stripe that is asked over the wire, signs what it tells, and can be made to fail."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, str]] = []
        self._answers: dict[str, tuple[str, int, Any]] = {}
        #: Answers that are lost on their way: made, and nobody hears of it.
        self.lose = 0
        #: Requests Stripe itself fails at; it keeps the error under the request's key.
        self.fail = 0
        self.away = False
        #: Called once something was made, before anybody hears of it.
        self.made: Callable[[], None] = lambda: None
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = make_server("127.0.0.1", self.port, self._app(), threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> "FakeStripe":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @staticmethod
    def signed(
        event: dict[str, Any], secret: str = HOOK_SECRET, at: float | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """Return an event as Stripe posts it: the body and its headers."""
        body = json.dumps(event, indent=2).encode()
        moment = str(int(time.time() if at is None else at))
        mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        header = f"t={moment},v1={mac},v0={'0' * 64}"
        return body, {"Stripe-Signature": header, "Content-Type": "application/json"}

    def _app(self) -> Flask:
        app = Flask("stripe")

        @app.errorhandler(Refused)
        def refused(error: Refused) -> tuple[Response, int]:
            return jsonify(error=error.error), error.status

        @app.before_request
        def admit() -> Any:
            if self.away:
                return Response("upstream connect error", 503)
            if request.path.startswith("/c/"):
                return None  # People pay there; they have no key.
            self.calls.append((request.method, request.path))
            key = request.authorization
            given = (key.username or key.token) if key else None
            if given != KEY:
                raise Refused(401, f"Invalid API Key provided: {given}")
            return None

        @app.route("/c/pay/<session_id>", methods=["GET", "POST"])
        def page(session_id: str) -> Any:
            session = self.session(session_id)
            if request.method == "POST":
                self.pay(session_id)
                return redirect(session["success_url"], 303)
            return (
                "<!doctype html><html lang=en><title>Checkout</title><link rel=icon href='data:,'>"
                f"<form method=post><button>Pay {session['amount_total']}</button></form>"
                f"<a href='{session['cancel_url']}'>Back</a>"
            )

        @app.post("/v1/checkout/sessions")
        def create() -> Response:
            return self._once(self.create)

        @app.get("/v1/checkout/sessions")
        def index() -> Response:
            data = list(self.sessions.values())[: int(request.args.get("limit", 10))]
            return jsonify(object="list", data=data, has_more=False, url=request.path)

        @app.get("/v1/checkout/sessions/<session_id>")
        def show(session_id: str) -> Response:
            session = self.session(session_id)
            self.look(session)
            return jsonify(session)

        @app.post("/v1/checkout/sessions/<session_id>/expire")
        def expire(session_id: str) -> Response:
            with self._lock:
                session = self.session(session_id)
                self.look(session)
                if session["status"] != "open":
                    raise Refused(
                        400,
                        'Only Checkout Sessions with a status in ["open"] can be expired.'
                        f" This Checkout Session has a status of {session['status']}.",
                    )
                self.lapse(session_id)
                return jsonify(session)

        @app.post("/v1/refunds")
        def refund() -> Response:
            def act(form: dict[str, str]) -> dict[str, Any]:
                named = within(form, "metadata")
                return self.give_back(form["payment_intent"], _whole(form.get("amount")), named)[0]

            return self._once(act)

        return app

    def _once(self, act: Any) -> Response:
        """The same key, the same answer, errors included; with another request it is refused."""
        form = dict(parse_qsl(request.get_data(as_text=True), keep_blank_values=True))
        key = request.headers.get("Idempotency-Key")
        asked = json.dumps([request.path, sorted(form.items())])
        replayed = False
        with self._lock:
            if key and key in self._answers:
                before, status, answer = self._answers[key]
                replayed = True
                if before != asked:
                    raise Refused(
                        400,
                        "Keys for idempotent requests can only be used with the same parameters"
                        " they were first used with.",
                    )
            else:
                try:
                    if self.fail:
                        self.fail -= 1
                        raise Refused(500, "An unknown error occurred.")
                    status, answer = 200, act(form)
                except Refused as error:
                    status, answer = error.status, {"error": error.error}
                if key:
                    self._answers[key] = (asked, status, answer)
                self.made()
            if self.lose:
                self.lose -= 1
                return Response("bad gateway", 502)
            response = jsonify(answer)
            response.status_code = status
            if replayed:
                response.headers["Idempotent-Replayed"] = "true"
            return response


def _whole(text: str | None) -> int | None:
    return int(text) if text else None
