"""Payments begun at a provider: at most one of a way is open at a time, and none is forgotten."""

from typing import Any

from ..clock import stamp
from ..database import execute, fetch, insert, transaction
from ..ids import new_id
from ..jobs import enqueue
from ..orders import book, states
from ..orders.models import Order
from ..orders.receipts import ReferenceTaken
from ..orders.service import Outcome, record_payment, record_refund
from ..tickets import ledger
from . import rows
from .accounts import Till
from .models import CLOSED, CONFIRMING, OPEN, OPENING, PAID, SHOP, Checkout, News
from .rows import keep
from .ways import REPLAYED, Chosen, Due, Failed, Found, PaymentRefused, PaymentUnavailable

#: One that ends sooner than this is ended now, and another begun: nobody is cut off while paying.
NEARLY_OVER = 300

#: Ended ones that may be found before one is open.
TRIES = 4

#: Seconds after which a provider is asked by itself, should its call not have come.
LOOK_AFTER = 600

WAITING = "waiting"

#: Which states news may lead to from each: they come late, twice and in any order. A debit that
#: bounced stays "complete, unpaid" at Stripe for good: what is closed is not on its way again.
FORWARD = {
    OPENING: (OPEN, CONFIRMING, PAID, CLOSED),
    OPEN: (OPEN, CONFIRMING, PAID, CLOSED),
    CONFIRMING: (OPEN, CONFIRMING, PAID, CLOSED),
    CLOSED: (PAID, CLOSED),
    PAID: (PAID,),
}


def open_one(chosen: Chosen, due: Due) -> Checkout:
    """Return the payment in which ``due`` can be paid now: the one that is open, or another.

    Another is begun only once the provider has said that nobody can pay in the last. Raises
    :exc:`~.ways.PaymentUnavailable`, :exc:`~.ways.PaymentRefused` or
    :exc:`~..orders.states.OrderMoved`.
    """
    provider = Till.providers[chosen.way]
    for _ in range(TRIES):
        checkout = _current(chosen, due)
        try:
            if checkout.reference is None:
                found = provider.open(chosen, checkout)
            elif _nearly_over(checkout):
                found = provider.close(chosen, checkout)
            else:
                found = provider.look(chosen, checkout)
        except Failed as error:
            _failed(checkout, error)
            if _is_lost(checkout, error):
                continue
            raise
        checkout = note(checkout, found)
        if checkout.state != CLOSED:
            return checkout
    raise PaymentUnavailable("It was closed again and again.")


def _current(chosen: Chosen, due: Due) -> Checkout:
    """Return the last payment begun, or a row for the next if that one is over."""
    provider = Till.providers[chosen.way]
    with transaction():
        order, _ = book.hold(due.site_id, due.order_id)
        if order.state != states.AWAITING_PAYMENT:
            raise states.OrderMoved()
        last = rows.last(due.site_id, due.order_id, chosen.way)
        if last and not last.is_over:
            if not provider.knows:  # Nothing waits there: what is set up by now is what counts.
                _ask_anew(last, provider.request(chosen, due))
            return last
        now = stamp()
        values: dict[str, Any] = {
            "site_id": due.site_id,
            "id": new_id(),
            "order_id": due.order_id,
            "way": chosen.way,
            "serial": last.serial + 1 if last else 1,
            "state": OPENING,
            "amount": due.amount,
            "currency": due.currency,
            "request": provider.request(chosen, due),
            "expires_at": stamp(seconds=provider.life) if provider.life else None,
            "created_at": now,
            "updated_at": now,
        }
        made = Checkout(**values)
        insert(Checkout, **values)
        if provider.knows and provider.life:
            _look_later(made, provider.life + LOOK_AFTER)
    return made


def _ask_anew(checkout: Checkout, request: dict[str, Any]) -> None:
    Checkout.update(request=request).where(
        Checkout.site_id == checkout.site_id, Checkout.id == checkout.id
    ).execute()
    checkout.request = request


def note(checkout: Checkout, found: Found, *, at: str | None = None) -> Checkout:
    """Write down how a payment stands at its provider, and what follows from it."""
    with transaction():
        rows.hold_way(checkout.site_id, checkout.way)
        order, ticket = book.hold(checkout.site_id, checkout.order_id)
        checkout = rows.of_id(checkout.site_id, checkout.id)
        was = checkout.state
        if was == PAID and found.state != PAID:
            return checkout  # Late, or of a copy the shop made: no money came with it.
        # A shop's people may open again what was cancelled.
        forward = FORWARD[OPEN if checkout.way == SHOP and was == CLOSED else was]
        state = found.state if found.state in forward else was
        keep(
            checkout,
            state=state,
            reference=checkout.reference or found.reference,
            payment=found.payment or checkout.payment,
            url=found.url or checkout.url,
            expires_at=found.expires_at or checkout.expires_at,
            error=None,
        )
        if state != was and CONFIRMING in (state, was) and state != PAID:
            ledger.touch(ticket, stamp())  # Open panels show what is on its way.
        if state == PAID:
            _settle(checkout, found, at or stamp())
        elif state == OPEN and (order.state != states.AWAITING_PAYMENT or _is_old(checkout)):
            end_later(checkout)
    return checkout


