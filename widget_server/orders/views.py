"""Orders as their requester sees them, inside their ticket."""

from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.util import find_spec
from typing import Any

from ..clock import parse, stamp
from ..database import ask_for, fetch, query
from ..errors import Unavailable
from ..identity.tokens import Tokens
from ..money import decimals_of
from ..sites.look import complete
from ..sites.service import site_of
from ..tickets import thread
from ..tickets.models import Ticket
from . import delivery, receipts, states
from .models import DECLINED, Order, Quote
from .pricing import QUANTITY

#: Seconds an address of a document is good for, as those of files.
LINK_LIFE = 600

#: What draws documents, and the extra that brings it: a fifth of an installation's size.
PACKAGE, EXTRA = "fpdf", "pdf"

#: Returns how an order can be paid now, and whether a payment is on its way.
Paying = Callable[[Order], dict[str, Any] | None]


class NoDocuments(Unavailable):
    message = "This server makes no documents: it lacks a package. Tell whoever runs it."


class Documents:
    """Signs and reads the token in ``/orders/<token>``; furnished by :mod:`.routes`."""

    tokens: Tokens
    server: str

    @staticmethod
    @cache
    def can_be_made() -> bool:
        """Is the extra installed?"""
        return find_spec(PACKAGE) is not None

    @classmethod
    def ensure(cls) -> None:
        """Raise :exc:`NoDocuments` without the extra."""
        if not cls.can_be_made():
            raise NoDocuments()

    @classmethod
    def url(cls, order: Order, quote_id: str) -> str | None:
        """Return where a version's document is; ``None`` if this server makes none."""
        if not cls.can_be_made():
            return None
        token = cls.tokens.issue([order.site_id, order.id, quote_id])
        return f"{cls.server}/orders/{token}"


class _Ways:
    ask: Paying | None = None


def offer_ways(paying: Paying) -> Paying:
    """Let ``paying`` say how an order that awaits payment can be paid.

    It returns ``None``, or ``{"ways": [{"kind": …}], "waiting_since": None | "2026-…Z"}``, from
    rows alone: it is asked whenever a ticket is read.
    """
    _Ways.ask = paying
    return paying


@thread.completed_by
def of_ticket(ticket: Ticket) -> Callable[[], dict[str, Any]]:
    """Return what gives the ``orders`` of a ticket, oldest first."""
    asked = ask_for(
        Order,
        "site_id = ? AND ticket_id = ? ORDER BY created_at, id",
        ticket.site_id, ticket.id,
    )  # fmt: skip

    def told() -> dict[str, Any]:
        orders = asked()
        if not orders:
            return {"orders": []}
        settings = complete(site_of(ticket.site_id).settings)
        return {"orders": [view(order, settings) for order in orders]}

    return told


def view(order: Order, settings: dict[str, Any]) -> dict[str, Any]:
    """Return what a requester may know about an order. Listed here, nothing else goes out."""
    own = (order.site_id, order.id)
    quote = fetch(Quote, "site_id = ? AND id = ?", order.site_id, order.quote_id)[0]
    moves = query(
        "SELECT became, at FROM order_move WHERE site_id = ? AND order_id = ? ORDER BY step", *own
    )
    reason = query(
        "SELECT reason FROM decision WHERE site_id = ? AND quote_id = ? AND answer = ?",
        order.site_id, quote.id, DECLINED,
    )  # fmt: skip
    expired = has_expired(order, quote)
    awaits = order.state == states.AWAITING_PAYMENT
    return {
        **named(order),
        "quote": shown(quote),
        "expired": expired,
        "can_decide": order.state == states.AWAITING_ACCEPTANCE and not expired,
        "reason": reason[0][0] if reason and order.state == states.DECLINED else None,
        "delivery": delivery_of(order, settings),
        "accepted_at": order.accepted_at,
        "paid_at": order.paid_at,
        "returned": receipts.returned(order) if order.paid_at else 0,
        "delivered_on": _delivered_on(order, moves, settings),
        "moves": [{"to": to, "at": at} for to, at in moves],
        "pay": _Ways.ask(order) if awaits and _Ways.ask else None,
        "pdf_url": Documents.url(order, quote.id),
    }


def named(order: Order) -> dict[str, Any]:
    """Return what an order is called and where it stands."""
    return {
        "id": order.id,
        "kind": order.kind,
        "state": order.state,
        "number": order.number,
        "quote_number": order.quote_number,
        "title": order.title,
    }


def _delivered_on(
    order: Order, moves: list[tuple[str, str]], settings: dict[str, Any]
) -> str | None:
    """Return the day it was at the site when it was delivered, wherever its reader is."""
    at = [moment for to, moment in moves if to == states.DELIVERED]
    if order.state != states.DELIVERED or not at:
        return None
    return delivery.today(settings, parse(at[-1])).isoformat()


def shown(quote: Quote) -> dict[str, Any]:
    """Return a version's content: money in minor units, quantities and rates as numbers."""
    return {
        "id": quote.id,
        "version": quote.version,
        "digest": quote.digest,
        "lines": [
            {
                "text": line["text"],
                "quantity": line["quantity"] / QUANTITY,
                "price": line["price"],
                "rate": line["rate"] / 100,
                "net": line["net"],
            }
            for line in quote.lines
        ],
        "note": quote.note,
        "currency": quote.currency,
        "decimals": decimals_of(quote.currency),
        "net": quote.net,
        "vat": [
            {"rate": share["rate"] / 100, "net": share["net"], "vat": share["vat"]}
            for share in quote.rates
        ],
        "total": quote.total,
        "lead_days": quote.lead_days,
        "valid_until": quote.valid_until,
        "sent_at": quote.sent_at,
        "by": quote.agent_name,
    }


def has_expired(order: Order, quote: Quote) -> bool:
    return (
        order.state == states.AWAITING_ACCEPTANCE
        and quote.expires_at is not None
        and stamp() >= quote.expires_at
    )


def delivery_of(order: Order, settings: dict[str, Any]) -> dict[str, Any] | None:
    """Return the day work is done; ``estimated`` while it is counted from today.

    Computed when asked: until it is paid the day moves with the calendar, and nothing has to
    write it down every night.
    """
    if order.state in (states.DECLINED, *states.ENDED):
        return None
    if order.delivery_on is not None:
        return {"on": order.delivery_on, "estimated": False, "lead_days": order.lead_days}
    if order.paid_at is not None:
        return None
    ready: date | None = delivery.ready_on(settings, delivery.today(settings), order.lead_days)
    if ready is None:
        return None
    return {"on": ready.isoformat(), "estimated": True, "lead_days": order.lead_days}
