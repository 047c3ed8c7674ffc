"""Passes: secrets that let an agent in to one thing, once, for a while. Only a hash is kept."""

import secrets
from typing import Any

from .. import audit
from ..clock import stamp
from ..database import execute, fetch, insert, query, transaction
from ..errors import VentanillaError
from ..jobs import enqueue, handler
from ..mail import outbox
from ..wire import as_kept
from . import service
from .models import Agent, Pass

RESET, INVITE, SECOND = "reset", "invite", "second"

#: Seconds each is good for.
LIFE = {RESET: 1_800, INVITE: 7 * 86_400, SECOND: 600}

#: Between two links mailed to one agent.
PAUSE_SECONDS = 60


class PassStale(VentanillaError):
    status, code = 410, "pass_stale"
    message = "This link was used or is too old. Ask for a new one."


def issue(agent: Agent, purpose: str) -> str:
    """Return a new pass; a new link makes those before of its purpose worthless."""
    secret = secrets.token_urlsafe(32)
    with transaction():
        if purpose != SECOND:
            _void(agent.id, purpose)
        insert(
            Pass,
            id=service.fingerprint(secret),
            agent_id=agent.id,
            purpose=purpose,
            created_at=stamp(),
            expires_at=stamp(seconds=LIFE[purpose]),
        )
    return secret


def holder(secret: str, *purposes: str) -> Agent:
    """Return whose pass this is, or raise :exc:`PassStale`."""
    found = fetch(Pass, "id = ? AND used_at IS NULL AND expires_at > ?", *_now(secret))
    agent = Agent.get_or_none(Agent.id == found[0].agent_id) if found else None
    if agent is None or agent.disabled_at or found[0].purpose not in purposes:
        raise PassStale()
    return agent  # type: ignore[no-any-return]


def use(secret: str, *purposes: str) -> Agent:
    """Use a pass up and return whose it was: of two who try, one is too late."""
    agent = holder(secret, *purposes)
    done = execute(
        "UPDATE agent_pass SET used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ?",
        stamp(), *_now(secret),
    )  # fmt: skip
    if not done.rowcount:
        raise PassStale()
    return agent


def choose_password(secret: str, password: str) -> Agent:
    """Set the password with a mailed link. Every browser is signed out; a second factor stays."""
    service.check_password(password)
    with transaction():
        agent = use(secret, RESET, INVITE)
        service.set_password(agent, password)
        _void(agent.id, *LIFE)
        audit.note("account.password_reset", by=(agent.id, agent.name))
    return agent


def ask_for_reset(email: str) -> None:
    """Have a link sent if an agent has the address: a job looks, so that nothing here can tell."""
    with transaction():
        audit.unwatched()
        enqueue("agents.reset", email=as_kept(email)[:254])


@handler("agents.reset")
def send_reset(email: str) -> None:
    agent = Agent.get_or_none(Agent.email == email, Agent.disabled_at.is_null())
    # A link that reaches nobody would only undo one that was handed over.
    if agent is not None and outbox.on() and not _sent_lately(agent.id):
        send(agent, RESET)


def send(agent: Agent, purpose: str) -> str | None:
    """Mail a link to an agent; return it where mail is off, so that somebody can hand it over."""
    with transaction():
        secret = issue(agent, purpose)
        sites = query("SELECT min(id) FROM site")
        if not outbox.on() or sites[0][0] is None:
            return secret
        # Agents belong to no site; a letter needs one, for its look.
        outbox.write(
            site_id=sites[0][0],
            kind=purpose,
            recipient=agent.email,
            recipient_name=agent.name,
            audience="agent",
            locale=agent.locale,
            about={"token": secret},
            once=f"{purpose}:{service.fingerprint(secret)}",
        )
    return None


def _sent_lately(agent_id: int) -> bool:
    """Nobody fills an agent's mailbox by asking for links again and again."""
    return bool(
        query(
            "SELECT 1 FROM agent_pass WHERE agent_id = ? AND purpose = ? AND created_at > ?",
            agent_id,
            RESET,
            stamp(seconds=-PAUSE_SECONDS),
        )
    )


def _void(agent_id: int, *purposes: str) -> None:
    marks = ", ".join("?" * len(purposes))
    execute(
        f"DELETE FROM agent_pass WHERE agent_id = ? AND used_at IS NULL AND purpose IN ({marks})",
        agent_id, *purposes,
    )  # fmt: skip


def _now(secret: str) -> tuple[Any, ...]:
    return service.fingerprint(secret), stamp()


@handler("agents.forget_passes", every=3_600)
def sweep() -> None:
    execute("DELETE FROM agent_pass WHERE expires_at < ?", stamp(seconds=-86_400))
