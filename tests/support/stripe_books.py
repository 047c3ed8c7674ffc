"""What a Stripe keeps: sessions, payments, refunds and the events they make."""

import itertools
import threading
import time
from typing import Any

#: Seconds from now in which a session may be told to end.
SHORTEST, LONGEST = 1_800, 86_400


class Refused(Exception):
    def __init__(self, status: int, message: str, code: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        kind = "idempotency_error" if code == "idempotency_key_in_use" else "invalid_request_error"
        self.error = {"type": kind, "message": message, **({"code": code} if code else {}), **more}


class Books:
    """Sessions, refunds and events; ``pay`` and ``lapse`` are what payers and time do."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self._ids = itertools.count(1)
        self._lock = threading.RLock()
        #: Refunds take their days: they are pending when they are asked for.
        self.slow = False

    def pay(self, session_id: str, *, later: bool = False, amount: int | None = None) -> dict:
        """Somebody pays on Stripe's page. ``later``: by a debit that takes days."""
        with self._lock:
            session = self.session(session_id)
            self.look(session)
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
            session = self.session(session_id)
            if works:
                session["payment_status"] = "paid"
                self.intents[session["payment_intent"]]["status"] = "succeeded"
            kind = "succeeded" if works else "failed"
            return self._event(f"checkout.session.async_payment_{kind}", session)

    def lapse(self, session_id: str) -> dict:
        """A session's time is over."""
        with self._lock:
            session = self.session(session_id)
            session |= {"status": "expired", "url": None}
            return self._event("checkout.session.expired", session)

    def refund(self, intent_id: str, amount: int | None = None) -> dict:
        with self._lock:
            return self.give_back(intent_id, amount)[1]

    def arrive(self, refund_id: str) -> dict:
        """A refund that took its days has arrived."""
        refund = self.refunds[refund_id]
        refund["status"] = "succeeded"
        return self._event("refund.updated", refund)

    def bounce(self, refund_id: str) -> dict:
        """A bank sends a refund back."""
        refund = self.refunds[refund_id]
        if refund["status"] != "failed":
            self.intents[refund["payment_intent"]]["refunded"] -= refund["amount"]
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
            self.look(session)
        return [each["id"] for each in self.sessions.values() if each["status"] == "open"]

    # What its API asks for ------------------------------------------------------------------------

    def create(self, form: dict[str, str]) -> dict[str, Any]:
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
            "metadata": within(form, "metadata"),
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

    def give_back(
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

    def session(self, session_id: str) -> dict[str, Any]:
        session = self.sessions.get(session_id)
        if session is None:
            raise Refused(404, f"No such checkout.session: {session_id}", "resource_missing")
        return session

    def look(self, session: dict[str, Any]) -> None:
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


def within(form: dict[str, str], name: str) -> dict[str, str]:
    head = f"{name}["
    return {key[len(head) : -1]: value for key, value in form.items() if key.startswith(head)}
