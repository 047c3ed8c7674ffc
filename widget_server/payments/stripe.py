"""Stripe Checkout over plain HTTP: sessions begun, looked at and ended, and money returned."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..clock import stamp, utcnow
from .models import CLOSED, CONFIRMING, OPEN, PAID, Checkout
from .ways import REPLAYED, Chosen, Due, Found, PaymentRefused, PaymentUnavailable

#: Seconds Stripe has to answer in: someone waits for it.
DEADLINE = 12

#: Seconds a session can be paid in; Stripe takes 30 minutes to 24 hours.
LIFE, SHORTEST = 23 * 3_600, 1_800

#: Where Stripe counts in other units than ISO 4217 has decimals: for these two by a hundred.
HUNDREDTHS = ("ISK", "UGX")

#: Three decimals, and Stripe wants the last to be nothing.
TENS = ("BHD", "JOD", "KWD", "OMR", "TND")

#: Not among Stripe's.
UNKNOWN = ("LYD",)

#: Words Stripe's page is shown in; it looks at the browser for others.
LOCALES = ("es", "it", "en", "fr", "de", "pt")

VERSION = "2024-06-20"


class Stripe:
    """One Stripe, at ``url``; keys come with each call."""

    life: int | None = LIFE
    shortest = SHORTEST + DEADLINE
    knows = True

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def takes(self, chosen: Chosen, amount: int, currency: str) -> bool:
        return currency not in UNKNOWN and (currency not in TENS or amount % 10 == 0)

    def request(self, chosen: Chosen, due: Due) -> dict[str, Any]:
        name = f"{due.title} · {due.reference}"
        wanted = {
            "mode": "payment",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": due.currency.lower(),
            "line_items[0][price_data][unit_amount]": str(units(due.amount, due.currency)),
            "line_items[0][price_data][product_data][name]": name[:250],
            "client_reference_id": due.order_id,
            "metadata[order]": due.order_id,
            "payment_intent_data[description]": name[:250],
            "payment_intent_data[metadata][order]": due.order_id,
            "success_url": due.back,
            "cancel_url": due.cancelled,
            "locale": due.locale if due.locale in LOCALES else "auto",
            "expires_at": str(int(utcnow().timestamp()) + LIFE),
        }
        return wanted | ({"customer_email": due.email} if due.email else {})

    def open(self, chosen: Chosen, checkout: Checkout) -> Found:
        # One key for one checkout: asked again, after a crash or by two clicks, Stripe answers
        # with the session it made at first.
        data = checkout.request | {"metadata[checkout]": checkout.id}
        key = f"open-{checkout.id}"
        return found(self._call(chosen, "POST", "/v1/checkout/sessions", data, key=key))

    def look(self, chosen: Chosen, checkout: Checkout) -> Found:
        return found(self._call(chosen, "GET", f"/v1/checkout/sessions/{checkout.reference}"))

    def close(self, chosen: Chosen, checkout: Checkout) -> Found:
        try:
            path = f"/v1/checkout/sessions/{checkout.reference}/expire"
            return found(self._call(chosen, "POST", path, {}))
        except PaymentRefused:
            return self.look(chosen, checkout)  # It was not open any more.

    def refund(
        self, chosen: Chosen, payment: str, amount: int, currency: str, asked: str
    ) -> tuple[str, str]:
        """Return an amount of a payment; answer what Stripe calls it, and how it stands.

        ``asked``: our name for it; asked again under it, it is the same refund.
        """
        data = {
            "payment_intent": payment,
            "amount": str(units(amount, currency)),
            "metadata[return]": asked,
        }
        made = self._call(chosen, "POST", "/v1/refunds", data, key=f"return-{asked}")
        return str(made["id"]), str(made.get("status"))

    def check(self, chosen: Chosen) -> str | None:
        try:
            self._call(chosen, "GET", "/v1/checkout/sessions?limit=1")
        except (PaymentRefused, PaymentUnavailable) as error:
            return error.said or str(error)
        return None

    def _call(
        self,
        chosen: Chosen,
        method: str,
        path: str,
        data: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        import requests  # Here as elsewhere: only whoever calls others needs it.

        headers = {"Stripe-Version": VERSION} | ({"Idempotency-Key": key} if key else {})
        try:
            answer = requests.request(
                method,
                self.url + path,
                data=data,
                headers=headers,
                auth=(chosen.secrets.get("key", ""), ""),
                timeout=DEADLINE,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise PaymentUnavailable(
                f"Stripe cannot be reached: {type(error).__name__}."
            ) from error
        try:
            content = answer.json()
        except ValueError as error:
            raise PaymentUnavailable(f"Stripe answers {answer.status_code}.") from error
        if answer.ok:
            return dict(content)
        fault = content.get("error") or {} if isinstance(content, dict) else {}
        said = str(fault.get("message") or answer.status_code)[:300]
        # What Stripe failed at is kept under the key, and answered again for a day.
        if answer.status_code >= 500 and answer.headers.get("Idempotent-Replayed") == "true":
            raise PaymentRefused(said, REPLAYED)
        # 409: the same key is being worked on. 429 and 5xx pass, too.
        if answer.status_code in (409, 429) or answer.status_code >= 500:
            raise PaymentUnavailable(said, fault.get("code"))
        raise PaymentRefused(said, fault.get("code"))


def units(amount: int, currency: str) -> int:
    """Return an amount as Stripe counts it."""
    return amount * 100 if currency in HUNDREDTHS else amount


def amount_of(units: int, currency: str) -> tuple[int, str]:
    """Return an amount of Stripe's as we count it; what cannot be is left as it is, to be seen."""
    code = currency.upper()
    return (units // 100 if code in HUNDREDTHS and units % 100 == 0 else units), code


def found(session: Mapping[str, Any]) -> Found:
    """Return how a session of Stripe's stands, in our words."""
    told = int(session.get("amount_total") or 0)
    amount, currency = amount_of(told, session.get("currency") or "")
    ends = session.get("expires_at")
    return Found(
        state=_state(session),
        reference=str(session["id"]),
        url=session.get("url"),
        payment=id_of(session.get("payment_intent")),
        amount=amount,
        currency=currency,
        expires_at=stamp(datetime.fromtimestamp(ends, UTC)) if ends else None,
    )


def _state(session: Mapping[str, Any]) -> str:
    if session.get("payment_status") == "paid":
        return PAID
    return {"open": OPEN, "expired": CLOSED}.get(str(session.get("status")), CONFIRMING)


def id_of(value: Any) -> str | None:
    """A thing Stripe refers to comes as its id or, expanded, whole."""
    return str(value["id"]) if isinstance(value, dict) else value
