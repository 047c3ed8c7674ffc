"""Quotes in the making, and what an agent does about an order."""

from datetime import date
from typing import Any

from flask import g, redirect, request, url_for

from ... import idempotency, money
from ...clock import parse, stamp
from ...errors import Invalid
from ...ids import new_id
from ...limits import limited
from ...orders import book, delivery, items, offers, service, states, typefaces
from ...orders import routes as documents
from ...orders.models import Order
from ...orders.receipts import BY_HAND
from ...orders.service import Offer
from ...orders.views import Documents
from ...sites.look import complete
from ...sites.models import Site
from ...tickets.models import Ticket
from ..presenters import orders as presenter
from ..presenters import quotes
from .acts import PATH, done, me
from .frame import bp, is_part, page, words
from .inbox import shell
from .ticket import load

ORDER = f"{PATH}/orders/<order_id>"


@bp.get(f"{PATH}/quote")
def new_quote(site_key: str, number: int) -> str:
    """Show the builder: empty, or with what was sent when it makes another version."""
    site, ticket = load(site_key, number)
    settings = complete(site.settings)
    order = _former(site, ticket)
    form = (
        quotes.of_quote(book.quote_of(order), settings)
        if order
        else quotes.blank(settings, ticket.title)
    )
    return _builder(site, ticket, order, form)


@bp.post(f"{PATH}/quote")
@limited("120 per minute", by=lambda: f"agent {g.agent.id}")
def create_quote(site_key: str, number: int) -> Any:
    """Send it, or change its lines: ``act`` is "send", "add", "insert" or "remove:2"."""
    site, ticket = load(site_key, number)
    order, form = _former(site, ticket), quotes.typed(request.form)
    act = request.form.get("act", "send")
    if act != "send":
        return _builder(site, ticket, order, _edited(site, form, act), fresh=act)
    try:
        offer = quotes.read(form)
        _send(ticket, order, form, offer)
    except Invalid as error:
        return _builder(site, ticket, order, form, faults=error.details.get("fields", {})), 422
    return redirect(url_for("console.ticket", site_key=site.key, number=ticket.number), 303)


@bp.post(f"{PATH}/quote/preview")
@limited("240 per minute", by=lambda: f"agent {g.agent.id}")
def preview_quote(site_key: str, number: int) -> str:
    """Return what the requester would see, with the sums as the server computes them."""
    site, ticket = load(site_key, number)
    return page("_quote_preview.html", **_previewed(site, ticket, quotes.typed(request.form)))


@bp.post(f"{ORDER}/state")
def update_order(site_key: str, number: int, order_id: str) -> Any:
    """Move an order on, or cancel it."""
    site, ticket, order = _find(site_key, number, order_id)
    to = request.form.get("to", "")
    if to not in states.STATES:
        raise Invalid(fields={"to": ["No such state."]})
    service.move(order, me(), to, reason=_line("reason"))
    return done(site, ticket)


@bp.post(f"{ORDER}/payment")
def create_receipt(site_key: str, number: int, order_id: str) -> Any:
    """Record a transfer that arrived."""
    site, ticket, order = _find(site_key, number, order_id)
    service.record_payment(
        site.id, order.id, provider=BY_HAND, reference=_line("reference") or f"{order.number}",
        amount=order.total, currency=order.currency, at=_arrived(site, order), actor=me(),
    )  # fmt: skip
    return done(site, ticket)


@bp.post(f"{ORDER}/refund")
def create_refund(site_key: str, number: int, order_id: str) -> Any:
    """Record money that was sent back by hand."""
    site, ticket, order = _find(site_key, number, order_id)
    try:
        amount = money.read(_line("amount"), money.decimals_of(order.currency))
    except ValueError as error:
        raise Invalid(fields={"amount": [str(error)]}) from error

    def act() -> str:
        reference = _line("reference") or stamp()
        return service.record_return(order, me(), amount=amount, reference=reference)

    # However often the button is pressed, it went back once.
    scope, key = f"console:{g.agent.id}:{order.id}:refund", _line("key") or new_id()
    idempotency.once(site.id, scope, key, [amount, _line("reference")], act)
    return done(site, ticket)


