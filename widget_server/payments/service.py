"""Everything that can happen between an order and its money. Knows nothing about HTTP."""

from typing import Any
from urllib.parse import urldefrag, urlsplit

from ..clock import stamp
from ..database import fetch, query, transaction
from ..errors import Invalid, NotFound
from ..identity.models import Requester
from ..identity.service import Caller
from ..jobs import enqueue
from ..orders import book, receipts, returns
from ..orders import service as orders
from ..orders.models import PAYMENT, Order, Receipt, Return
from ..sites.models import Site
from ..sites.reach import among
from ..sites.service import site_of
from ..tickets.ledger import Actor
from ..tickets.service import find_ticket
from . import accounts, checkouts, rows, transfers
from .accounts import Till
from .models import CONFIRMING, PAID, STRIPE, TRANSFER, Account
from .ways import Chosen, Due, Found, PaymentUnavailable

#: Seconds in which somebody may come back from a provider's page; a shop's order waits long.
RETURN_LIFE = 400 * 86_400

#: Days for which what went wrong is shown.
TROUBLED = 14

BACK, CANCELLED = "back", "cancelled"


def find(caller: Caller, order_id: str) -> Order:
    """Return the requester's own order; someone else's is not found."""
    order = book.find(caller.site_id, order_id)
    find_ticket(caller, order.ticket_id)
    return order


def ways_of(order: Order) -> list[dict[str, Any]]:
    """Return how an order can be paid, in the order in which it is offered."""
    return [
        {"kind": each.way, "label": each.settings.get("label")}
        for each in accounts.enabled(order.site_id)
        if _takes(each, order)
    ]


def _takes(account: Account, order: Order) -> bool:
    if account.way == TRANSFER:
        return True
    bare = Chosen(account.way, account.settings)
    return Till.providers[account.way].takes(bare, order.total, order.currency)


def begin(order: Order, way: str, page: str) -> dict[str, Any]:
    """Return where, or with which details, an order is paid now.

    ``page``: where the payer is, and comes back to. Asked again it is the same payment.
    """
    account = _way(order, way)
    due = due_of(order, way, page)
    if way == TRANSFER:
        return {"kind": way, "transfer": transfers.details(account.settings, due)}
    checkout = checkouts.open_one(accounts.chosen(account), due)
    if checkout.state in (CONFIRMING, PAID):
        return {"kind": way, "waiting": True}
    if not checkout.url:
        raise PaymentUnavailable("There is no address to pay at.")
    return {"kind": way, "url": checkout.url}


def _way(order: Order, way: str) -> Account:
    for each in accounts.enabled(order.site_id):
        if each.way == way and _takes(each, order):
            return each
    raise Invalid(fields={"way": ["This order cannot be paid this way."]})


def due_of(order: Order, way: str, page: str = "") -> Due:
    """Return what is to be paid. Raises :exc:`~..orders.states.OrderMoved` if nothing is."""
    owed = orders.payable(order.site_id, order.id)
    quote = book.quote_of(order)
    ticket = (order.site_id, order.ticket_id)
    payer = fetch(
        Requester,
        "site_id = ? AND id = (SELECT requester_id FROM ticket WHERE site_id = ? AND id = ?)",
        order.site_id, *ticket,
    )[0]  # fmt: skip
    return Due(
        site_id=order.site_id,
        order_id=order.id,
        amount=owed.amount,
        currency=owed.currency,
        reference=owed.reference,
        title=owed.title,
        email=owed.email,
        locale=owed.locale[:2],
        back=_return(order, way, BACK, page),
        cancelled=_return(order, way, CANCELLED, page),
        net=quote.net,
        lines=quote.lines,
        name=payer.name,
        sub=payer.sub,
    )


def _return(order: Order, way: str, outcome: str, page: str) -> str:
    claims = [order.site_id, order.id, order.ticket_id, way, outcome, page]
    return f"{Till.server_url}/pay/{Till.returns.issue(claims)}"


def come_back(token: str) -> str:
    """Return the page somebody goes on at after a provider's, with their ticket."""
    site_id, order_id, ticket_id, way, outcome, page = Till.returns.read(token, ttl=RETURN_LIFE)
    if outcome == BACK:
        checkouts.returned(site_id, order_id, way)
    place = page or next((each for each in site_of(site_id).origins if each != "*"), "")
    return f"{place or Till.server_url}#ventanilla=ticket.{ticket_id}"


def page_of(site: Site, page: str) -> str:
    """Return a page of the site, or of ours, without what is behind ``#``."""
    try:
        parts = urlsplit(page)
    except ValueError:
        parts = urlsplit("")
    origin = f"{parts.scheme}://{parts.netloc}"
    known = site.allows(origin) or origin == Till.server_url
    if parts.scheme not in ("http", "https") or not parts.hostname or not known:
        raise Invalid(fields={"return_to": ["A page of this site."]})
    return urldefrag(page)[0]


