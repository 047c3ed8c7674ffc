"""Rows of payments begun: found, and written."""

from collections.abc import Collection
from typing import Any

from ..clock import stamp
from ..database import execute, fetch, is_sqlite, query
from ..orders import book
from ..orders.models import Order
from .models import CONFIRMING, OPEN, Checkout

#: Days for which a payment that nobody makes is asked about.
ASKED_FOR = 60

#: How many are asked about at a time.
AT_ONCE = 500

#: What a look at one is queued under, before its id.
LOOK = "look:"


def returned_of(checkout: Checkout) -> int:
    """Return how much of a payment went back, as far as we were told."""
    rows = query(
        "SELECT coalesce(sum(amount), 0) FROM receipt"
        " WHERE site_id = ? AND order_id = ? AND provider = ? AND kind = 'refund'"
        " AND (payment = ? OR payment IS NULL)",
        checkout.site_id, checkout.order_id, checkout.way, checkout.payment,
    )  # fmt: skip
    return int(rows[0][0])


def waiting_since(order: Order) -> str | None:
    """Return since when the payer has been waiting for a provider's word."""
    rows = query(
        "SELECT max(coalesce(returned_at, updated_at)) FROM checkout"
        " WHERE site_id = ? AND order_id = ? AND (state = ? OR state = ? AND returned_at > ?)",
        order.site_id, order.id, CONFIRMING, OPEN, stamp(seconds=-86_400),
    )  # fmt: skip
    return rows[0][0]


def of_order(order: Order) -> list[Checkout]:
    """Return the payments begun for an order, the first one first."""
    own = (order.site_id, order.id)
    return fetch(Checkout, "site_id = ? AND order_id = ? ORDER BY created_at, id", *own)


def quiet(ways: Collection[str]) -> list[tuple[int, str]]:
    """Return payments of these ways that could be made and that were quiet for a day.

    One that is being looked at already takes no other's place.
    """
    return query(
        "SELECT site_id, id FROM checkout WHERE state IN ('open', 'confirming')"
        f" AND way IN ({', '.join('?' * len(ways))}) AND updated_at < ? AND created_at > ?"
        f" AND NOT EXISTS (SELECT 1 FROM job WHERE unique_key = '{LOOK}' || checkout.id)"
        " ORDER BY updated_at LIMIT ?",
        *ways, stamp(seconds=-86_400), stamp(seconds=-ASKED_FOR * 86_400), AT_ONCE,
    )  # fmt: skip


def hold_way(site_id: int, way: str) -> None:
    """Let the news of a site's way be taken in one after the other."""
    if not is_sqlite():
        query(
            "SELECT 1 FROM payment_account WHERE site_id = ? AND way = ? FOR UPDATE", site_id, way
        )


def of_id(site_id: int, checkout_id: str) -> Checkout:
    return fetch(Checkout, book.OWN, site_id, checkout_id)[0]


def find(site_id: int, way: str, column: str, value: Any) -> Checkout | None:
    """Return a payment by its ``reference`` or ``payment`` at the provider, or our own ``id``."""
    assert column in ("reference", "payment", "id")
    found = fetch(Checkout, f"site_id = ? AND way = ? AND {column} = ?", site_id, way, str(value))
    return found[0] if found else None


def last(site_id: int, order_id: str, way: str) -> Checkout | None:
    found = fetch(
        Checkout,
        "site_id = ? AND order_id = ? AND way = ? ORDER BY serial DESC LIMIT 1",
        site_id, order_id, way,
    )  # fmt: skip
    return found[0] if found else None


def keep(checkout: Checkout, **changes: Any) -> None:
    """Write changes of a row."""
    changes["updated_at"] = stamp()
    names = ", ".join(f"{name} = ?" for name in changes)
    own = (checkout.site_id, checkout.id)
    execute(f"UPDATE checkout SET {names} WHERE {book.OWN}", *changes.values(), *own)
    for name, value in changes.items():
        setattr(checkout, name, value)
