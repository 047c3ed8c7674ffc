"""Quotes and orders as programs send and read them; money in minor units, rates in percent."""

from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields, validate

from ..money import CURRENCIES
from ..orders import delivery, offers, receipts, schemas, states, views
from ..orders.models import Order, SavedItem
from ..orders.offers import Offer
from ..orders.pricing import LINES, QUANTITY
from ..orders.pricing import Line as Priced
from ..wire import Input, Line, Prose
from .schemas import Moment

#: Minor units of a price, of a line or returned, and how many of a thing, at most.
DEAREST, LARGEST = 10**12, 10**6

Currency = validate.OneOf(sorted(CURRENCIES))


class LineInput(Input):
    """``price``: of one, ex VAT, in minor units; ``rate``: VAT in percent, else the site's."""

    text = Line(most=offers.TEXT, required=True)
    quantity = fields.Float(load_default=1, validate=validate.Range(1 / QUANTITY, LARGEST))
    price = fields.Integer(required=True, strict=True, validate=validate.Range(-DEAREST, DEAREST))
    rate = fields.Float(load_default=None, allow_none=True, validate=validate.Range(0, 100))


class OfferInput(Input):
    """What is left out is as the site usually says it."""

    title = Line(most=offers.TITLE, required=True)
    lines = fields.List(fields.Nested(LineInput), required=True, validate=validate.Length(1, LINES))
    currency = fields.String(validate=Currency)
    lead_days = fields.Integer(strict=True, validate=validate.Range(0, delivery.LONGEST_LEAD))
    valid_until = fields.Date(format="iso")
    note = Prose(most=offers.NOTE, least=0, load_default="")


class NewOrder(OfferInput):
    """``work``: an order that needs no acceptance."""

    kind = fields.String(load_default="quote", validate=validate.OneOf(["quote", "work"]))


class OrderState(Input):
    state = fields.String(required=True, validate=validate.OneOf(states.STATES))
    reason = Line(most=schemas.REASON, least=0, load_default="")


class NewReceipt(Input):
    """``on``: the day it came, today unless given."""

    reference = Line(most=500, load_default=None, allow_none=True)
    on = fields.Date(format="iso", load_default=None, allow_none=True)


class NewRefund(Input):
    amount = fields.Integer(required=True, strict=True, validate=validate.Range(1, DEAREST))
    reference = Line(most=500, load_default=None, allow_none=True)


class ItemInput(LineInput):
    currency = fields.String(validate=Currency)


class OfferSettings(Input):
    """What a new quote says before anybody typed; what is left out stays."""

    currency = fields.String(validate=Currency)
    rate = fields.Float(validate=validate.Range(0, 100))
    validity_days = fields.Integer(strict=True, validate=validate.Range(0, offers.LONGEST_VALIDITY))
    lead_days = fields.Integer(strict=True, validate=validate.Range(0, delivery.LONGEST_LEAD))
    calendar = Line(most=40, allow_none=True)
    seller = Prose(most=4_000, least=0)
    terms = Prose(most=4_000, least=0)


class ReceiptView(Schema):
    id = fields.String()
    kind = fields.String(validate=validate.OneOf(["payment", "refund"]))
    provider = fields.String()
    reference = fields.String()
    amount = fields.Integer()
    currency = fields.String()
    owed = fields.Boolean()
    at = fields.String(metadata=Moment)


class AgentOrder(schemas.OrderView):
    """``open_to``: where an agent may move it."""

    receipts = fields.List(fields.Nested(ReceiptView))
    open_to = fields.List(fields.String())


class Orders(Schema):
    orders = fields.List(fields.Nested(AgentOrder))


class ItemView(Schema):
    id = fields.String()
    text = fields.String()
    quantity = fields.Float()
    price = fields.Integer()
    rate = fields.Float()
    currency = fields.String()


class Items(Schema):
    items = fields.List(fields.Nested(ItemView))


def offer(data: dict[str, Any], settings: dict[str, Any]) -> Offer:
    """Return the offer that was sent, completed with what the site usually says."""
    usual = settings["orders"]
    until = delivery.today(settings) + timedelta(days=usual["validity_days"])
    work = data.get("kind") == "work"
    return Offer(
        data["title"],
        [line(each, settings) for each in data["lines"]],
        data.get("currency", usual["currency"]),
        data.get("lead_days", usual["lead_days"]),
        None if work else data.get("valid_until", until),
        data["note"],
    )


def line(data: dict[str, Any], settings: dict[str, Any]) -> Priced:
    rate = settings["orders"]["rate"] if data["rate"] is None else round(data["rate"] * 100)
    return Priced(data["text"], round(data["quantity"] * QUANTITY), data["price"], rate)


def told(order: Order, settings: dict[str, Any]) -> dict[str, Any]:
    return views.view(order, settings) | {
        "receipts": [
            {
                "id": each.id,
                "kind": each.kind,
                "provider": each.provider,
                "reference": each.reference,
                "amount": each.amount,
                "currency": each.currency,
                "owed": not each.surplus,
                "at": each.at,
            }
            for each in receipts.of_order(order)
        ],
        "open_to": states.open_to(order.state, states.AGENT),
    }


def item(item: SavedItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "text": item.text,
        "quantity": item.quantity / QUANTITY,
        "price": item.price,
        "rate": item.rate / 100,
        "currency": item.currency,
    }


def usual(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what quotes of a site say by default."""
    chosen: dict[str, Any] = settings["orders"]
    return chosen | {"rate": chosen["rate"] / 100}
