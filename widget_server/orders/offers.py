"""What an agent puts together, and how it becomes a version that never changes."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from ..clock import parse
from ..database import insert
from ..errors import Invalid
from ..money import CURRENCIES
from ..tickets import search
from ..tickets.ledger import Actor
from . import delivery, pricing
from .models import Order, Quote
from .pricing import Line, Totals

#: Days an offer may stand.
LONGEST_VALIDITY = 365

#: Characters of a line, of a title and of the note.
TEXT, TITLE, NOTE = 400, 120, 4_000


@dataclass(frozen=True)
class Offer:
    """What an agent puts together. ``valid_until``: the last day it can be accepted on."""

    title: str
    lines: Sequence[Line]
    currency: str
    lead_days: int
    valid_until: date | None = None
    note: str = ""


def check(offer: Offer, settings: dict[str, Any], *, work: bool = False) -> Totals:
    """Return what an offer comes to; raise :exc:`Invalid` naming what is wrong with it."""
    if offer.currency not in CURRENCIES:
        raise Invalid(fields={"currency": ["A currency such as EUR."]})
    if not 0 <= offer.lead_days <= delivery.LONGEST_LEAD:
        raise Invalid(fields={"lead_days": [f"From 0 to {delivery.LONGEST_LEAD} working days."]})
    today = delivery.today(settings)
    if not work and offer.valid_until is None:
        raise Invalid(fields={"valid_until": ["Say until when it stands."]})
    longest = today + timedelta(days=LONGEST_VALIDITY)
    if offer.valid_until is not None and not today <= offer.valid_until <= longest:
        raise Invalid(fields={"valid_until": [f"From today to {longest.isoformat()}."]})
    return pricing.totals(offer.lines)


def write(
    order: Order,
    version: int,
    offer: Offer,
    sums: Totals,
    settings: dict[str, Any],
    actor: Actor,
    now: str,
) -> None:
    until = offer.valid_until
    content: dict[str, Any] = {
        "order_id": order.id,
        "version": version,
        "title": offer.title,
        "lines": [asdict(line) | {"net": line.net} for line in offer.lines],
        "note": offer.note,
        "currency": offer.currency,
        "net": sums.net,
        "vat": sums.vat,
        "total": sums.total,
        "rates": [asdict(share) for share in sums.shares],
        "lead_days": offer.lead_days,
        "valid_until": until.isoformat() if until else None,
    }
    insert(
        Quote,
        site_id=order.site_id,
        id=order.quote_id,
        **content,
        expires_at=delivery.end_of(settings, until) if until else None,
        digest=digest_of(content),
        agent_id=actor.id,
        agent_name=actor.name,
        sent_at=now,
    )
    said = [order.quote_number or order.number or "", offer.title, *(x.text for x in offer.lines)]
    search.add(order.site_id, order.ticket_id, " ".join(said))


def digest_of(content: dict[str, Any]) -> str:
    """Return the hash a requester's acceptance is bound to."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def facts(order: Order, settings: dict[str, Any], offer: Offer | None = None) -> dict[str, Any]:
    """What a letter tells beside number and total."""
    told: dict[str, Any] = {}
    if offer and offer.valid_until:
        told["valid_until"] = offer.valid_until.isoformat()
    start = delivery.today(settings, parse(order.paid_at)) if order.paid_at else None
    ready = delivery.ready_on(settings, start or delivery.today(settings), order.lead_days)
    if ready:
        told["delivery"] = ready.isoformat()
    return told
