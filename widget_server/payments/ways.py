"""What every way to pay offers to the rest of the room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..errors import VentanillaError
from .models import Checkout

#: The reason of an error that was kept by the provider, and comes back to the same request.
REPLAYED = "replayed"


class Failed(VentanillaError):
    """``said``: the provider's own words, for the team; ``reason``: its code for them."""

    def __init__(self, said: str = "", reason: str | None = None) -> None:
        super().__init__()
        self.said, self.reason = said, reason
        self.add_note(said)


class PaymentUnavailable(Failed):
    status, code = 503, "payment_unavailable"
    message = "It cannot be paid this way right now. Try again in a minute."


class PaymentRefused(Failed):
    """The provider will not do it, however often it is asked."""

    status, code = 502, "payment_refused"
    message = "It cannot be paid this way. Choose another, or write to us."


@dataclass(frozen=True)
class Due:
    """What is to be paid. ``back``: the address the provider sends the person back to."""

    site_id: int
    order_id: str
    amount: int
    currency: str
    reference: str
    title: str
    email: str | None
    locale: str
    back: str = ""
    cancelled: str = ""
    net: int = 0
    lines: Sequence[Mapping[str, Any]] = ()
    name: str | None = None
    sub: str | None = None


@dataclass(frozen=True)
class Found:
    """How a payment stands at its provider; ``expires_at`` is a stamp."""

    state: str
    reference: str
    url: str | None = None
    payment: str | None = None
    amount: int = 0
    currency: str = ""
    expires_at: str | None = None


@dataclass(frozen=True)
class Chosen:
    """A way as a site set it up, secrets opened."""

    way: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict)


class Provider(Protocol):
    """Another's page on which an order is paid."""

    #: Seconds a payment begun there can be made in; ``None``: as long as the order waits.
    life: int | None

    #: Seconds that have to be left of that when it is begun.
    shortest: int

    #: Can it be asked how a payment stands?
    knows: bool

    def takes(self, chosen: Chosen, amount: int, currency: str) -> bool:
        """Can this amount be paid this way?"""

    def request(self, chosen: Chosen, due: Due) -> dict[str, Any]:
        """Return what will be asked for. It is kept, and asked again in the same words."""

    def open(self, chosen: Chosen, checkout: Checkout) -> Found:
        """Begin the payment that ``checkout`` asks for; again, the same one."""

    def look(self, chosen: Chosen, checkout: Checkout) -> Found:
        """Return how it stands."""

    def close(self, chosen: Chosen, checkout: Checkout) -> Found:
        """Let nobody pay there any more; return how it stands then."""

    def check(self, chosen: Chosen) -> str | None:
        """Try the way as it is set up; return the provider's own words if it does not work."""
