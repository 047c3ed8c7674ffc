"""Tickets announce what happened; they do not know who listens.

Listeners run inside the transaction that wrote it: what they write, jobs above all, is kept or
lost together with the ticket. They must not call anything outside.
"""

from collections.abc import Callable
from typing import Any

Listener = Callable[..., None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Call ``listener(kind, ticket, **data)`` for every event from now on."""
    _listeners.append(listener)
    return listener


def first(listener: Listener) -> Listener:
    """Call ``listener`` before those that only :func:`listen`: it changes what they read."""
    _listeners.insert(0, listener)
    return listener


def announce(kind: str, ticket: Any, **data: Any) -> None:
    for listener in _listeners:
        listener(kind, ticket, **data)
