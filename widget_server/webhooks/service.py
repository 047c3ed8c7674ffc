"""The addresses a site's events are told to: who keeps them, with which secret. No HTTP."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from .. import audit
from ..clock import stamp
from ..database import execute, fetch, insert, transaction
from ..errors import Conflict, Invalid, NotFound
from ..ids import new_id
from ..outbound import Outbound
from ..tickets.models import Ticket
from ..vault import Vault
from . import signing
from .kinds import EVENTS
from .models import Webhook

OWN = "site_id = ? AND id = ?"

#: Addresses of one site.
MOST = 20

#: Seconds both secrets sign after a change.
BOTH_SECRETS = 86_400

#: Why an address is not told of anything: somebody's choice, its own 410, or days of failures.
BY_HAND, GONE, FAILING = "by_hand", "gone", "failing"

#: Returns what programs are told of a ticket: ``describe(ticket, about)``.
Describe = Callable[[Ticket, Mapping[str, Any]], dict[str, Any]]


class Wires:
    """What telling others needs from outside."""

    vault: Vault
    outbound = Outbound()
    describe: Describe
    server_url = ""


def furnish(settings: Mapping[str, Any], describe: Describe) -> None:
    Wires.vault = Vault(settings["SECRET_KEY"], "webhooks")
    Wires.outbound = Outbound(loopback=settings["OUTBOUND_LOOPBACK"] == "allow")
    Wires.describe = staticmethod(describe)
    Wires.server_url = settings["SERVER_URL"]


def of_site(site_id: int) -> list[Webhook]:
    return fetch(Webhook, "site_id = ? ORDER BY id", site_id)


def everywhere() -> list[Webhook]:
    """Return the addresses of all sites."""
    return fetch(Webhook, "1 = 1 ORDER BY site_id, id")


def find(site_id: int, webhook_id: str) -> Webhook:
    found = fetch(Webhook, OWN, site_id, webhook_id)
    if not found:
        raise NotFound("No such webhook.")
    return found[0]


def create(site_id: int, *, url: str, events: list[str]) -> tuple[Webhook, str]:
    """Return a new address and the secret it is signed for, which nobody can read again."""
    url, events = _checked(url, events)
    if len(of_site(site_id)) >= MOST:
        raise Conflict(f"A site has at most {MOST} webhooks.")
    webhook_id, secret, now = new_id(), signing.new_secret(), stamp()
    with transaction():
        insert(
            Webhook,
            site_id=site_id,
            id=webhook_id,
            url=url,
            events=events,
            sealed=Wires.vault.seal(secret),
            created_at=now,
            changed_at=now,
            slow=0,
        )
        audit.note("webhook.created", site_id=site_id, host=_host(url), events=events)
    return find(site_id, webhook_id), secret


def change(site_id: int, webhook_id: str, *, url: str, events: list[str], on: bool) -> None:
    """Change an address; switched on again, its failures are forgotten."""
    url, events = _checked(url, events)
    hook = find(site_id, webhook_id)
    disabled = (hook.disabled_at, hook.disabled_because)
    if on:
        disabled = (None, None)
    elif hook.disabled_at is None:
        disabled = (stamp(), BY_HAND)
    fresh = (on and hook.disabled_at is not None) or url != hook.url
    with transaction():
        execute(
            "UPDATE webhook SET url = ?, events = ?, disabled_at = ?, disabled_because = ?,"
            f" changed_at = ? WHERE {OWN}",
            url, Webhook.events.db_value(events), *disabled, stamp(), site_id, webhook_id,
        )  # fmt: skip
        if fresh:
            forgive(site_id, webhook_id)
        audit.note("webhook.changed", site_id=site_id, host=_host(url), events=events, on=on)


def rotate(site_id: int, webhook_id: str) -> str:
    """Return a new secret; for a day, what is sent carries the signatures of both."""
    hook, secret = find(site_id, webhook_id), signing.new_secret()
    with transaction():
        execute(
            f"UPDATE webhook SET sealed = ?, sealed_before = ?, rotated_at = ? WHERE {OWN}",
            Wires.vault.seal(secret), hook.sealed, stamp(), site_id, webhook_id,
        )  # fmt: skip
        audit.note("webhook.rotated", site_id=site_id, host=_host(hook.url))
    return secret


def remove(site_id: int, webhook_id: str) -> None:
    """Remove an address and the log of what it was told."""
    hook = find(site_id, webhook_id)
    with transaction():
        execute(f"DELETE FROM webhook WHERE {OWN}", site_id, webhook_id)
        audit.note("webhook.removed", site_id=site_id, host=_host(hook.url))


def keys(hook: Webhook) -> list[str]:
    """Return the secrets that sign now, the newest first."""
    sealed = [hook.sealed]
    if hook.sealed_before and (hook.rotated_at or "") > stamp(seconds=-BOTH_SECRETS):
        sealed.append(hook.sealed_before)
    return [Wires.vault.open(each) for each in sealed]


def switch_off(hook: Webhook, because: str) -> bool:
    """Tell an address nothing more; return whether it was on."""
    done = execute(
        f"UPDATE webhook SET disabled_at = ?, disabled_because = ? WHERE {OWN}"
        " AND disabled_at IS NULL",
        stamp(), because, hook.site_id, hook.id,
    )  # fmt: skip
    return bool(done.rowcount)


def forgive(site_id: int, webhook_id: str) -> None:
    """It answers, or somebody mended it: its failures count no more."""
    execute(
        f"UPDATE webhook SET failing_since = NULL, slow = 0, paused_until = NULL WHERE {OWN}",
        site_id, webhook_id,
    )  # fmt: skip


def _checked(url: str, events: list[str]) -> tuple[str, list[str]]:
    url = url.strip()
    Wires.outbound.check(url)
    if not events or set(events) - set(EVENTS):
        raise Invalid(fields={"events": [f"Some of {', '.join(EVENTS)}."]})
    return url, [event for event in EVENTS if event in events]


def _host(url: str) -> str:
    """Return what the log may keep of an address: its path is often a secret."""
    return urlsplit(url).hostname or ""
