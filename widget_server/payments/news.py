"""What providers tell: verified, taken in once, in whatever order it comes.

Each call is one transaction: that it was taken in, and what it did. A server that dies in between
has answered nothing, so the provider tells it again.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from ..clock import stamp, utcnow
from ..database import insert, transaction
from ..errors import BadRequest, NotFound
from ..jobs import handler
from ..money import CURRENCIES, exact
from ..orders import book, returns
from ..orders import service as orders
from ..sites.models import Site
from ..wire import UNUSABLE
from . import accounts, checkouts, rows, service, shops, stripe
from .models import CLOSED, CONFIRMING, LINK, SHOP, STRIPE, Checkout, News
from .signatures import verify
from .ways import Found

#: What a call did, beside the outcomes of :class:`~..orders.receipts.Outcome`.
IGNORED, NOTED, REPEATED = "ignored", "noted", "repeated"

#: Characters of an order's id.
ID = 24

#: Days a call's id is remembered; receipts keep what was paid apart forever.
KEEP_DAYS = 90

SESSIONS = {
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
}
REFUNDS = {"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"}
DISPUTE = "charge.dispute.created"

#: What Stripe has to be told to send.
STRIPE_EVENTS = (
    *sorted(SESSIONS), "refund.created", "refund.updated", "refund.failed", DISPUTE,
)  # fmt: skip

#: How a refund ends whose money came back to us.
BOUNCED = ("failed", "canceled")


class BadNews(BadRequest):
    code, message = "bad_hook", "This call cannot be read."


class _Read:
    """The fields of a call; what is missing or of another kind is :exc:`BadNews`."""

    def __init__(self, raw: bytes) -> None:
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise BadNews() from error
        if not isinstance(data, dict):
            raise BadNews()
        self.data: dict[str, Any] = data

    def text(self, name: str, most: int = 200) -> str:
        value = self.data.get(name)
        if not isinstance(value, str | int) or isinstance(value, bool) or not str(value):
            raise BadNews(f"{name} is missing.")
        if len(str(value)) > most or UNUSABLE.search(str(value)):
            raise BadNews(f"{name} is too long, or no text.")
        return str(value)

    def currency(self) -> str:
        if (code := self.text("currency").upper()) not in CURRENCIES:
            raise BadNews("currency has to be a code such as EUR.")
        return code

    def at(self) -> str:
        """Return when it happened: ``at`` or ``created``, seconds or ISO 8601; else now."""
        value = self.data.get("at", self.data.get("created"))
        try:
            moment = (
                datetime.fromisoformat(value)
                if isinstance(value, str)
                else datetime.fromtimestamp(value or utcnow().timestamp(), UTC)
            )
            if moment.tzinfo is None:
                raise ValueError("without a time zone nobody knows when that is")
            return min(stamp(moment), stamp())
        except (TypeError, ValueError, OverflowError, OSError) as error:
            raise BadNews("at has to be a time.") from error


def from_stripe(site: Site, raw: bytes, signature: str) -> str:
    """Take in an event of Stripe's; return what it did."""
    account = _account(site, STRIPE)
    verify(raw, signature, [accounts.chosen(account).secrets.get("hook_secret", "")])
    event = _Read(raw)
    kind = event.text("type")
    thing = (event.data.get("data") or {}).get("object")
    if not isinstance(thing, dict):
        raise BadNews("data.object is missing.")
    at = event.at()

    def act() -> tuple[str, str | None, str | None, dict[str, Any]]:
        if kind in SESSIONS:
            return _session(site.id, kind, thing, at)
        if kind in REFUNDS and thing.get("status") == "succeeded":
            return _stripe_refund(site.id, thing, at)
        if kind == DISPUTE or (kind in REFUNDS and thing.get("status") in BOUNCED):
            return _stripe_trouble(site.id, kind, thing, at)
        return IGNORED, None, None, {}

    return _once(site.id, STRIPE, event.text("id"), kind, at, act)


def _session(
    site_id: int, kind: str, thing: Mapping[str, Any], at: str
) -> tuple[str, str | None, str | None, dict[str, Any]]:
    try:
        found = stripe.found(thing)
        named = (thing.get("metadata") or {}).get("checkout")
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError, OSError) as error:
        raise BadNews("This session cannot be read.") from error
    checkout = _of_session(site_id, named, found)
    if checkout is None:
        return IGNORED, found.payment, None, {}
    if kind.endswith("failed") and found.state == CONFIRMING:
        found = Found(CLOSED, found.reference)
    noted = checkouts.note(checkout, found, at=at)
    if noted.state == CLOSED:
        rows.keep(noted, returned_at=None)
    return noted.state, found.payment, checkout.order_id, {}


def _of_session(site_id: int, named: Any, found: Found) -> Checkout | None:
    known = rows.find(site_id, STRIPE, "reference", found.reference)
    if known:
        return known
    # The server died between Stripe's answer and its own note of it: the session names its row.
    return rows.find(site_id, STRIPE, "id", named) if named else None


