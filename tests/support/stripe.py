"""A Stripe on loopback: what its API does for Checkout, as its documentation and SDK have it."""

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, Response, jsonify, redirect, request
from werkzeug.serving import make_server

from .servers import free_port

KEY, HOOK_SECRET = "sk_test_loopback", "whsec_loopback"

#: Seconds from now in which a session may be told to end.
SHORTEST, LONGEST = 1_800, 86_400


class Refused(Exception):
    def __init__(self, status: int, message: str, code: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        kind = "idempotency_error" if code == "idempotency_key_in_use" else "invalid_request_error"
        self.error = {"type": kind, "message": message, **({"code": code} if code else {}), **more}


class FakeStripe:
    """Sessions, refunds and signed events; ``pay`` and ``lapse`` are what payers and time do."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.calls: list[tuple[str, str]] = []
        self._answers: dict[str, tuple[str, int, Any]] = {}
        self._ids = itertools.count(1)
        self._lock = threading.RLock()
        #: Answers that are lost on their way: made, and nobody hears of it.
        self.lose = 0
        #: Requests Stripe itself fails at; it keeps the error under the request's key.
        self.fail = 0
        #: Refunds take their days: they are pending when they are asked for.
        self.slow = False
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

    # What people and time do -------------------------------------------------------------------

    def pay(self, session_id: str, *, later: bool = False, amount: int | None = None) -> dict:
        """Somebody pays on Stripe's page. ``later``: by a debit that takes days."""
        with self._lock:
            session = self._session(session_id)
            self._lapse(session)
            if session["status"] != "open":
                raise Refused(400, "This Checkout Session is not open.")
            intent = {
                "id": f"pi_{next(self._ids)}",
                "object": "payment_intent",
                "amount": session["amount_total"] if amount is None else amount,
                "currency": session["currency"],
                "refunded": 0,
                "status": "processing" if later else "succeeded",
                "metadata": session.pop("_intent_metadata", {}),
            }
            self.intents[intent["id"]] = intent
            session |= {
                "status": "complete",
                "url": None,
                "payment_intent": intent["id"],
                "payment_status": "unpaid" if later else "paid",
                "amount_total": intent["amount"],
            }
            return self._event("checkout.session.completed", session)

    def debit(self, session_id: str, *, works: bool) -> dict:
        """The debit a session was paid by arrives, or bounces."""
        with self._lock:
            session = self._session(session_id)
            if works:
                session["payment_status"] = "paid"
                self.intents[session["payment_intent"]]["status"] = "succeeded"
            kind = "succeeded" if works else "failed"
            return self._event(f"checkout.session.async_payment_{kind}", session)

    def lapse(self, session_id: str) -> dict:
        """A session's time is over."""
        with self._lock:
            session = self._session(session_id)
            session |= {"status": "expired", "url": None}
            return self._event("checkout.session.expired", session)

    def refund(self, intent_id: str, amount: int | None = None) -> dict:
        with self._lock:
            return self._refund(intent_id, amount)[1]

    def arrive(self, refund_id: str) -> dict:
        """A refund that took its days has arrived."""
        refund = self.refunds[refund_id]
        refund["status"] = "succeeded"
        return self._event("refund.updated", refund)

    def bounce(self, refund_id: str) -> dict:
        """A bank sends a refund back."""
        refund = self.refunds[refund_id]
        refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
        return self._event("refund.failed", refund)

    def dispute(self, intent_id: str) -> dict:
        """A payer asks the bank for the money."""
        thing = {"id": f"dp_{next(self._ids)}", "object": "dispute", "payment_intent": intent_id,
                 "reason": "fraudulent", "status": "needs_response"}  # fmt: skip
        return self._event("charge.dispute.created", thing)

    @property
    def paid(self) -> list[dict[str, Any]]:
        return list(self.intents.values())

    def open_sessions(self) -> list[str]:
        for session in self.sessions.values():
            self._lapse(session)
        return [each["id"] for each in self.sessions.values() if each["status"] == "open"]

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

    # The API -----------------------------------------------------------------------------------

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
            session = self._session(session_id)
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
            return self._once(self._create)

        @app.get("/v1/checkout/sessions")
        def index() -> Response:
            data = list(self.sessions.values())[: int(request.args.get("limit", 10))]
            return jsonify(object="list", data=data, has_more=False, url=request.path)

        @app.get("/v1/checkout/sessions/<session_id>")
        def show(session_id: str) -> Response:
            session = self._session(session_id)
            self._lapse(session)
            return jsonify(session)

        @app.post("/v1/checkout/sessions/<session_id>/expire")
        def expire(session_id: str) -> Response:
            with self._lock:
                session = self._session(session_id)
                self._lapse(session)
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
                named = _within(form, "metadata")
                return self._refund(form["payment_intent"], _whole(form.get("amount")), named)[0]

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

    def _create(self, form: dict[str, str]) -> dict[str, Any]:
        price = "line_items[0][price_data]"
        needed = ("mode", "success_url", f"{price}[currency]", f"{price}[unit_amount]",
                  f"{price}[product_data][name]", "line_items[0][quantity]")  # fmt: skip
        for name in needed:
            if not form.get(name):
                raise Refused(400, f"Missing required param: {name}.", "parameter_missing")
        known = {*needed, "cancel_url", "client_reference_id", "customer_email", "expires_at",
                 "locale", "payment_intent_data[description]"}  # fmt: skip
        for name in form:
            if name not in known and not name.startswith(("metadata[", "payment_intent_data[meta")):
                raise Refused(400, f"Received unknown parameter: {name}", "parameter_unknown")
        if "@" not in form.get("customer_email", "@"):
            raise Refused(400, "Invalid email address", "email_invalid")
        now = int(time.time())
        ends = int(form.get("expires_at") or now + LONGEST)
        if not now + SHORTEST <= ends <= now + LONGEST:
            raise Refused(400, "The `expires_at` timestamp must be 30 minutes to 24 hours away.")
        total = int(form[f"{price}[unit_amount]"]) * int(form["line_items[0][quantity]"])
        if total < 50:
            raise Refused(400, "The Checkout Session's total is too small.", "amount_too_small")
        number = f"cs_test_{next(self._ids)}"
        session = {
            "id": number,
            "object": "checkout.session",
            "amount_total": total,
            "client_reference_id": form.get("client_reference_id"),
            "created": now,
            "currency": form[f"{price}[currency]"],
            "expires_at": ends,
            "livemode": False,
            "metadata": _within(form, "metadata"),
            "mode": form["mode"],
            "payment_intent": None,
            "payment_status": "unpaid",
            "status": "open",
            "success_url": form["success_url"],
            "cancel_url": form.get("cancel_url"),
            "url": f"{self.url}/c/pay/{number}",
        }
        self.sessions[number] = session
        return dict(session)

    def _refund(
        self, intent_id: str, amount: int | None, metadata: dict[str, str] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        intent = self.intents.get(intent_id)
        if intent is None:
            raise Refused(404, f"No such payment_intent: '{intent_id}'", "resource_missing")
        if intent["status"] != "succeeded":
            raise Refused(400, "This PaymentIntent does not have a successful charge to refund.")
        left = intent["amount"] - intent["refunded"]
        if left == 0:
            raise Refused(400, f"Charge for {intent_id} has already been refunded.",
                          "charge_already_refunded")  # fmt: skip
        amount = left if amount is None else amount
        if amount > left:
            raise Refused(400, "Refund amount is greater than unrefunded amount on charge.")
        intent["refunded"] += amount
        refund = {
            "id": f"re_{next(self._ids)}",
            "object": "refund",
            "amount": amount,
            "currency": intent["currency"],
            "payment_intent": intent_id,
            "metadata": metadata or {},
            "status": "pending" if self.slow else "succeeded",
            "created": int(time.time()),
        }
        self.refunds[refund["id"]] = refund
        return refund, self._event("refund.created", refund)

    def _session(self, session_id: str) -> dict[str, Any]:
        session = self.sessions.get(session_id)
        if session is None:
            raise Refused(404, f"No such checkout.session: {session_id}", "resource_missing")
        return session

    def _lapse(self, session: dict[str, Any]) -> None:
        if session["status"] == "open" and session["expires_at"] <= time.time():
            self.lapse(session["id"])

    def _event(self, kind: str, thing: dict[str, Any]) -> dict[str, Any]:
        event = {
            "id": f"evt_{next(self._ids)}",
            "object": "event",
            "api_version": "2024-06-20",
            "created": int(time.time()),
            "data": {"object": dict(thing)},
            "livemode": False,
            "pending_webhooks": 1,
            "type": kind,
        }
        self.events.append(event)
        return event


def _within(form: dict[str, str], name: str) -> dict[str, str]:
    head = f"{name}["
    return {key[len(head) : -1]: value for key, value in form.items() if key.startswith(head)}


def _whole(text: str | None) -> int | None:
    return int(text) if text else None
