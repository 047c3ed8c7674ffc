"""The worker: every room's jobs, in a thread of the server or a process of its own."""

import signal
import threading
from collections.abc import Mapping
from typing import Any

from . import idempotency, jobs, signals
from .agent_api import telling
from .agents import service as agents
from .articles import service as articles
from .assistant import fading, gathering
from .attachments import service as attachments
from .attachments import upkeep
from .desk import presence, sending
from .figures import marks, rolling
from .identity import service as identity
from .mail import desk, links, notices, outbox, post, strays
from .payments import accounts as tills
from .payments import news, watching
from .retention import night
from .rules import running
from .sites import logos
from .tickets import due, joining, snoozing
from .webhooks import deliveries, listening
from .webhooks import service as webhooks

#: Rooms whose import registers handlers.
ROOMS = (
    articles, upkeep, identity, idempotency, agents, outbox, links, desk, news, due,
    presence, sending, snoozing, gathering, night, logos, rolling, deliveries, running, strays,
    fading,
)  # fmt: skip

#: Rooms whose import has them listen.
LISTENERS = (notices, joining, watching, gathering, marks, listening, running)


def furnish(settings: Mapping[str, Any]) -> None:
    """Give the rooms what they need of the settings: the same for the server and the worker."""
    signals.connect(settings["REDIS_URL"])
    attachments.furnish(settings)
    post.furnish(settings, agents.team, agents.mates)
    sending.furnish(settings)
    tills.furnish(settings)
    webhooks.furnish(settings, telling.describe)


def start_embedded() -> threading.Event:
    """Run jobs in a thread beside the requests; set the returned event to stop it."""
    stop = threading.Event()
    threading.Thread(target=jobs.run_forever, args=(stop,), name="worker", daemon=True).start()
    _read_mailbox(stop)
    return stop


def _read_mailbox(stop: threading.Event) -> None:
    if post.Post.imap_url:
        from .mail import mailbox

        threading.Thread(target=mailbox.run, args=(stop,), name="mailbox", daemon=True).start()


def run() -> None:
    """Run jobs in this process until it is told to stop."""
    stop = threading.Event()

    def end(*_: object) -> None:
        stop.set()
        jobs.wake.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    _read_mailbox(stop)
    jobs.run_forever(stop)
