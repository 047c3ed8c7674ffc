"""Money on its way back: asked for by an agent, sent by the provider that took it.

What is asked for counts as gone at once, so that nobody sends it a second time; what the provider
refuses is there again.
"""

from ..clock import stamp
from ..database import execute, fetch, insert, query
from ..ids import new_id
from ..tickets.ledger import Actor
from . import book
from .models import ASKED, DONE, REFUSED, Order, Receipt, Return


def asked_of(order: Order, *, surplus: bool = False, receipt_id: str | None = None) -> int:
    """Return how much of what was owed, or else was not, is on its way back."""
    one, values = (" AND r.id = ?", [receipt_id]) if receipt_id else ("", [])
    rows = query(
        "SELECT coalesce(sum(m.amount), 0) FROM money_return m JOIN receipt r"
        " ON r.site_id = m.site_id AND r.id = m.receipt_id"
        f" WHERE m.site_id = ? AND m.order_id = ? AND m.state = ? AND r.surplus = ?{one}",
        order.site_id, order.id, ASKED, int(surplus), *values,
    )  # fmt: skip
    return int(rows[0][0])


def ask(receipt: Receipt, actor: Actor, amount: int) -> Return:
    """Write down that a provider is to send something back, in the caller's transaction."""
    order, ticket = book.hold(receipt.site_id, receipt.order_id)
    now = stamp()
    asked = Return(
        site_id=receipt.site_id, id=new_id(), order_id=order.id, receipt_id=receipt.id,
        amount=amount, currency=receipt.currency, state=ASKED, agent_name=actor.name, at=now,
    )  # fmt: skip
    insert(Return, **asked.__data__)
    book.tell("return_asked", order, ticket, actor, now=now, internal=True,
              amount=amount, currency=receipt.currency)  # fmt: skip
    return asked


def find(site_id: int, return_id: str) -> Return | None:
    found = fetch(Return, book.OWN, site_id, return_id)
    return found[0] if found else None


def of_order(order: Order) -> list[Return]:
    """Return what is on its way back or was refused, the latest first."""
    return fetch(
        Return,
        "site_id = ? AND order_id = ? AND state <> ? ORDER BY at DESC, id DESC",
        order.site_id, order.id, DONE,
    )  # fmt: skip


def settle(site_id: int, return_id: str) -> None:
    """Its money has gone: the provider says so."""
    _move(site_id, return_id, DONE, None)


def refuse(site_id: int, return_id: str, fault: str | None) -> None:
    """The provider did not send it, and will not."""
    _move(site_id, return_id, REFUSED, fault)


def _move(site_id: int, return_id: str, state: str, fault: str | None) -> None:
    execute(
        f"UPDATE money_return SET state = ?, fault = ? WHERE {book.OWN}",
        state, fault, site_id, return_id,
    )  # fmt: skip
