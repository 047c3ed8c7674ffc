"""What is done without anybody waiting: ask, end, return, and have the shop make its order."""

from typing import Any

from ..database import fetch, transaction
from ..errors import NotFound
from ..jobs import Patience, enqueue, handler
from ..orders import book, events, returns, states
from ..orders.models import ASKED, Order, Receipt
from ..orders.views import offer_ways
from . import accounts, checkouts, news, rows, service
from .accounts import Till
from .models import CONFIRMING, OPEN, SHOP, STRIPE, Checkout
from .ways import PaymentRefused

#: A shop may be away for a week: doubling up to an hour, then hourly.
PATIENT = Patience(attempts=180)

#: Seconds between looks at a payment that is under way, and how many: a debit takes two weeks.
AGAIN, LOOKS = 6 * 3_600, 60

ENDED = (states.CANCELLED, states.DECLINED, states.REFUNDED)


@offer_ways
def offer(order: Order) -> dict[str, Any] | None:
    """Return how an order can be paid, and since when a payment is on its way."""
    waiting = rows.waiting_since(order)
    ways = service.ways_of(order)
    return {"ways": ways, "waiting_since": waiting} if ways or waiting else None


@events.listen
def follow(kind: str, order: Order, ticket: Any, **data: Any) -> None:
    """Keep providers in step with an order."""
    if kind in ("accepted", "ordered"):
        if any(each.way == SHOP for each in accounts.enabled(order.site_id)):
            enqueue("payments.shop", site_id=order.site_id, order_id=order.id)
    elif kind == "paid" or data.get("to") in ENDED or kind in ("refunded", "declined"):
        checkouts.end_all(order)


@handler("payments.shop", patience=PATIENT)
def make_shop_order(site_id: int, order_id: str) -> None:
    """Have the site's shop make the order, so that it is there when it is to be paid."""
    try:
        order = book.find(site_id, order_id)
    except NotFound:
        return
    known = {each.way: each for each in accounts.enabled(site_id)}
    if order.state == states.AWAITING_PAYMENT and SHOP in known:
        due = service.due_of(order, SHOP)
        checkouts.open_one(accounts.chosen(known[SHOP]), due)


@handler("payments.look", patience=PATIENT)
def look(site_id: int, checkout_id: str, turn: int = 0) -> None:
    """Ask how a payment stands: its provider's call may have gone astray."""
    checkout = _find(site_id, checkout_id)
    if checkout is None or checkout.reference is None or checkout.state not in (OPEN, CONFIRMING):
        return
    if not Till.providers[checkout.way].knows:
        return
    account = accounts.accounts(site_id).get(checkout.way)
    if account is None:
        return
    found = Till.providers[checkout.way].look(accounts.chosen(account), checkout)
    checkout = checkouts.note(checkout, found)
    if checkout.state == CONFIRMING and turn < LOOKS:
        enqueue("payments.look", delay=AGAIN, site_id=site_id, checkout_id=checkout_id,
                turn=turn + 1)  # fmt: skip


@handler("payments.ask", every=21_600)
def ask() -> None:
    """Have every payment looked at that has been quiet for a day, where somebody can be asked."""
    known = [way for way, provider in Till.providers.items() if provider.knows]
    for site_id, checkout_id in rows.quiet(known):
        unique = f"{rows.LOOK}{checkout_id}"
        enqueue("payments.look", unique_key=unique, site_id=site_id, checkout_id=checkout_id)


@handler("payments.end", patience=PATIENT)
def end(site_id: int, checkout_id: str) -> None:
    """Let nobody pay any more where a payment is open."""
    checkout = _find(site_id, checkout_id)
    account = accounts.accounts(site_id).get(checkout.way) if checkout else None
    if checkout is None or account is None or checkout.is_over:
        return
    if checkout.reference is None and checkout.way != SHOP:
        return  # Nobody was told where to pay; a shop's customers see theirs there.
    found = Till.providers[checkout.way].close(accounts.chosen(account), checkout)
    checkouts.note(checkout, found)


@handler("payments.end_erased", patience=PATIENT)
def end_erased(site_id: int, way: str, **known: Any) -> None:
    """The same for a payment whose row is gone: this is all that is left of it."""
    account = accounts.accounts(site_id).get(way)
    if account:
        checkout = Checkout(site_id=site_id, way=way, **known)
        Till.providers[way].close(accounts.chosen(account), checkout)


@handler("payments.refund", patience=PATIENT)
def refund(site_id: int, return_id: str) -> None:
    """Have Stripe send back what an agent asked for; its own call may tell the same again."""
    asked = returns.find(site_id, return_id)
    account = accounts.accounts(site_id).get(STRIPE)
    if asked is None or asked.state != ASKED:
        return
    if account is None:
        returns.refuse(site_id, asked.id, "Stripe is not set up here any more.")
        return
    receipt = fetch(Receipt, book.OWN, site_id, asked.receipt_id)[0]
    sums = (asked.amount, asked.currency)
    fault: str | None = None
    try:
        reference, status = Till.stripe.refund(
            accounts.chosen(account), receipt.reference, *sums, asked.id
        )
        fault = f"refund {status} · {reference}" if status in news.BOUNCED else None
    except PaymentRefused as error:
        reference, status = "", error.reason or ""
        fault = error.said  # It will refuse again: somebody has to look.
    with transaction():
        if fault is not None:
            returns.refuse(site_id, asked.id, fault)
        elif status == "succeeded":
            service.went_back(receipt, asked, reference)
        # Else the bank takes its days, and Stripe's call tells.
        checkout = rows.find(site_id, STRIPE, "payment", receipt.reference)
        if checkout and checkout.error != fault:
            rows.keep(checkout, error=fault)


def _find(site_id: int, checkout_id: str) -> Checkout | None:
    found = fetch(Checkout, book.OWN, site_id, checkout_id)
    return found[0] if found else None
