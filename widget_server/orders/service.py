"""Everything that can happen to a quote or an order. Knows nothing about HTTP."""

from dataclasses import dataclass
from typing import Any

from ..clock import stamp
from ..database import fetch, insert, transaction
from ..errors import Conflict, NotFound
from ..identity.service import Caller
from ..ids import new_id
from ..sites.look import complete
from ..sites.service import site_of
from ..tickets import due, ledger, search
from ..tickets import states as ticket_states
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from ..tickets.service import as_actor, find_ticket
from . import book, delivery, logos, merging, offers, states
from .models import ACCEPTED, DECLINED, QUOTE, WORK, Decision, Order, Quote
from .offers import Offer
from .receipts import Outcome, record_bounce, record_payment, record_refund, record_return

__all__ = [
    "Offer",
    "Outcome",
    "Payable",
    "Whence",
    "accept",
    "decline",
    "merging",
    "move",
    "payable",
    "quote",
    "record_bounce",
    "record_payment",
    "record_refund",
    "record_return",
    "requote",
]


class QuoteChanged(Conflict):
    code, message = "quote_changed", "There is a newer version of this quote."


class QuoteExpired(Conflict):
    code, message = "quote_expired", "This quote has expired. Ask for a new one."


@dataclass(frozen=True)
class Whence:
    """Where a decision came from: the page's origin and the network address."""

    origin: str | None
    address: str | None


@dataclass(frozen=True)
class Payable:
    """What is to be paid, and by whom, for whoever takes the money."""

    amount: int
    currency: str
    reference: str
    title: str
    email: str | None
    locale: str


def quote(ticket: Ticket, actor: Actor, offer: Offer, *, work: bool = False) -> Order:
    """Send a quote in a ticket, or, with ``work``, an order that needs no acceptance."""
    settings = _settings(ticket.site_id)
    sums = offers.check(offer, settings, work=work)
    now = stamp()
    year = delivery.today(settings).year
    with transaction():
        ticket = book.held_ticket(ticket.site_id, ticket.id)
        values: dict[str, Any] = {
            "site_id": ticket.site_id,
            "id": new_id(),
            "ticket_id": ticket.id,
            "kind": WORK if work else QUOTE,
            "state": states.AWAITING_PAYMENT if work else states.AWAITING_ACCEPTANCE,
            "quote_id": new_id(),
            "quote_number": None if work else book.number(ticket.site_id, "quote", year),
            "number": book.number(ticket.site_id, "order", year) if work else None,
            "title": offer.title,
            "currency": offer.currency,
            "total": sums.total,
            "lead_days": offer.lead_days,
            "accepted_at": now if work else None,
            "created_at": now,
            "updated_at": now,
        }
        order = Order(**values)
        insert(Order, **values)
        logos.order(order.site_id, settings)
        offers.write(order, 1, offer, sums, settings, actor, now)
        book.log(order, order.state, actor, was=None, now=now)
        book.count(order.site_id, "quoted", sums.total, offer.currency, now)
        if work:
            book.count(order.site_id, "accepted", sums.total, offer.currency, now)
        _answer(ticket, actor, now)
        facts = offers.facts(order, settings, offer)
        book.tell("ordered" if work else "quoted", order, ticket, actor, now=now, facts=facts,
                  version=1)  # fmt: skip
    return order


def requote(order: Order, actor: Actor, offer: Offer) -> Order:
    """Replace a quote that nobody accepted by another version of it."""
    settings = _settings(order.site_id)
    sums = offers.check(offer, settings)
    now = stamp()
    with transaction():
        order, ticket = book.hold(order.site_id, order.id)
        if order.state != states.AWAITING_ACCEPTANCE:
            book.move(order, states.AWAITING_ACCEPTANCE, actor, by=states.OFFER, now=now)
        former = book.quote_of(order)
        version = former.version + 1
        # Taken off the day it was counted on: no day shows less than nothing.
        book.count(order.site_id, "quoted", -former.total, former.currency, former.sent_at)
        book.count(order.site_id, "quoted", sums.total, offer.currency, now)
        order.quote_id = new_id()
        offers.write(order, version, offer, sums, settings, actor, now)
        book.keep(
            order,
            now,
            quote_id=order.quote_id,
            title=offer.title,
            currency=offer.currency,
            total=sums.total,
            lead_days=offer.lead_days,
        )
        _answer(ticket, actor, now)
        facts = offers.facts(order, settings, offer)
        book.tell("quoted", order, ticket, actor, now=now, facts=facts, version=version)
    return order


