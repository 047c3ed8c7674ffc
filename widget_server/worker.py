"""The worker: every room's jobs, in a thread of the server or a process of its own."""

import signal
import threading

from . import idempotency, jobs
from .agents import service as agents
from .attachments import service as attachments
from .identity import service as identity

#: Rooms whose import registers handlers.
ROOMS = (attachments, identity, idempotency, agents)


def start_embedded() -> threading.Event:
    """Run jobs in a thread beside the requests; set the returned event to stop it."""
    stop = threading.Event()
    threading.Thread(target=jobs.run_forever, args=(stop,), name="worker", daemon=True).start()
    return stop


def run() -> None:
    """Run jobs in this process until it is told to stop."""
    stop = threading.Event()

    def end(*_: object) -> None:
        stop.set()
        jobs.wake.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    jobs.run_forever(stop)
