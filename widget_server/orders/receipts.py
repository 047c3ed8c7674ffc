"""Money as it comes and goes. Nothing is counted twice, nothing that came is forgotten."""

from enum import StrEnum

from ..clock import parse, stamp
from ..database import insert, query, transaction
from ..ids import new_id
from ..sites.look import complete
from ..sites.service import site_of
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from . import book, delivery, states
from .models import PAYMENT, REFUND, Order, Receipt


class Outcome(StrEnum):
    """What a payment or a refund did to its order."""

    #: The order is paid, or refunded, by it.
    SETTLED = "settled"
    #: It was recorded before; nothing changed.
    REPEATED = "repeated"
    #: It is recorded, and the order stays where it is: a part of a refund, or one that came early.
    NOTED = "noted"
    #: It is recorded, but was not owed: another currency or amount, a second payment, an order
    #: that ended. Somebody has to return it.
    SURPLUS = "surplus"


def record_payment(
    site_id: int,
    order_id: str,
    *,
    provider: str,
    reference: str,
    amount: int,
    currency: str,
    at: str,
    actor: Actor | None = None,
) -> Outcome:
    """Record money that came, once per provider and reference, and move its order.

    ``at``: when it was paid; the delivery is counted from that day. ``actor``: the agent who saw
    a transfer arrive, if it was one.
    """
    paid = parse(at)
    now = stamp()
    with transaction():
        order, ticket = book.hold(site_id, order_id)
        owed = (
            order.state == states.AWAITING_PAYMENT
            and (amount, currency) == (order.total, order.currency)
        )  # fmt: skip
        by = actor or Actor("system", provider, "")
        if not _write(order, PAYMENT, provider, reference, amount, currency, not owed, by, at):
            return Outcome.REPEATED
        if not owed:
            _warn(order, ticket, by, amount, currency, now)
            return Outcome.SURPLUS
        settings = complete(site_of(site_id).settings)
        ready = delivery.ready_on(settings, delivery.today(settings, paid), order.lead_days)
        book.move(order, states.PAID, by, by=states.MONEY, now=now, paid_at=at,
                  delivery_on=ready.isoformat() if ready else None)  # fmt: skip
        book.count(site_id, "paid", amount, currency, now)
        book.tell("paid", order, ticket, by, now=now, facts={"delivery": order.delivery_on})
        if _returned(order) >= order.total:
            _end(order, ticket, by, now)  # The refund's news overtook the payment's.
    return Outcome.SETTLED


def record_refund(
    site_id: int,
    order_id: str,
    *,
    provider: str,
    reference: str,
    amount: int,
    currency: str,
    at: str,
    payment: str | None = None,
    actor: Actor | None = None,
) -> Outcome:
    """Record money that went back, once per provider and reference; all of it ends the order.

    ``payment``: the reference of the payment it returns, which tells the refund of a surplus
    from one of what was owed.
    """
    parse(at)
    now = stamp()
    with transaction():
        order, ticket = book.hold(site_id, order_id)
        surplus = currency != order.currency or _was_surplus(order, provider, payment)
        by = actor or Actor("system", provider, "")
        if not _write(order, REFUND, provider, reference, amount, currency, surplus, by, at):
            return Outcome.REPEATED
        if surplus:
            return Outcome.SURPLUS
        book.count(site_id, "refunded", amount, currency, now)
        if order.state in states.SETTLED and _returned(order) >= order.total:
            _end(order, ticket, by, now)
            return Outcome.SETTLED
    return Outcome.NOTED


def of_order(order: Order) -> list[Receipt]:
    """Return what was paid and returned, oldest first."""
    return list(
        Receipt.select()
        .where(Receipt.site_id == order.site_id, Receipt.order_id == order.id)
        .order_by(Receipt.at, Receipt.id)
    )


def _write(
    order: Order,
    kind: str,
    provider: str,
    reference: str,
    amount: int,
    currency: str,
    surplus: bool,
    actor: Actor,
    at: str,
) -> bool:
    if amount <= 0 or not provider or not reference:
        raise ValueError("A receipt has a provider, a reference and an amount above nothing.")
    return insert(
        Receipt,
        or_ignore=True,
        site_id=order.site_id,
        id=new_id(),
        order_id=order.id,
        kind=kind,
        provider=provider,
        reference=reference,
        amount=amount,
        currency=currency,
        surplus=int(surplus),
        actor_name=actor.name,
        at=at,
    )


def _returned(order: Order) -> int:
    rows = query(
        "SELECT coalesce(sum(amount), 0) FROM receipt WHERE site_id = ? AND order_id = ?"
        " AND kind = ? AND surplus = 0",
        order.site_id, order.id, REFUND,
    )  # fmt: skip
    return int(rows[0][0])


def _was_surplus(order: Order, provider: str, payment: str | None) -> bool:
    if payment is None:
        return order.state in (states.CANCELLED, states.REFUNDED)
    rows = query(
        "SELECT surplus FROM receipt WHERE site_id = ? AND provider = ? AND reference = ?"
        " AND kind = ?",
        order.site_id, provider, payment, PAYMENT,
    )  # fmt: skip
    return bool(rows and rows[0][0])


def _warn(order: Order, ticket: Ticket, by: Actor, amount: int, currency: str, now: str) -> None:
    """Tell the team of money that was not owed."""
    facts = {"total": [amount, currency]}
    book.tell("surplus", order, ticket, by, now=now, internal=True, facts=facts,
              amount=amount, currency=currency)  # fmt: skip


def _end(order: Order, ticket: Ticket, by: Actor, now: str) -> None:
    book.move(order, states.REFUNDED, by, by=states.MONEY, now=now)
    book.tell("refunded", order, ticket, by, now=now)
