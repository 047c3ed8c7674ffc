"""Quotes and orders for programs: sent, moved, paid; saved lines and what quotes usually say."""

from typing import Any

from flask import Response

from ...clock import parse, stamp
from ...errors import Invalid
from ...orders import book, delivery, items, service, views
from ...orders.models import Order
from ...orders.receipts import BY_HAND
from ...sites import contact
from ...sites import service as sites
from ...sites.look import complete
from ...sites.models import Site
from ...tickets.models import Ticket
from ...tickets.routes import KEY
from .. import orders
from ..guards import actor, allowed, site_of
from .frame import TOKEN, answer, bp, once
from .tickets import ONE, READ, WRITE, load

ALL = f"{ONE}/orders"
ORDER = f"{ALL}/<order_id>"
ITEMS = "/sites/<site_key>/items"


@bp.get(ALL)
@allowed(READ)
@bp.alt_response(200, schema=orders.Orders)
@bp.doc(**TOKEN)
def agent_orders(site_key: str, number: int) -> Response:
    """List a ticket's quotes and orders, oldest first; money in minor units."""
    site, ticket = load(site_key, number)
    found = [book.find(site.id, each["id"]) for each in views.of_ticket(ticket)()["orders"]]
    return answer({"orders": [orders.told(each, complete(site.settings)) for each in found]})


@bp.post(ALL)
@allowed(WRITE)
@bp.arguments(orders.NewOrder())
@bp.alt_response(201, schema=orders.AgentOrder)
@bp.doc(**TOKEN, **KEY)
def agent_create_quote(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Send a quote, or an order for work that needs no acceptance."""
    site, ticket = load(site_key, number)

    def act() -> str:
        offer = orders.offer(data, complete(site.settings))
        return service.quote(ticket, actor(), offer, work=data["kind"] == "work").id

    made = once(site.id, f"{ticket.id}:quote", data, act)
    return _shown(site, book.find(site.id, made), 201)


@bp.get(ORDER)
@allowed(READ)
@bp.alt_response(200, schema=orders.AgentOrder)
@bp.doc(**TOKEN)
def agent_order(site_key: str, number: int, order_id: str) -> Response:
    """Return one of them."""
    site, _, order = _find(site_key, number, order_id)
    return _shown(site, order)


@bp.post(f"{ORDER}/versions")
@allowed(WRITE)
@bp.arguments(orders.OfferInput())
@bp.alt_response(201, schema=orders.AgentOrder)
@bp.doc(**TOKEN, **KEY)
def agent_create_version(
    data: dict[str, Any], site_key: str, number: int, order_id: str
) -> Response:
    """Replace a quote that nobody accepted by another version of it."""
    site, _, order = _find(site_key, number, order_id)

    def act() -> str:
        return service.requote(order, actor(), orders.offer(data, complete(site.settings))).id

    once(site.id, f"{order.id}:version", data, act)
    return _shown(site, book.find(site.id, order.id), 201)


@bp.put(f"{ORDER}/state")
@allowed(WRITE)
@bp.arguments(orders.OrderState())
@bp.alt_response(200, schema=orders.AgentOrder)
@bp.doc(**TOKEN)
def agent_update_order(data: dict[str, Any], site_key: str, number: int, order_id: str) -> Response:
    """Move it on, or cancel it: to one of `open_to`."""
    site, _, order = _find(site_key, number, order_id)
    return _shown(site, service.move(order, actor(), data["state"], reason=data["reason"]))


@bp.post(f"{ORDER}/payment")
@allowed(WRITE)
@bp.arguments(orders.NewReceipt())
@bp.alt_response(201, schema=orders.AgentOrder)
@bp.doc(**TOKEN)
def agent_create_receipt(
    data: dict[str, Any], site_key: str, number: int, order_id: str
) -> Response:
    """Record a transfer that arrived; the same reference counts once."""
    site, _, order = _find(site_key, number, order_id)
    at = delivery.arrived(complete(site.settings), data["on"], parse(order.created_at))
    # One nobody accepted has no number yet, and a quote's may be another order's.
    reference = data["reference"] or order.number or order.id
    service.record_payment(
        site.id, order.id, provider=BY_HAND, reference=reference,
        amount=order.total, currency=order.currency, at=at, actor=actor(),
    )  # fmt: skip
    return _shown(site, book.find(site.id, order.id), 201)


@bp.post(f"{ORDER}/refund")
@allowed(WRITE)
@bp.arguments(orders.NewRefund())
@bp.alt_response(201, schema=orders.AgentOrder)
@bp.doc(**TOKEN, **KEY)
def agent_create_refund(
    data: dict[str, Any], site_key: str, number: int, order_id: str
) -> Response:
    """Record money that was sent back by hand."""
    site, _, order = _find(site_key, number, order_id)

    def act() -> str:
        reference = data["reference"] or stamp()
        return service.record_return(order, actor(), amount=data["amount"], reference=reference)

    once(site.id, f"{order.id}:refund", data, act)
    return _shown(site, book.find(site.id, order.id), 201)


@bp.get(ITEMS)
@allowed(READ)
@bp.alt_response(200, schema=orders.Items)
@bp.doc(**TOKEN)
def agent_items(site_key: str) -> Response:
    """List the lines a site keeps for its quotes."""
    return answer({"items": [orders.item(each) for each in items.of_site(site_of(site_key).id)]})


@bp.post(ITEMS)
@allowed(WRITE)
@bp.arguments(orders.ItemInput())
@bp.alt_response(201, schema=orders.ItemView)
@bp.doc(**TOKEN, **KEY)
def agent_create_item(data: dict[str, Any], site_key: str) -> Response:
    """Keep a line for later quotes."""
    site = site_of(site_key)
    settings = complete(site.settings)
    currency = data.get("currency", settings["orders"]["currency"])

    def act() -> str:
        return items.save(site.id, orders.line(data, settings), currency)

    made = once(site.id, "item", data, act)
    kept = {each.id: each for each in items.of_site(site.id)}
    return answer(orders.item(kept[made]) if made in kept else {"id": made}, 201)


@bp.delete(f"{ITEMS}/<item_id>")
@allowed(WRITE)
@bp.response(204)
@bp.doc(**TOKEN)
def agent_destroy_item(site_key: str, item_id: str) -> None:
    """Keep a line no longer."""
    items.remove(site_of(site_key).id, item_id)


@bp.put("/sites/<site_key>/offers")
@allowed("settings:write")
@bp.arguments(orders.OfferSettings())
@bp.alt_response(200, schema=orders.OfferSettings)
@bp.doc(**TOKEN)
def agent_update_offer_settings(data: dict[str, Any], site_key: str) -> Response:
    """Change what a new quote says before anybody typed; what is left out stays."""
    site = site_of(site_key)
    if data.get("calendar") and data["calendar"] not in contact.calendars(site.settings):
        raise Invalid(fields={"calendar": ["The site has no such calendar."]})
    if "rate" in data:
        data["rate"] = round(data["rate"] * 100)
    chosen = complete(site.settings)["orders"] | data
    sites.update_site(site, settings=site.settings | {"orders": chosen})
    return answer(orders.usual(complete(site.settings)))


def _find(site_key: str, number: int, order_id: str) -> tuple[Site, Ticket, Order]:
    site, ticket = load(site_key, number)
    return site, ticket, book.find_in(ticket, order_id)


def _shown(site: Site, order: Order, status: int = 200) -> Response:
    return answer(orders.told(order, complete(site.settings)), status)