def _stripe_refund(
    site_id: int, thing: Mapping[str, Any], at: str
) -> tuple[str, str | None, str | None, dict[str, Any]]:
    payment = stripe.id_of(thing.get("payment_intent"))
    try:
        amount, currency = stripe.amount_of(int(thing["amount"]), str(thing["currency"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BadNews("This refund cannot be read.") from error
    told: dict[str, Any] = {
        "reference": str(thing["id"]),
        "amount": amount,
        "currency": currency,
        "at": at,
        "asked": _asked(thing),
    }
    checkout = rows.find(site_id, STRIPE, "payment", payment) if payment else None
    if checkout is None:
        return checkouts.WAITING, payment, None, told
    return checkouts.refund(checkout, **told), payment, checkout.order_id, {}


def _asked(thing: Mapping[str, Any]) -> str | None:
    """Return what an agent asked for, if a refund came of it and not of Stripe's own pages."""
    named = thing.get("metadata")
    return str(named["return"]) if isinstance(named, dict) and named.get("return") else None


def _stripe_trouble(
    site_id: int, kind: str, thing: Mapping[str, Any], at: str
) -> tuple[str, str | None, str | None, dict[str, Any]]:
    """A refund that did not arrive, or a payer who asks their bank for it: people have to look."""
    payment = stripe.id_of(thing.get("payment_intent"))
    checkout = rows.find(site_id, STRIPE, "payment", payment) if payment else None
    if checkout is None:
        return IGNORED, payment, None, {}
    why = thing.get("reason") if kind == DISPUTE else thing.get("failure_reason")
    told = ("dispute" if kind == DISPUTE else "refund failed", thing.get("id"), why)
    fault = " · ".join(str(each) for each in told if each)[:300]
    rows.keep(checkout, error=fault)
    if kind != DISPUTE:
        # It may have been told as sent before its bank sent it back.
        own, refund = (site_id, checkout.order_id), str(thing.get("id"))
        orders.record_bounce(*own, provider=STRIPE, reference=refund, at=at)
        if asked := _asked(thing):
            returns.refuse(site_id, asked, fault)
    return NOTED, payment, checkout.order_id, {}


def from_link(site: Site, raw: bytes, signature: str) -> str:
    """Take in what the page behind a payment link says was paid."""
    account = _account(site, LINK)
    verify(raw, signature, [accounts.chosen(account).secrets.get("secret", "")])
    call = _Read(raw)
    order = book.find(site.id, call.text("order"))
    amount = call.data.get("minor")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= 10**15:
        raise BadNews("minor has to be a whole number of cents or the like.")
    at, number = call.at(), call.text("id")
    reference = call.text("reference") if "reference" in call.data else number
    found = Found("paid", reference, amount=amount, currency=call.currency())

    def act() -> tuple[str, str | None, str | None, dict[str, Any]]:
        done = service.confirmed_by(site.id, LINK, order, found, at)
        return done, found.reference, order.id, {}

    return _once(site.id, LINK, number, "paid", at, act)


def from_shop(site: Site, raw: bytes, signature: str) -> str:
    """Take in what the site's shop says of an order."""
    _account(site, SHOP)
    verify(raw, signature, [key.secret for key in accounts.shop_keys(site.id)])
    call = _Read(raw)
    # An order cancelled in the shop and asked for again has a number behind our id.
    name, at = call.text("order"), call.at()
    order = book.find(site.id, name[:ID])
    currency = call.currency()
    try:
        found = shops.read_order(call.data | {"currency": currency})
        back = exact(str(call.data.get("refunded", "0")), CURRENCIES[currency])
    except (KeyError, TypeError, ValueError) as error:
        raise BadNews("id, status, total or refunded are missing or wrong.") from error

    def act() -> tuple[str, str | None, str | None, dict[str, Any]]:
        begun = [each for each in rows.of_order(order) if each.way == SHOP]
        checkout = next((each for each in begun if shops.name_of(each) == name), None)
        if checkout is None:
            return IGNORED, found.payment, order.id, {}
        noted = checkouts.note(checkout, found, at=at)
        # The shop tells what went back in all; the rest was told before.
        amount = back - rows.returned_of(noted)
        if amount > 0:
            told = f"{noted.payment}:{back}"
            checkouts.refund(noted, reference=told, amount=amount, currency=currency, at=at)
        return noted.state, found.payment, order.id, {}

    return _once(site.id, SHOP, call.text("event"), call.text("status"), at, act)


def _once(
    site_id: int,
    way: str,
    number: str,
    kind: str,
    at: str,
    act: Callable[[], tuple[str, str | None, str | None, dict[str, Any]]],
) -> str:
    with transaction():
        # The way's row first: news of one way are taken in one after the other.
        rows.hold_way(site_id, way)
        accounts.heard(site_id, way)
        row = {"site_id": site_id, "way": way, "id": number, "kind": kind[:80], "at": at}
        if not insert(News, or_ignore=True, data={}, outcome=NOTED, **row):
            return REPEATED
        outcome, payment, order_id, data = act()
        News.update(outcome=str(outcome), payment=payment, order_id=order_id, data=data).where(
            News.site_id == site_id, News.way == way, News.id == number
        ).execute()
    return str(outcome)


def _account(site: Site, way: str) -> Any:
    # Switched off, it still takes in what was begun before.
    account = accounts.accounts(site.id).get(way)
    if account is None:
        raise NotFound("This site does not take money this way.")
    return account


#: Who reads the call of which way, and the header that proves it.
TAKEN = {
    STRIPE: (from_stripe, "Stripe-Signature"),
    LINK: (from_link, "Ventanilla-Signature"),
    SHOP: (from_shop, "Ventanilla-Signature"),
}


@handler("payments.sweep", every=86_400)
def sweep() -> None:
    """Forget the ids of calls nobody repeats any more, and refunds of other business."""
    News.delete().where(News.at < stamp(seconds=-KEEP_DAYS * 86_400)).execute()
