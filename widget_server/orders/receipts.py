"""Money as it comes and goes. Nothing is counted twice, nothing that came is forgotten."""

from enum import StrEnum

from ..clock import parse, stamp
from ..database import fetch, insert, query, transaction
from ..errors import Conflict, Invalid
from ..ids import new_id
from ..sites.look import complete
from ..sites.service import site_of
from ..tickets import ledger
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from . import book, delivery, returns, states
from .models import PAYMENT, REFUND, Order, Receipt

#: Who took money that an agent saw come or sent back by hand.
BY_HAND = "transfer"


class ReferenceTaken(Conflict):
    code = "reference_taken"
    message = "Money under this reference is in the book already. Add what tells the two apart."


class MoreThanLeft(Invalid):
    code = "more_than_left"
    message = "Name more than nothing, and no more than is left of what was paid."


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
        written = Receipt(
            kind=PAYMENT, provider=provider, reference=reference, amount=amount,
            currency=currency, surplus=not owed, at=at,
        )  # fmt: skip
        if not _write(order, written, by):
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
        if returned(order) >= order.total:
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
    asked: str | None = None,
    actor: Actor | None = None,
) -> Outcome:
    """Record money that went back, once per provider and reference; all of it ends the order.

    ``payment``: the reference of the payment it returns, which tells the refund of a surplus
    from one of what was owed. ``asked``: what an agent asked for, if this is it.
    """
    parse(at)
    now = stamp()
    with transaction():
        order, ticket = book.hold(site_id, order_id)
        if asked:
            returns.settle(site_id, asked)
        surplus = currency != order.currency or _was_surplus(order, provider, payment)
        by = actor or Actor("system", provider, "")
        written = Receipt(
            kind=REFUND, provider=provider, reference=reference, amount=amount,
            currency=currency, surplus=surplus, at=at, payment=payment,
        )  # fmt: skip
        if not _write(order, written, by):
            return Outcome.REPEATED
        if surplus:
            return Outcome.SURPLUS
        book.count(site_id, "refunded", amount, currency, now)
        if order.state not in states.SETTLED:
            return Outcome.NOTED
        if returned(order) >= order.total:
            _end(order, ticket, by, now)
            return Outcome.SETTLED
        facts = {"total": [amount, currency]}
        book.tell("part_refunded", order, ticket, by, now=now, facts=facts,
                  amount=amount, currency=currency)  # fmt: skip
    return Outcome.NOTED


def record_bounce(site_id: int, order_id: str, *, provider: str, reference: str, at: str) -> None:
    """Record that a refund came back to us, if it had been recorded.

    Its receipt stays, with one beside it that takes as much off. Where it ended the order, that
    is over all the same: what its payer gets now is between people.
    """
    own = "site_id = ? AND provider = ? AND reference = ? AND kind = ? AND order_id = ?"
    with transaction():
        order, ticket = book.hold(site_id, order_id)
        for sent in fetch(Receipt, own, site_id, provider, reference, REFUND, order_id):
            taken = {"id": new_id(), "reference": f"{reference}:bounced", "amount": -sent.amount}
            values = sent.__data__ | taken | {"at": at}
            if insert(Receipt, or_ignore=True, **values) and not sent.surplus:
                book.count(site_id, "refunded", -sent.amount, sent.currency, sent.at)
            ledger.touch(ticket, stamp())


def record_return(order: Order, actor: Actor, *, amount: int, reference: str) -> Outcome:
    """Record what an agent sent back by hand of what was paid for an order.

    Raises :exc:`MoreThanLeft`, :exc:`~.states.OrderMoved` for an order that was
    not paid, and :exc:`ReferenceTaken` for words that name another refund.
    """
    with transaction():
        order, _ = book.hold(order.site_id, order.id)
        if order.state not in states.SETTLED:
            raise states.OrderMoved()
        part(order.total - returned(order) - returns.asked_of(order), amount)
        outcome = record_refund(
            order.site_id, order.id, provider=BY_HAND, reference=reference, amount=amount,
            currency=order.currency, at=stamp(), actor=actor,
        )  # fmt: skip
        if outcome is Outcome.REPEATED:
            raise ReferenceTaken()
    return outcome


def of_order(order: Order) -> list[Receipt]:
    """Return what was paid and returned, oldest first."""
    return list(
        Receipt.select()
        .where(Receipt.site_id == order.site_id, Receipt.order_id == order.id)
        .order_by(Receipt.at, Receipt.id)
    )


def part(left: int, amount: int | None) -> int:
    """Return how much goes back: ``amount``, else all that is left. Raises :exc:`MoreThanLeft`."""
    if amount is None:
        return left
    if not 0 < amount <= left:
        raise MoreThanLeft(fields={"amount": [MoreThanLeft.message]})
    return amount


def left_of(receipt: Receipt) -> int:
    """Return how much of a payment can still go back, as far as we were told.

    Of what was owed no more than was not returned in another way, nor is on its way back.
    """
    rows = query(
        "SELECT coalesce(sum(amount), 0) FROM receipt WHERE site_id = ? AND order_id = ?"
        " AND kind = ? AND provider = ? AND payment = ?",
        receipt.site_id, receipt.order_id, REFUND, receipt.provider, receipt.reference,
    )  # fmt: skip
    order = book.find(receipt.site_id, receipt.order_id)
    surplus = bool(receipt.surplus)
    left = int(receipt.amount - rows[0][0])
    left -= returns.asked_of(order, surplus=surplus, receipt_id=receipt.id)
    if surplus:
        return left
    return min(left, order.total - returned(order) - returns.asked_of(order))


def _write(order: Order, receipt: Receipt, actor: Actor) -> bool:
    """Write a receipt; answer whether it is new. Raises :exc:`ReferenceTaken` for another's."""
    named = (order.site_id, receipt.provider, receipt.reference, receipt.kind)
    if receipt.amount <= 0 or not receipt.provider or not receipt.reference:
        raise ValueError("A receipt has a provider, a reference and an amount above nothing.")
    values = receipt.__data__ | {
        "site_id": order.site_id,
        "id": new_id(),
        "order_id": order.id,
        "surplus": int(receipt.surplus),
        "actor_name": actor.name,
    }
    if insert(Receipt, or_ignore=True, **values):
        return True
    own = "site_id = ? AND provider = ? AND reference = ? AND kind = ?"
    if any(known.order_id != order.id for known in fetch(Receipt, own, *named)):
        raise ReferenceTaken()
    return False


def returned(order: Order) -> int:
    """Return how much of what was owed went back."""
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
