"""A link of the site's own: any page that can be told what is to be paid, by its address."""

import hashlib
import hmac
import re
from typing import Any
from urllib.parse import quote, urlsplit

from ..money import decimals_of, written
from .models import CLOSED, OPEN, Checkout
from .ways import Chosen, Due, Found

#: What may stand in a template, and where its value comes from.
PLACES = (
    "amount", "minor", "currency", "reference", "order", "title", "email", "return", "signature",
)  # fmt: skip

PLACE = re.compile(r"\{([^{}]*)\}")


class Links:
    """A template with places such as ``{amount}``; confirmed by a call or by hand."""

    life: int | None = None
    shortest = 0
    knows = False

    def takes(self, chosen: Chosen, amount: int, currency: str) -> bool:
        return True

    def request(self, chosen: Chosen, due: Due) -> dict[str, Any]:
        return {"url": fill(chosen.settings["template"], due, chosen.secrets.get("secret", ""))}

    def open(self, chosen: Chosen, checkout: Checkout) -> Found:
        return self.look(chosen, checkout)

    def look(self, chosen: Chosen, checkout: Checkout) -> Found:
        return Found(OPEN, checkout.id, url=checkout.request["url"])

    def close(self, chosen: Chosen, checkout: Checkout) -> Found:
        return Found(CLOSED, checkout.id)

    def check(self, chosen: Chosen) -> str | None:
        return None


def check_template(template: str) -> str:
    """Return the template; raise :exc:`ValueError` saying what is wrong with it."""
    unknown = [name for name in PLACE.findall(template) if name not in PLACES]
    if unknown:
        raise ValueError(f"There is no {{{unknown[0]}}}. There are {{{'}, {'.join(PLACES)}}}.")
    parts = urlsplit(PLACE.sub("x", template))
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise ValueError("Begin with https://")
    if not parts.hostname or "{" in template.split("/")[2]:
        raise ValueError("The host has to be written out: https://paypal.me/…")
    return template


def fill(template: str, due: Due, secret: str) -> str:
    """Return the address to pay at; every value is escaped for the place it stands in."""
    amount = written(due.amount, decimals_of(due.currency))
    values = {
        "amount": amount,
        "minor": str(due.amount),
        "currency": due.currency,
        "reference": due.reference,
        "order": due.order_id,
        "title": due.title,
        "email": due.email or "",
        "return": due.back,
        "signature": signature(due.order_id, due.amount, due.currency, secret) if secret else "",
    }
    return PLACE.sub(lambda place: quote(values[place[1]], safe=""), template)


def signature(order: str, minor: int, currency: str, secret: str) -> str:
    """Return what proves to the page that nobody changed the amount on the way."""
    text = f"{order}.{minor}.{currency}".encode()
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
