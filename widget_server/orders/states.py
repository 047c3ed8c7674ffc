"""Where an order stands, and every way it may move. The only place that knows these rules."""

from ..errors import Conflict

AWAITING_ACCEPTANCE = "awaiting_acceptance"
AWAITING_PAYMENT = "awaiting_payment"
PAID = "paid"
IN_PRODUCTION = "in_production"
DELIVERED = "delivered"
DECLINED = "declined"
CANCELLED = "cancelled"
REFUNDED = "refunded"

STATES = (
    AWAITING_ACCEPTANCE, AWAITING_PAYMENT, PAID, IN_PRODUCTION, DELIVERED,
    DECLINED, CANCELLED, REFUNDED,
)  # fmt: skip

REQUESTER, AGENT, OFFER, MONEY = "requester", "agent", "offer", "money"

#: Who may move an order from where to where. ``offer``: another version, for a version is decided
#: on once. ``money``: what a provider or a transfer proves.
MOVES: dict[tuple[str, str], str] = {
    (AWAITING_ACCEPTANCE, AWAITING_PAYMENT): REQUESTER,
    (AWAITING_ACCEPTANCE, DECLINED): REQUESTER,
    (AWAITING_ACCEPTANCE, CANCELLED): AGENT,
    (DECLINED, AWAITING_ACCEPTANCE): OFFER,
    (DECLINED, CANCELLED): AGENT,
    (AWAITING_PAYMENT, PAID): MONEY,
    (AWAITING_PAYMENT, CANCELLED): AGENT,
    (PAID, IN_PRODUCTION): AGENT,
    (PAID, DELIVERED): AGENT,
    (PAID, REFUNDED): MONEY,
    (IN_PRODUCTION, DELIVERED): AGENT,
    (IN_PRODUCTION, REFUNDED): MONEY,
    (DELIVERED, REFUNDED): MONEY,
}

#: States in which what was paid is the site's to keep.
SETTLED = (PAID, IN_PRODUCTION, DELIVERED)

#: States nothing leads out of.
ENDED = (CANCELLED, REFUNDED)


class OrderMoved(Conflict):
    code, message = "order_moved", "This order is no longer in a state that allows it."


def check(was: str, to: str, by: str) -> None:
    """Raise :exc:`OrderMoved` unless ``by`` may move an order from ``was`` to ``to``."""
    if MOVES.get((was, to)) != by:
        raise OrderMoved()


def open_to(state: str, by: str) -> list[str]:
    """Return where ``by`` may move an order that stands at ``state``."""
    return [to for (was, to), who in MOVES.items() if was == state and who == by]
