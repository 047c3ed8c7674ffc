"""Identity announces that somebody proved an address; it does not know who listens.

Listeners run inside the transaction of the proof. By one, a visitor may turn out to be somebody
the host knows: what else was kept under the visitor's id is theirs then.
"""

from collections.abc import Callable

from .models import Requester

Listener = Callable[[Requester, str], None]
Retirement = Callable[[Requester, str], None]
_listeners: list[Listener] = []
_retirements: list[Retirement] = []


def on_proof(listener: Listener) -> Listener:
    """Call ``listener(requester, email)`` whenever an address is proven from now on."""
    _listeners.append(listener)
    return listener


def announce_proof(requester: Requester, email: str) -> None:
    for listener in _listeners:
        listener(requester, email)


def on_retirement(listener: Retirement) -> Retirement:
    """Call ``listener(requester, former)`` before the visitor ``former`` is no more."""
    _retirements.append(listener)
    return listener


def announce_retirement(requester: Requester, former: str) -> None:
    for listener in _retirements:
        listener(requester, former)
