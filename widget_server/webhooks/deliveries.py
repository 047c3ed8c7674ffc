"""Telling: written in the ticket's transaction, sent by a job, at least once, under one id.

A worker that dies between sending and writing down the answer sends again: the receiver knows it
by its id. Every try ends one ``turn`` of the delivery and begins the next, so a job that is
repeated after its turn does nothing.
"""

import json
import random
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from .. import audit
from ..clock import parse, stamp, utcnow
from ..database import execute, fetch, insert, transaction
from ..errors import Conflict, NotFound
from ..ids import new_id
from ..jobs import enqueue, handler
from ..outbound import Refused, Unreached
from ..tickets.models import Ticket
from ..vault import Sealed
from . import alarms, service, signing
from .kinds import TEST
from .models import DELIVERED, FAILED, STATES, WAITING, Delivery, Webhook
from .service import OWN, Wires

#: Seconds before each further try: a day and a half in all.
STEPS = (5, 300, 1_800, 7_200, 18_000, 36_000, 64_800)

#: No try is made later than this after the first; tries that come late still have their turn.
LONGEST = 48 * 3_600

#: A failure that took this long holds its address back, twice as long each time.
SLOW, PAUSE, LONGEST_PAUSE = 2.0, 15, 600

#: Seconds a receiver may ask to be left alone at most.
LONGEST_WAIT = 86_400

#: Who fails for so long, three times in a row, is switched off.
PATIENCE, TRIES = 5 * 86_400, 3

#: How long the log is kept.
KEEP_SECONDS = 30 * 86_400

#: Characters of an answer that are shown.
SHOWN = 500
PAGE = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one try came to. ``wait``: seconds the receiver asked to be left alone."""

    good: bool
    took: float
    status: int | None = None
    answer: str | None = None
    error: str | None = None
    wait: int = 0


def write(hook_id: str, ticket: Ticket, event: str, about: dict[str, Any]) -> None:
    """Have one address told of an event, in the caller's transaction."""
    delivery_id, now = new_id(), stamp()
    _insert(ticket.site_id, delivery_id, hook_id, event, about, now, ticket_id=ticket.id)
    enqueue("webhooks.send", site_id=ticket.site_id, delivery_id=delivery_id, turn=0)


def find(hook: Webhook, delivery_id: str) -> Delivery:
    found = fetch(Delivery, f"{OWN} AND webhook_id = ?", hook.site_id, delivery_id, hook.id)
    if not found:
        raise NotFound("No such delivery.")
    return found[0]


def log(
    site_id: int, webhook_id: str, *, state: str | None = None, before: str | None = None
) -> tuple[list[Delivery], str | None]:
    """Return what an address was told, the latest first, and the cursor of the next page."""
    terms, values = "site_id = ? AND webhook_id = ?", [site_id, webhook_id]
    if state in STATES:
        terms, values = f"{terms} AND state = ?", [*values, state]
    if before:
        terms, values = f"{terms} AND id < ?", [*values, before]
    found = fetch(Delivery, f"{terms} ORDER BY id DESC LIMIT ?", *values, PAGE + 1)
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def resend(hook: Webhook, delivery_id: str) -> None:
    """Send once more, whatever came of it before, under the same id."""
    if hook.disabled_at is not None:
        raise Conflict("Switch the webhook on first.")
    with transaction():
        delivery, now = find(hook, delivery_id), stamp()
        _keep(delivery, state=WAITING, attempts=0, error=None, first_at=now, next_at=now)
        _schedule(delivery, 0)
        audit.note("webhook.resent", site_id=hook.site_id, event=delivery.event)


def test(site_id: int, webhook_id: str) -> Delivery:
    """Send a harmless event now and return what came of it; it is not tried again."""
    hook, delivery_id, now = service.find(site_id, webhook_id), new_id(), stamp()
    about = {"note": "This is a test."}
    _insert(site_id, delivery_id, hook.id, TEST, about, now, turn=1)
    delivery = find(hook, delivery_id)
    outcome = _try(hook, delivery, _body(delivery))
    with transaction():
        _keep(delivery, **_told(delivery, outcome), state=DELIVERED if outcome.good else FAILED)
        if outcome.good:
            service.forgive(site_id, hook.id)
        audit.note("webhook.tested", site_id=site_id, status=outcome.status)
    return delivery


@handler("webhooks.send")
def send(site_id: int, delivery_id: str, turn: int) -> None:
    """Make one try, and the job of the next if it is needed."""
    found = fetch(
        Delivery, f"{OWN} AND state = ? AND turn = ?", site_id, delivery_id, WAITING, turn
    )
    if not found:
        return
    delivery = found[0]
    hook = service.find(site_id, delivery.webhook_id)
    if hook.disabled_at is not None:
        _keep(delivery, state=FAILED, next_at=None, error="The webhook is switched off.")
        return
    if hook.paused_until and hook.paused_until > stamp():
        left = (parse(hook.paused_until) - utcnow()).total_seconds()
        with transaction():
            _next(delivery, left + random.uniform(0, PAUSE))
        return
    outcome = _try(hook, delivery, _body(delivery))
    with transaction():
        # Somebody else's try of the same turn may have been written down meanwhile.
        if not fetch(Delivery, f"{OWN} AND turn = ?", site_id, delivery_id, turn):
            return
        _keep(delivery, **_told(delivery, outcome), state=DELIVERED if outcome.good else WAITING)
        # Meanwhile others may have reached it, or somebody may have mended its address.
        called, hook = hook.url, service.find(site_id, hook.id)
        if outcome.good:
            if hook.failing_since:
                service.forgive(site_id, hook.id)
            return
        if hook.url == called:
            _note_failure(hook, delivery, outcome)
        step = STEPS[min(delivery.attempts, len(STEPS)) - 1]
        _next(delivery, max(step * random.uniform(0.9, 1.1), outcome.wait))


