"""The site's own shop: WooCommerce makes the order, takes the money, and says what becomes of it.

The wire is in docs/payments.md; the plugin speaks its other half.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..money import decimals_of, divided, exact, written
from .models import CLOSED, CONFIRMING, OPEN, PAID, Checkout
from .signatures import sign
from .ways import Chosen, Due, Found, PaymentRefused, PaymentUnavailable

DEADLINE = 12

#: WordPress answers here with and without pretty permalinks.
ORDERS = "/?rest_route=/ventanilla/v1/orders"

#: What the plugin says of an order that is not there.
UNKNOWN = "ventanilla_unknown"

#: What WooCommerce calls a state, in our words. One of a plugin's own is looked at by people.
STATES = {
    "pending": OPEN,
    "failed": OPEN,
    "checkout-draft": OPEN,
    "on-hold": CONFIRMING,
    "processing": PAID,
    "completed": PAID,
    "cancelled": CLOSED,
    "trash": CLOSED,
    "refunded": PAID,
}


class Shops:
    """Shops behind the WordPress plugin; what is sent is signed with each of the site's keys."""

    life: int | None = None
    shortest = 0
    knows = True

    def takes(self, chosen: Chosen, amount: int, currency: str) -> bool:
        return True

    def request(self, chosen: Chosen, due: Due) -> dict[str, Any]:
        decimals = decimals_of(due.currency)
        return {
            "order": due.order_id,
            "number": due.reference,
            "title": due.title,
            "currency": due.currency,
            "decimals": decimals,
            "lines": lines(due.lines, decimals),
            "net": written(due.net, decimals),
            "vat": written(due.amount - due.net, decimals),
            "total": written(due.amount, decimals),
            "customer": {"sub": due.sub, "name": due.name, "email": due.email},
            "locale": due.locale,
            "return": due.back,
        }

    def open(self, chosen: Chosen, checkout: Checkout) -> Found:
        body = checkout.request | {"order": name_of(checkout)}
        return self._ask(chosen, checkout, ORDERS, body)

    def look(self, chosen: Chosen, checkout: Checkout) -> Found:
        # Asked again, the shop answers with the order it made.
        return self.open(chosen, checkout)

    def close(self, chosen: Chosen, checkout: Checkout) -> Found:
        name = name_of(checkout)
        try:
            return self._ask(chosen, checkout, f"{ORDERS}/{name}/cancellation", {"order": name})
        except PaymentRefused as error:
            if error.reason != UNKNOWN:
                raise
        return Found(CLOSED, name)  # It never came so far, or somebody deleted it.

    def check(self, chosen: Chosen) -> str | None:
        try:
            self._call(chosen, f"{ORDERS}/check", {})
        except (PaymentRefused, PaymentUnavailable) as error:
            return error.said or str(error)
        return None

    def _ask(self, chosen: Chosen, checkout: Checkout, path: str, body: Any) -> Found:
        answer = self._call(chosen, path, body)
        try:
            found = read_order(answer)
        except (KeyError, TypeError, ValueError) as error:
            raise PaymentRefused("The shop's answer cannot be read.") from error
        if (found.amount, found.currency) != (checkout.amount, checkout.currency):
            raise PaymentRefused(
                f"The shop's order comes to {answer.get('total')} {answer.get('currency')}."
            )
        return found

    def _call(self, chosen: Chosen, path: str, body: Any) -> dict[str, Any]:
        import requests  # Here as elsewhere: only whoever calls others needs it.

        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Ventanilla-Signature": sign(raw, *chosen.secrets.values()),
            "Ventanilla-Key": ",".join(chosen.secrets),
        }
        url = chosen.settings["url"].rstrip("/") + path
        try:
            answer = requests.post(
                url, data=raw, headers=headers, timeout=DEADLINE, allow_redirects=False
            )
        except requests.RequestException as error:
            raise PaymentUnavailable(
                f"The shop cannot be reached: {type(error).__name__}."
            ) from error
        try:
            content = answer.json()
        except ValueError:
            content = None  # A page for people: of the web server, or of a firewall before it.
        if answer.ok and not answer.is_redirect and isinstance(content, dict):
            return content
        said = content.get("message") if isinstance(content, dict) else None
        fault = str(said or f"The shop answers {answer.status_code}.")[:300]
        if answer.status_code in (408, 425, 429) or answer.status_code >= 500:
            raise PaymentUnavailable(fault)
        raise PaymentRefused(fault, content.get("code") if isinstance(content, dict) else None)


def name_of(checkout: Checkout) -> str:
    """Return what the shop knows an order by: it makes one for each name, however often asked."""
    again = f"-{checkout.serial}" if checkout.serial > 1 else ""
    return checkout.order_id + again


def lines(given: Sequence[Mapping[str, Any]], decimals: int) -> list[dict[str, Any]]:
    """Return the lines with their share of the VAT: the shares of a rate add up to its VAT.

    VAT is rounded once per rate; each line gets what the sum of the lines up to it comes to, less
    what those before it got.
    """
    sums: dict[int, int] = {}
    shown = []
    for line in given:
        before = sums.get(line["rate"], 0)
        sums[line["rate"]] = before + line["net"]
        vat = _vat(sums[line["rate"]], line["rate"]) - _vat(before, line["rate"])
        shown.append(
            {
                "text": line["text"],
                "quantity": written(line["quantity"], 3),
                "price": written(line["price"], decimals),
                "net": written(line["net"], decimals),
                "vat_rate": written(line["rate"], 2),
                "vat": written(vat, decimals),
            }
        )
    return shown


def _vat(net: int, rate: int) -> int:
    return divided(net * rate, 10_000)


def read_order(answer: Mapping[str, Any]) -> Found:
    """Return how an order of the shop stands; raise for an answer that is none."""
    currency = str(answer["currency"])
    return Found(
        state=STATES.get(str(answer["status"]), CONFIRMING),
        # Its number says who paid, not which of ours it is: a shop that moved counts anew.
        reference=str(answer["order"]),
        url=str(answer["url"]) if answer.get("url") else None,
        payment=str(answer["id"]),
        amount=exact(str(answer["total"]), decimals_of(currency)),
        currency=currency,
    )
