"""Articles announce what happened to them; they do not know who listens.

``saved`` (written, changed or taken out of the bin), ``published``, ``withdrawn``, ``removed``.
Listeners run inside the transaction that wrote it, after the row: what they write is kept or lost
together with the article. They must not call anything outside.
"""

from collections.abc import Callable

from .models import Article

Listener = Callable[[str, Article], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Call ``listener(kind, article)`` for every event from now on."""
    _listeners.append(listener)
    return listener


def announce(kind: str, article: Article) -> None:
    for listener in _listeners:
        listener(kind, article)
