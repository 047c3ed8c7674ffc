"""Quotes and orders of the demo."""

from datetime import timedelta

from ..clock import stamp
from ..sites.look import complete
from ..sites.service import site_of
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from . import delivery, service
from .pricing import Line
from .service import Offer

#: Text, quantity in thousandths, price in cents, rate in hundredths of a percent.
Rows = list[tuple[str, int, int, int]]


def quote(ticket: Ticket, actor: Actor, title: str, days: int, rows: Rows) -> None:
    """Send a quote that is good for a month."""
    until = delivery.today(complete(site_of(ticket.site_id).settings)) + timedelta(days=30)
    lines = [Line(*row) for row in rows]
    service.quote(ticket, actor, Offer(title, lines, "EUR", days, until))


def deliver(ticket: Ticket, actor: Actor, title: str, days: int, rows: Rows) -> None:
    """See a work order through to its end."""
    lines = [Line(*row) for row in rows]
    order = service.quote(ticket, actor, Offer(title, lines, "EUR", days), work=True)
    service.record_payment(
        order.site_id, order.id, provider="transfer", reference=f"demo-{order.number}",
        amount=order.total, currency=order.currency, at=stamp(), actor=actor,
    )  # fmt: skip
    for state in ("in_production", "delivered"):
        service.move(order, actor, state)
