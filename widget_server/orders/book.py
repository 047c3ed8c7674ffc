"""How an act on an order is written down: its row, its move, the ticket's history, the figures.

Called by the acts of this room inside one transaction; nothing here decides but :mod:`.states`.
"""

from datetime import date, timedelta
from typing import Any

from ..clock import stamp
from ..database import execute, fetch, insert, is_sqlite, query
from ..errors import NotFound
from ..identity.models import Requester
from ..sites.service import day_at
from ..tickets import events as ticket_events
from ..tickets import ledger
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from . import events, states
from .models import Move, Order, Quote

OWN = "site_id = ? AND id = ?"

FIGURES = ("quoted", "accepted", "paid", "refunded")


def find(site_id: int, order_id: str) -> Order:
    found = fetch(Order, OWN, site_id, order_id)
    if not found:
        raise NotFound("No such order.")
    return found[0]


def find_in(ticket: Ticket, order_id: str) -> Order:
    """Return an order of a ticket; another ticket's is not found there."""
    order = find(ticket.site_id, order_id)
    if order.ticket_id != ticket.id:
        raise NotFound("No such order.")
    return order


def version(site_id: int, order_id: str, quote_id: str) -> tuple[Order, Quote]:
    """Return an order with one of its versions."""
    order = find(site_id, order_id)
    found = fetch(Quote, f"{OWN} AND order_id = ?", site_id, quote_id, order_id)
    if not found:
        raise NotFound("No such quote.")
    return order, found[0]


def ticket_of(order: Order) -> Ticket:
    return fetch(Ticket, OWN, order.site_id, order.ticket_id)[0]


def quote_of(order: Order) -> Quote:
    """Return the version of the quote that counts."""
    return fetch(Quote, OWN, order.site_id, order.quote_id)[0]


def hold(site_id: int, order_id: str) -> tuple[Order, Ticket]:
    """Return an order and its ticket as they are now, and keep others out until the commit.

    The ticket first, always: two acts that wait for each other would wait forever.
    """
    ticket_id = find(site_id, order_id).ticket_id
    while True:
        ticket = held_ticket(site_id, ticket_id)
        rows = fetch(Order, OWN if is_sqlite() else f"{OWN} FOR UPDATE", site_id, order_id)
        if not rows:
            raise NotFound("No such order.")
        if rows[0].ticket_id == ticket.id:
            return rows[0], ticket
        ticket_id = rows[0].ticket_id  # It was merged into another meanwhile.


def held_ticket(site_id: int, ticket_id: str) -> Ticket:
    found = fetch(Ticket, OWN if is_sqlite() else f"{OWN} FOR UPDATE", site_id, ticket_id)
    if not found:
        raise NotFound("No such ticket.")
    return found[0]


def customer(ticket: Ticket) -> str:
    """Return whom a document is for: name and address, a line each."""
    people = fetch(Requester, OWN, ticket.site_id, ticket.requester_id)
    name = people[0].name if people else None
    return "\n".join(filter(None, (name, ticket.email))) or "–"


def number(site_id: int, name: str, year: int) -> str:
    """Return the next number of a site and year, without gaps: ``2026-0007``."""
    return f"{year}-{ledger.next_number(site_id, f'{name}:{year}'):04}"


def keep(order: Order, now: str, **changes: Any) -> None:
    """Write changes of an order's row."""
    changes["updated_at"] = now
    names = ", ".join(f"{name} = ?" for name in changes)
    execute(f"UPDATE purchase SET {names} WHERE {OWN}", *changes.values(), order.site_id, order.id)
    for name, value in changes.items():
        setattr(order, name, value)


def move(
    order: Order, to: str, actor: Actor, *, by: str, now: str, reason: str = "", **changes: Any
) -> None:
    """Move an order and write it into the audit. Raises :exc:`~.states.OrderMoved`."""
    states.check(order.state, to, by)
    log(order, to, actor, was=order.state, now=now, reason=reason)
    keep(order, now, state=to, **changes)


def log(
    order: Order, to: str, actor: Actor, *, was: str | None, now: str, reason: str = ""
) -> None:
    ((last,),) = query(
        "SELECT coalesce(max(step), 0) FROM order_move WHERE site_id = ? AND order_id = ?",
        order.site_id, order.id,
    )  # fmt: skip
    insert(
        Move,
        site_id=order.site_id,
        order_id=order.id,
        step=last + 1,
        was=was,
        became=to,
        actor=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        reason=reason,
        at=now,
    )


def tell(
    kind: str,
    order: Order,
    ticket: Ticket,
    actor: Actor,
    *,
    now: str,
    facts: dict[str, Any] | None = None,
    internal: bool = False,
    **data: Any,
) -> None:
    """Write the ticket's history and let the ticket's and the order's listeners know."""
    shown = {"order": order.id, "number": order.number or order.quote_number, **data}
    ledger.record(ticket, actor, kind, at=now, internal=internal, data=shown)
    if actor.kind != "requester" and not internal:
        ticket.unread_since = ticket.unread_since or now
    if actor.kind != "agent":
        ticket.agent_unread_since = ticket.agent_unread_since or now
    ledger.touch(ticket, now)
    events.announce(kind, order, ticket, actor=actor, **data)
    ticket_events.announce(
        kind,
        ticket,
        actor=actor,
        order_id=order.id,
        once=f"{order.id}:{kind}:{data.get('to', '')}:{now}",
        facts={"order": shown["number"], "total": [order.total, order.currency], **(facts or {})},
    )


def count(site_id: int, name: str, amount: int, currency: str, now: str) -> None:
    """Add to the figures of today; they outlive a person who is erased."""
    assert name in FIGURES
    execute(
        f"INSERT INTO revenue (site_id, day, currency, {name}) VALUES (?, ?, ?, ?)"
        f" ON CONFLICT (site_id, day, currency) DO UPDATE SET {name} ="
        f" revenue.{name} + excluded.{name}",
        site_id, day_at(site_id, now), currency, amount,
    )  # fmt: skip


def figures(days: int, site_id: int | None = None) -> dict[str, dict[str, int]]:
    """Return what was quoted, accepted, paid and refunded in the last days, by currency.

    The days are a site's own, as those the sums were counted on.
    """
    site, values = (" AND site_id = ?", [site_id]) if site_id is not None else ("", [])
    now = stamp()
    today = date.fromisoformat(now[:10] if site_id is None else day_at(site_id, now))
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in FIGURES)
    rows = query(
        f"SELECT currency, {sums} FROM revenue WHERE day > ?{site} GROUP BY currency"
        " ORDER BY currency",
        (today - timedelta(days)).isoformat(), *values,
    )  # fmt: skip
    return {row[0]: dict(zip(FIGURES, map(int, row[1:]), strict=True)) for row in rows}