@handler("webhooks.sweep", every=21_600)
def sweep() -> None:
    """Forget what happened a month ago, unless it is being sent again."""
    old = stamp(seconds=-KEEP_SECONDS)
    execute("DELETE FROM webhook_delivery WHERE created_at < ? AND first_at < ?", old, old)


def _next(delivery: Delivery, wait: float) -> None:
    """Queue the next try, or give up."""
    end = stamp(parse(delivery.first_at), seconds=LONGEST)
    if delivery.attempts > len(STEPS) or stamp(seconds=wait) > end:
        _keep(delivery, state=FAILED, next_at=None)
        return
    _schedule(delivery, wait)


def _schedule(delivery: Delivery, wait: float) -> None:
    _keep(delivery, turn=delivery.turn + 1, next_at=stamp(seconds=wait))
    enqueue(
        "webhooks.send", delay=wait, site_id=delivery.site_id, delivery_id=delivery.id,
        turn=delivery.turn,
    )  # fmt: skip


def _note_failure(hook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    """Hold back who keeps us waiting, and switch off who is gone or has failed for days."""
    since, slow = hook.failing_since or stamp(), hook.slow
    paused = None
    if outcome.took >= SLOW:
        paused = stamp(seconds=min(PAUSE * 2 ** min(slow, 10), LONGEST_PAUSE))
        slow += 1
    execute(
        f"UPDATE webhook SET failing_since = ?, slow = ?, paused_until = ? WHERE {OWN}",
        since, slow, paused, hook.site_id, hook.id,
    )  # fmt: skip
    for_days = since <= stamp(seconds=-PATIENCE) and delivery.attempts >= TRIES
    if (outcome.status == 410 or for_days) and service.switch_off(
        hook, service.FAILING if for_days else service.GONE
    ):
        alarms.raise_for(hook)


def _try(hook: Webhook, delivery: Delivery, body: bytes) -> Outcome:
    start = time.perf_counter()
    try:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Ventanilla-Webhooks/1",
            **signing.headers(f"msg_{delivery.id}", body, service.keys(hook)),
        }
        answer = Wires.outbound.post(hook.url, body, headers)
    except (Refused, Unreached, Sealed) as error:
        return Outcome(False, time.perf_counter() - start, error=str(error)[:SHOWN])
    took = time.perf_counter() - start
    said = answer.start.decode("utf-8", "replace").replace("\0", "")[:SHOWN]
    fault = None
    if 300 <= answer.status < 400:
        fault = "It redirects; write down the address it leads to."
    return Outcome(
        200 <= answer.status < 300,
        took,
        answer.status,
        said,
        fault,
        _asked(answer.headers.get("retry-after", "")),
    )


def _asked(text: str) -> int:
    """Return the seconds that ``Retry-After`` asks for, as a number or until a date."""
    if text.isascii() and text.isdecimal():
        return min(int(text[:9]), LONGEST_WAIT)
    try:
        left = (parsedate_to_datetime(text) - utcnow()).total_seconds()
    except (TypeError, ValueError):
        return 0
    return max(0, min(int(left), LONGEST_WAIT))


def _body(delivery: Delivery) -> bytes:
    """Return what is sent: put together at the first try, and kept for the others."""
    if delivery.body is None:
        data = dict(delivery.about)
        if delivery.ticket_id is not None:
            tickets = fetch(Ticket, OWN, delivery.site_id, delivery.ticket_id)
            data = Wires.describe(tickets[0], delivery.about)
        told = {"type": delivery.event, "timestamp": delivery.created_at, "data": data}
        _keep(delivery, body=json.dumps(told, ensure_ascii=False, separators=(",", ":")))
    return str(delivery.body).encode()


def _told(delivery: Delivery, outcome: Outcome) -> dict[str, Any]:
    return {
        "status": outcome.status,
        "duration": round(outcome.took * 1_000),
        "answer": outcome.answer,
        "error": outcome.error,
        "tried_at": stamp(),
        "next_at": None,
        "attempts": delivery.attempts + 1,
    }


def _insert(
    site_id: int, delivery_id: str, hook_id: str, event: str, about: dict[str, Any], now: str,
    **more: Any,
) -> None:  # fmt: skip
    insert(
        Delivery,
        site_id=site_id,
        id=delivery_id,
        webhook_id=hook_id,
        event=event,
        about=about,
        state=WAITING,
        created_at=now,
        first_at=now,
        next_at=now,
        attempts=0,
        **more,
    )


def _keep(delivery: Delivery, **values: Any) -> None:
    names = ", ".join(f"{name} = ?" for name in values)
    execute(
        f"UPDATE webhook_delivery SET {names} WHERE {OWN}",
        *values.values(), delivery.site_id, delivery.id,
    )  # fmt: skip
    for name, value in values.items():
        setattr(delivery, name, value)
