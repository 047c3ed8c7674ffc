"""Pages that keep themselves up to date: how often they ask, and when nothing need be looked up.

Where processes tell one another what changed, pages ask every second, and most of those questions
are answered from memory: this process looked for the very same page a moment ago and has heard of
nothing since. Elsewhere pages ask as often as they always do, and each is looked up.
"""

import threading
import time
from collections import OrderedDict

from flask import g, request

from .. import signals

#: Seconds after which a page is looked up whatever was heard: time itself changes some things.
LOOK = 3.0

#: Pages remembered; one that was forgotten is looked up.
REMEMBERED = 10_000

Heard = tuple[int, ...]
_looks: OrderedDict[tuple[str, ...], tuple[float, Heard]] = OrderedDict()
_lock = threading.Lock()


def every(seconds: int) -> str:
    """Return how often a page asks, where it would ask every so many seconds by itself."""
    return f"every {1 if signals.listening() else seconds}s"


def unchanged(*words: str) -> bool:
    """Was the page asked for looked up a moment ago, and none of the words heard since?

    If not, it counts as looked up from now on.
    """
    if not signals.listening():
        return False
    asked = [request.headers.get(name, "") for name in ("X-Visible", "X-Writing")]
    page = (str(g.agent.id), request.full_path, *asked)
    now, heard = time.monotonic(), signals.count(*words)
    with _lock:
        at, before = _looks.get(page, (0.0, ()))
        if before == heard and now - at < LOOK:
            return True
        _looks[page] = now, heard
        _looks.move_to_end(page)
        if len(_looks) > REMEMBERED:
            _looks.popitem(last=False)
    return False
