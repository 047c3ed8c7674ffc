"""Several at once."""

import threading
from collections.abc import Callable

from widget_server.database import release


def at_once(act: Callable[[], object], times: int) -> None:
    """Call ``act`` in so many threads, none of which begins before all are there."""
    start = threading.Barrier(times)

    def turn() -> None:
        start.wait()
        try:
            act()
        finally:
            release()

    threads = [threading.Thread(target=turn) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
