"""Identity announces that somebody proved an address; it does not know who listens.

Listeners run inside the transaction of the proof.
"""

from collections.abc import Callable

from .models import Requester

Listener = Callable[[Requester, str], None]
_listeners: list[Listener] = []


def on_proof(listener: Listener) -> Listener:
    """Call ``listener(requester, email)`` whenever an address is proven from now on."""
    _listeners.append(listener)
    return listener


def announce_proof(requester: Requester, email: str) -> None:
    for listener in _listeners:
        listener(requester, email)
