"""Orders as agents see them beside a ticket, saved lines, and what came of them."""

from datetime import date
from typing import Any

from babel.dates import format_date

from ... import money
from ...clock import parse
from ...database import fetch
from ...ids import new_id
from ...orders import book, delivery, items, receipts, returns, states, views
from ...orders.models import PAYMENT, Decision, Move, Order, Receipt
from ...payments.models import STRIPE
from ...sites.models import Site
from ...tickets.models import Ticket
from ..language import Words


def rail(ticket: Ticket, settings: dict[str, Any], words: Words) -> list[dict[str, Any]]:
    """Return a ticket's orders, newest first, each with what an agent may do about it."""
    found = fetch(
        Order,
        "site_id = ? AND ticket_id = ? ORDER BY created_at DESC, id",
        ticket.site_id, ticket.id,
    )  # fmt: skip
    return [_order(each, settings, words) for each in found]


def _order(order: Order, settings: dict[str, Any], words: Words) -> dict[str, Any]:
    own = (order.site_id, order.id)
    quote = book.quote_of(order)
    shown = _shower(order.currency, words.language)
    when = views.delivery_of(order, settings)
    moves = states.open_to(order.state, states.AGENT)
    came = receipts.of_order(order)
    returned = receipts.returned(order)
    decided = fetch(Decision, "site_id = ? AND order_id = ? ORDER BY at DESC", *own)
    return {
        "id": order.id,
        "kind": "order" if order.number else "quote",
        "number": order.number or order.quote_number,
        "quote_number": order.quote_number,
        "version": quote.version,
        "title": order.title,
        "state": "expired" if views.has_expired(order, quote) else order.state,
        "total": shown(order.total),
        "net": shown(quote.net),
        "returned": shown(returned) if returned else None,
        "amount": money.written(
            order.total - returned - returns.asked_of(order),
            money.decimals_of(order.currency),
        ),
        "key": new_id(),
        "today": delivery.today(settings).isoformat(),
        "since": delivery.today(settings, parse(order.created_at)).isoformat(),
        "valid_until": _iso(quote.valid_until, words),
        "delivery": when and {"on": _iso(when["on"], words), "estimated": when["estimated"]},
        "drawn": views.Documents.can_be_made(),
        "onwards": [to for to in moves if to != states.CANCELLED],
        "cancels": states.CANCELLED in moves,
        "requotes": order.state in (states.AWAITING_ACCEPTANCE, states.DECLINED),
        "pays": order.state == states.AWAITING_PAYMENT,
        "refunds": order.state in states.SETTLED,
        "at_stripe": _at_stripe(came),
        "returns": [
            {"row": each, "amount": money.shown(each.amount, each.currency, words.language)}
            for each in returns.of_order(order)
        ],
        "decisions": decided,
        "receipts": [
            {"row": each, "amount": money.shown(each.amount, each.currency, words.language)}
            for each in came
        ],
        "moves": fetch(Move, "site_id = ? AND order_id = ? ORDER BY step DESC", *own),
    }


def _at_stripe(came: list[Receipt]) -> list[dict[str, str]]:
    """Return the payments of an order that Stripe can still send back, and how much of each."""
    lefts = [
        (each, receipts.left_of(each))
        for each in came
        if (each.kind, each.provider, each.surplus) == (PAYMENT, STRIPE, 0)
    ]  # fmt: skip
    return [
        {
            "id": each.id,
            "left": money.written(left, money.decimals_of(each.currency)),
            "key": new_id(),
        }
        for each, left in lefts
        if left > 0
    ]


def saved(site: Site, words: Words) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id,
            "text": each.text,
            "quantity": money.number(each.quantity, words.language),
            "price": money.shown(each.price, each.currency, words.language),
            "rate": money.percent(each.rate, words.language),
        }
        for each in items.of_site(site.id)
    ]


def figures(site_id: int, days: int, words: Words) -> list[dict[str, Any]]:
    """Return what was quoted, accepted and paid lately, each with its share of what was quoted."""
    shown = []
    for currency, sums in book.figures(days, site_id).items():
        most = max(1, *sums.values())
        bars = [
            {
                "name": name,
                "sum": money.shown(sums[name], currency, words.language),
                "share": max(0, round(100 * sums[name] / most)),
            }
            for name in book.FIGURES
            if sums[name] or name != "refunded"
        ]
        shown.append({"currency": currency, "bars": bars})
    return shown


def _shower(currency: str, language: str) -> Any:
    return lambda amount: money.shown(amount, currency, language)


def _iso(text: str | None, words: Words) -> str | None:
    return (
        str(format_date(date.fromisoformat(text), "medium", locale=words.language))
        if text
        else None
    )