def find(caller: Caller, ticket_id: str, quote_id: str) -> tuple[Order, Quote]:
    """Return the requester's own order by one of its versions; someone else's is not found."""
    ticket = find_ticket(caller, ticket_id)
    versions = fetch(Quote, book.OWN, caller.site_id, quote_id)
    if versions:
        order = book.find(caller.site_id, versions[0].order_id)
        if order.ticket_id == ticket.id:
            return order, versions[0]
    raise NotFound("No such quote.")


def accept(caller: Caller, order: Order, version: Quote, *, digest: str, whence: Whence) -> Order:
    """Accept exactly this version, as ``digest`` names it. Accepting it again changes nothing.

    Raises :exc:`QuoteChanged`, :exc:`QuoteExpired` or :exc:`~.states.OrderMoved`.
    """
    settings = _settings(order.site_id)
    now = stamp()
    with transaction():
        order, ticket = book.hold(order.site_id, order.id)
        if _decided(version) == ACCEPTED and order.quote_id == version.id:
            return order
        _check_current(order, version, digest)
        if version.expires_at is not None and now >= version.expires_at:
            raise QuoteExpired()
        actor = as_actor(caller)
        year = delivery.today(settings).year
        numbered = book.number(order.site_id, "order", year)
        book.move(order, states.AWAITING_PAYMENT, actor, by=states.REQUESTER, now=now,
                  accepted_at=now, number=numbered)  # fmt: skip
        _decide(caller, ticket, version, ACCEPTED, "", whence, now)
        book.count(order.site_id, "accepted", order.total, order.currency, now)
        search.add(order.site_id, order.ticket_id, numbered)
        facts = offers.facts(order, settings)
        book.tell("accepted", order, ticket, actor, now=now, facts=facts, version=version.version)
    return order


def decline(
    caller: Caller, order: Order, version: Quote, *, digest: str, reason: str, whence: Whence
) -> Order:
    """Decline this version, with a reason. Declining it again changes nothing."""
    now = stamp()
    with transaction():
        order, ticket = book.hold(order.site_id, order.id)
        if _decided(version) == DECLINED and order.state == states.DECLINED:
            return order
        _check_current(order, version, digest)
        actor = as_actor(caller)
        book.move(order, states.DECLINED, actor, by=states.REQUESTER, now=now, reason=reason)
        _decide(caller, ticket, version, DECLINED, reason, whence, now)
        book.tell("declined", order, ticket, actor, now=now, reason=reason,
                  facts={"said": reason})  # fmt: skip
    return order


def move(order: Order, actor: Actor, to: str, *, reason: str = "") -> Order:
    """Move an order as agents may: into production, delivered, cancelled."""
    now = stamp()
    with transaction():
        order, ticket = book.hold(order.site_id, order.id)
        if order.state == to:
            return order
        book.move(order, to, actor, by=states.AGENT, now=now, reason=reason)
        book.tell("order_moved", order, ticket, actor, now=now, to=to, reason=reason,
                  facts={"order_state": to, "said": reason})  # fmt: skip
    return order


def payable(site_id: int, order_id: str) -> Payable:
    """Return what an order asks to be paid. Raises :exc:`~.states.OrderMoved` if nothing."""
    order = book.find(site_id, order_id)
    if order.state != states.AWAITING_PAYMENT:
        raise states.OrderMoved()
    ticket = book.ticket_of(order)
    return Payable(
        order.total,
        order.currency,
        order.number or order.id,
        order.title,
        ticket.email,
        ticket.locale,
    )


def _settings(site_id: int) -> dict[str, Any]:
    return complete(site_of(site_id).settings)


def _check_current(order: Order, version: Quote, digest: str) -> None:
    if order.quote_id != version.id or digest != version.digest:
        raise QuoteChanged()


def _decided(version: Quote) -> str | None:
    rows = fetch(Decision, "site_id = ? AND quote_id = ?", version.site_id, version.id)
    return rows[0].answer if rows else None


def _decide(
    caller: Caller,
    ticket: Ticket,
    version: Quote,
    answer: str,
    reason: str,
    whence: Whence,
    now: str,
) -> None:
    insert(
        Decision,
        site_id=version.site_id,
        quote_id=version.id,
        order_id=version.order_id,
        answer=answer,
        digest=version.digest,
        reason=reason,
        requester_id=caller.id,
        name=caller.name or "",
        email=caller.email or ticket.email,
        origin=whence.origin,
        address=whence.address,
        at=now,
    )


def _answer(ticket: Ticket, actor: Actor, now: str) -> None:
    """An offer answers who was waiting."""
    ledger.move(ticket, actor, ticket_states.answered(ledger.standing_of(ticket)), at=now)
    due.answered(ticket, now)
    ticket.answered_at = ticket.answered_at or now
    ticket.waiting_since = None
    ticket.agent_unread_since = None