@bp.get(f"{ORDER}/document")
def order_document(site_key: str, number: int, order_id: str) -> Any:
    """Send the PDF as its reader gets it."""
    _, _, order = _find(site_key, number, order_id)
    return documents.send(order, book.quote_of(order), None)


def _send(ticket: Ticket, order: Order | None, form: dict[str, Any], offer: Offer) -> None:
    """Send it once, however often the button is pressed."""

    def act() -> dict[str, str]:
        if order:
            return {"order": service.requote(order, me(), offer).id}
        return {"order": service.quote(ticket, me(), offer, work=form["work"]).id}

    scope = f"console:{g.agent.id}:{ticket.id}:quote"
    key = _line("key") or new_id()
    idempotency.once(ticket.site_id, scope, key, form, act)


def _find(site_key: str, number: int, order_id: str) -> tuple[Site, Ticket, Order]:
    site, ticket = load(site_key, number)
    return site, ticket, book.find_in(ticket, order_id)


def _former(site: Site, ticket: Ticket) -> Order | None:
    """Return the order that gets another version, if the address names one."""
    order_id = request.values.get("order")
    return _find(site.key, ticket.number, order_id)[2] if order_id else None


def _arrived(site: Site, order: Order) -> str:
    """Return when a transfer came: now, or at noon of the day the agent says it came on."""
    settings, typed = complete(site.settings), _line("on")
    # What is no day lies before every order, and is refused as such.
    day = quotes.day(typed) or date.min if typed else None
    return delivery.arrived(settings, day, parse(order.created_at))


def _line(name: str) -> str:
    return " ".join(request.form.get(name, "").split())[:500]


def _edited(site: Site, form: dict[str, Any], act: str) -> dict[str, Any]:
    """Return the form with a line more or less."""
    lines = form["lines"]
    name, _, which = act.partition(":")
    if name == "remove" and which.isdigit():
        lines = [row for n, row in enumerate(lines) if n != int(which)]
    if name == "insert":
        chosen = [each for each in items.of_site(site.id) if each.id == request.form.get("item")]
        lines = [row for row in lines if row["text"] or row["price"]]
        lines += [quotes.of_item(each, form["currency"]) for each in chosen]
    if name == "add" or not lines:
        usual = quotes.blank(complete(site.settings), "")["lines"]
        rate = lines[-1]["rate"] if lines else usual[0]["rate"]
        lines = [*lines, usual[0] | {"rate": rate}]
    return form | {"lines": lines}


def _builder(
    site: Site,
    ticket: Ticket,
    order: Order | None,
    form: dict[str, Any],
    *,
    faults: dict[str, Any] | None = None,
    fresh: str = "",
) -> str:
    values = {
        "form": form,
        "key": _line("key") or new_id(),
        "faults": faults or {},
        "fresh": fresh,
        "order": order,
        "owner": site,
        "ticket": ticket,
        "items": presenter.saved(site, words()),
        "currencies": sorted(money.CURRENCIES),
        "limits": {"text": quotes.TEXT, "title": quotes.TITLE, "note": quotes.NOTE},
        **_previewed(site, ticket, form),
    }
    if is_part():
        return page("_builder.html", **values)
    return page("quote.html", **values, **shell())


def _previewed(site: Site, ticket: Ticket, form: dict[str, Any]) -> dict[str, Any]:
    settings = complete(site.settings)
    try:
        offer = quotes.read(form)
        sums = offers.check(offer, settings, work=form["work"])
    except Invalid as error:
        return {"card": None, "amiss": error.details.get("fields", {})}
    usual = (site.name, settings["orders"]["seller"], settings["orders"]["terms"])
    said = (offer.title, offer.note, *(each.text for each in offer.lines))
    return {
        "card": quotes.preview(offer, sums, settings, ticket.locale),
        "amiss": {},
        "unprintable": typefaces.missing((*said, *usual, book.customer(ticket)))
        if Documents.can_be_made()
        else "",
    }
