"""Orders announce what happened; they do not know who listens.

Kinds: ``quoted``, ``ordered``, ``accepted``, ``declined``, ``order_moved``, ``paid``, ``refunded``,
``part_refunded``, ``return_asked``, ``surplus``.
Listeners run inside the transaction that wrote it and must not call anything outside.
"""

from collections.abc import Callable
from typing import Any

Listener = Callable[..., None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Call ``listener(kind, order, ticket, actor=…, **data)`` for every event from now on."""
    _listeners.append(listener)
    return listener


def announce(kind: str, order: Any, ticket: Any, **data: Any) -> None:
    for listener in _listeners:
        listener(kind, order, ticket, **data)
