"""What webhooks tell of a ticket: the same values the API answers with."""

from collections.abc import Mapping
from typing import Any

from ..attachments import service as attachments
from ..database import fetch
from ..orders import views
from ..orders.models import Order, Quote
from ..sites.service import site_of
from ..tickets import ratings
from ..tickets.models import Message, Ticket
from . import reading

OWN = "site_id = ? AND id = ?"


def describe(ticket: Ticket, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ``data`` of an event: the ticket, and the message or order it is about."""
    site = site_of(ticket.site_id)
    told: dict[str, Any] = {
        "site": {"key": site.key, "name": site.name},
        "actor": about["actor"],
        "ticket": reading.summary(site, ticket),
    }
    for name, value in (
        ("message", _message(ticket, about.get("message_id"))),
        ("order", _order(ticket, about.get("order_id"))),
        ("rating", ratings.of(ticket) if about.get("rated") else None),
        ("was", about.get("was")),
        ("rule", about.get("rule")),
    ):
        if value is not None:
            told[name] = value
    return told


def _message(ticket: Ticket, message_id: str | None) -> dict[str, Any] | None:
    if message_id is None:
        return None
    files = [
        attachments.view(file)
        for file in attachments.of_ticket(ticket.site_id, ticket.id)
        if file.message_id == message_id
    ]
    # Merged meanwhile, it may belong to another ticket; erased, it is gone.
    found = fetch(Message, OWN, ticket.site_id, message_id)
    return reading.message(found[0], files) if found else None


def _order(ticket: Ticket, order_id: str | None) -> dict[str, Any] | None:
    orders = fetch(Order, OWN, ticket.site_id, order_id) if order_id else []
    if not orders:
        return None
    order = orders[0]
    (quote,) = fetch(Quote, OWN, order.site_id, order.quote_id)
    return {
        **views.named(order),
        "quote": views.shown(quote),
        "accepted_at": order.accepted_at,
        "paid_at": order.paid_at,
        "delivery_on": order.delivery_on,
    }