def _settle(checkout: Checkout, found: Found, at: str) -> None:
    payment = checkout.payment or checkout.reference or checkout.id
    paid: dict[str, Any] = {"amount": found.amount, "currency": found.currency, "at": at}
    own = (checkout.site_id, checkout.order_id)
    try:
        record_payment(*own, provider=checkout.way, reference=payment, **paid)
    except ReferenceTaken:
        if checkout.way != SHOP:
            raise
        # A shop that counts anew gives a number twice: what is added tells the two apart.
        payment = f"{payment} · {checkout.reference}"
        keep(checkout, payment=payment)
        record_payment(*own, provider=checkout.way, reference=payment, **paid)
    # A refund's news may have overtaken the payment's.
    early = fetch(
        News,
        "site_id = ? AND way = ? AND payment = ? AND outcome = ?",
        checkout.site_id, checkout.way, payment, WAITING,
    )  # fmt: skip
    for news in early:
        outcome = refund(checkout, **news.data)
        execute(
            "UPDATE payment_news SET outcome = ?, order_id = ?"
            " WHERE site_id = ? AND way = ? AND id = ?",
            outcome, checkout.order_id, news.site_id, news.way, news.id,
        )  # fmt: skip


def refund(
    checkout: Checkout,
    *,
    reference: str,
    amount: int,
    currency: str,
    at: str,
    asked: str | None = None,
) -> Outcome:
    """Record money that went back through a payment; ``asked``: because an agent asked for it."""
    return record_refund(
        checkout.site_id,
        checkout.order_id,
        provider=checkout.way,
        reference=reference,
        amount=amount,
        currency=currency,
        at=at,
        payment=checkout.payment,
        asked=asked,
    )


def returned(site_id: int, order_id: str, way: str) -> None:
    """Note that the payer came back from the provider's page; its word is still to come."""
    with transaction():
        last = rows.last(site_id, order_id, way)
        if last and last.state in (OPEN, CONFIRMING):
            keep(last, returned_at=stamp())
            if Till.providers[way].knows:
                _look_later(last, LOOK_AFTER)


def end_all(order: Order) -> None:
    """The order needs no money any more: let nobody pay where a payment is open."""
    for checkout in rows.of_order(order):
        if _can_end(checkout):
            end_later(checkout)


def abandon(order: Order) -> None:
    """The order is about to be erased, and these rows with it: nobody may pay for it after."""
    for checkout in rows.of_order(order):
        known = checkout.reference or checkout.way == SHOP
        if known and not checkout.is_over and _can_end(checkout):
            names = ("site_id", "order_id", "way", "serial", "amount", "currency", "reference")
            told = {name: getattr(checkout, name) for name in names}
            enqueue("payments.end_erased", **told)


def _can_end(checkout: Checkout) -> bool:
    """Could it still be paid there? What waits in a shop waits for a transfer nobody made yet."""
    waits = checkout.way == SHOP and checkout.state == CONFIRMING
    return waits or checkout.state in (OPENING, OPEN)


def end_later(checkout: Checkout) -> None:
    enqueue("payments.end", site_id=checkout.site_id, checkout_id=checkout.id)


def _look_later(checkout: Checkout, delay: float) -> None:
    enqueue("payments.look", delay=delay, site_id=checkout.site_id, checkout_id=checkout.id)


def _is_old(checkout: Checkout) -> bool:
    """Was another begun since?"""
    last = rows.last(checkout.site_id, checkout.order_id, checkout.way)
    return last is not None and last.serial > checkout.serial


def _failed(checkout: Checkout, error: Failed) -> None:
    """What Stripe refuses it will refuse again; a shop's mind is changed in its settings."""
    refused = isinstance(error, PaymentRefused)
    over = {"state": CLOSED} if refused and checkout.way != SHOP else {}
    with transaction():
        if rows.of_id(checkout.site_id, checkout.id).reference is None:
            keep(checkout, error=error.said, **over)
        elif refused and checkout.reference:
            keep(checkout, error=error.said)  # It was begun, and cannot be paid as it is now.


def _is_lost(checkout: Checkout, error: Failed) -> bool:
    """Was it never begun, and is this request too old to begin it now?

    If it was begun after all, nobody was ever told where it can be paid.
    """
    if checkout.reference is not None or not isinstance(error, PaymentRefused):
        return False
    ends = checkout.expires_at
    shortest = Till.providers[checkout.way].shortest
    return error.reason == REPLAYED or bool(ends and ends <= stamp(seconds=shortest))


def _nearly_over(checkout: Checkout) -> bool:
    ends = checkout.expires_at
    return bool(ends and ends <= stamp(seconds=NEARLY_OVER))