def give_back(receipt: Receipt, actor: Actor, amount: int | None = None) -> None:
    """Return what was paid: through Stripe by itself, else as the agent has done elsewhere.

    ``amount``: a part of it, else all that is left; done before is done. Raises
    :exc:`~..orders.receipts.MoreThanLeft`.
    """
    if receipt.kind != PAYMENT:
        raise NotFound("There is no such payment.")
    with transaction():
        order, _ = book.hold(receipt.site_id, receipt.order_id)
        left = receipts.left_of(receipt)
        if left <= 0 and amount is None:
            return
        amount = receipts.part(left, amount)
        if receipt.provider == STRIPE:
            asked = returns.ask(receipt, actor, amount)
            enqueue("payments.refund", site_id=receipt.site_id, return_id=asked.id)
            return
        orders.record_refund(
            receipt.site_id,
            receipt.order_id,
            provider=receipt.provider,
            reference=f"{receipt.reference}:refund{_turn(order, receipt)}",
            amount=amount,
            currency=receipt.currency,
            at=stamp(),
            payment=receipt.reference,
            actor=actor,
        )


def went_back(receipt: Receipt, asked: Return, reference: str) -> None:
    """Record what a provider says it sent back, because an agent asked for it."""
    orders.record_refund(
        receipt.site_id,
        receipt.order_id,
        provider=receipt.provider,
        reference=reference,
        amount=asked.amount,
        currency=asked.currency,
        at=stamp(),
        payment=receipt.reference,
        asked=asked.id,
    )


def _turn(order: Order, receipt: Receipt) -> str:
    """Return what tells one return of a payment from those before."""
    before = [each for each in receipts.of_order(order) if each.payment == receipt.reference]
    return f":{len(before) + 1}" if before else ""


def check(site_id: int, way: str) -> str | None:
    """Try a way as it is set up now; return what is wrong, in the provider's words."""
    account = accounts.accounts(site_id).get(way)
    if account is None:
        raise NotFound("Save it first.")
    if way == TRANSFER:
        return None
    return Till.providers[way].check(accounts.chosen(account))


def confirmed_by(site_id: int, way: str, order: Order, found: Found, at: str) -> orders.Outcome:
    """Record what a signed call says was paid."""
    with transaction():
        rows.hold_way(site_id, way)
        return orders.record_payment(
            site_id,
            order.id,
            provider=way,
            reference=found.reference,
            amount=found.amount,
            currency=found.currency,
            at=at,
        )


def receipt(site_id: int, receipt_id: str) -> Receipt:
    found = fetch(Receipt, book.OWN, site_id, receipt_id)
    if not found:
        raise NotFound("There is no such payment.")
    return found[0]


def troubles() -> list[tuple[Any, ...]]:
    """Return payments that could not be begun where somebody has to look: the latest first."""
    where, sites = among("c.site_id", None)
    return query(
        "SELECT c.site_id, c.way, c.error, c.updated_at, t.number, p.number FROM checkout c"
        " JOIN purchase p ON p.site_id = c.site_id AND p.id = c.order_id"
        " JOIN ticket t ON t.site_id = p.site_id AND t.id = p.ticket_id"
        " WHERE c.error IS NOT NULL AND c.updated_at > ?"
        f" AND (p.state = 'awaiting_payment' OR c.state = 'paid'){where}"
        " ORDER BY c.updated_at DESC LIMIT 20",
        stamp(seconds=-TROUBLED * 86_400), *sites,
    )  # fmt: skip


#: What went back of a payment; refunds written before they named it count for their provider's.
GONE_BACK = (
    "SELECT coalesce(sum(b.amount), 0) FROM receipt b WHERE b.site_id = r.site_id"
    " AND b.order_id = r.order_id AND b.kind = 'refund' AND b.provider = r.provider"
    " AND (b.payment = r.reference OR b.payment IS NULL AND b.surplus = 1)"
)

#: What an agent asked the provider to send back is not asked for again.
ON_ITS_WAY = (
    "SELECT coalesce(sum(m.amount), 0) FROM money_return m WHERE m.site_id = r.site_id"
    " AND m.order_id = r.order_id AND m.receipt_id = r.id AND m.state = 'asked'"
)


def owed_back() -> list[tuple[Any, ...]]:
    """Return what came and was not owed, as far as it has not gone back: the latest first."""
    gone = f"({GONE_BACK}) - ({ON_ITS_WAY})"
    where, sites = among("r.site_id", None)
    found = query(
        "SELECT r.site_id, r.id, r.order_id, r.provider, r.reference,"
        f" r.amount - {gone}, r.currency, r.at, t.number, p.number FROM receipt r"
        " JOIN purchase p ON p.site_id = r.site_id AND p.id = r.order_id"
        " JOIN ticket t ON t.site_id = p.site_id AND t.id = p.ticket_id"
        f" WHERE r.surplus = 1 AND r.kind = 'payment' AND r.amount - {gone} > 0{where}"
        " ORDER BY r.at DESC LIMIT 100",
        *sites,
    )
    # PostgreSQL adds whole numbers up to what Python calls a Decimal.
    return [(*row[:5], int(row[5]), *row[6:]) for row in found]
