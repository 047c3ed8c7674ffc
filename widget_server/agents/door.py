"""Signing in: password, then the second factor if there is one, and what a browser keeps of it."""

import secrets
from dataclasses import dataclass

from .. import audit
from ..clock import stamp
from ..database import execute, insert, query, transaction
from ..wire import as_kept
from . import passes, second_factor, service, tries
from .models import Agent, AgentSession

#: How long a browser is known to be its agent's.
BROWSER_SECONDS = 365 * 86_400

#: How long after typing the password sensitive things may be changed.
CONFIRMED_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Visit:
    """Who knocks: their address, browser, and the secret of the browser's own cookie."""

    address: str
    browser: str
    known: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """Signed in: the secrets for the two cookies. Or not yet: the pass to the second factor."""

    agent: Agent
    session: str = ""
    known: str = ""
    second: str = ""


def enter(visit: Visit, *, email: str, password: str) -> Entered:
    """Judge address and password.

    Raises :exc:`.service.WrongPassword`, or :exc:`.tries.TooManyTries` without looking.
    """
    email = as_kept(email)
    counted = tries.keys(
        "password", email, address=visit.address, browser=_trusted(email, visit.known)
    )
    tries.spend(counted)
    agent = service.with_password(email, password)
    tries.forgive(counted)
    if agent.totp_at is not None:
        return Entered(agent, second=passes.issue(agent, passes.SECOND))
    return _open(agent, visit)


def enter_with_code(visit: Visit, *, second: str, code: str) -> Entered:
    """Judge the second factor of who has shown the password already."""
    agent = passes.holder(second, passes.SECOND)
    counted = _code_tries(agent, visit)
    tries.spend(counted)
    with transaction():
        second_factor.check(agent, code)
        passes.use(second, passes.SECOND)
    tries.forgive(counted)
    return _open(agent, visit)


def confirm(visit: Visit, agent: Agent, session: str, *, password: str, code: str) -> None:
    """Ask once more who sits there, before something sensitive is changed."""
    counted = tries.keys(
        "password", agent.email, address=visit.address, browser=_trusted(agent.email, visit.known)
    )
    tries.spend(counted)
    service.with_password(agent.email, password)
    if agent.totp_at is not None:
        codes = _code_tries(agent, visit)
        tries.spend(codes)
        second_factor.check(agent, code)
        tries.forgive(codes)
    tries.forgive(counted)
    execute(
        "UPDATE agent_session SET confirmed_at = ? WHERE id = ?",
        stamp(), service.fingerprint(session),
    )  # fmt: skip


def confirmed(session: str) -> bool:
    """Did whoever holds this session type their password a short while ago?"""
    return bool(
        query(
            "SELECT 1 FROM agent_session WHERE id = ? AND confirmed_at > ?",
            service.fingerprint(session),
            stamp(seconds=-CONFIRMED_SECONDS),
        )
    )


def trust(agent: Agent) -> str:
    """Know a browser as the agent's from now on; return the secret for its cookie."""
    secret = secrets.token_urlsafe(32)
    execute(
        "INSERT INTO agent_browser (id, agent_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
        service.fingerprint(secret), agent.id, stamp(), stamp(seconds=BROWSER_SECONDS),
    )  # fmt: skip
    return secret


def _open(agent: Agent, visit: Visit) -> Entered:
    session, now = secrets.token_urlsafe(32), stamp()
    with transaction():
        insert(
            AgentSession,
            id=service.fingerprint(session),
            agent_id=agent.id,
            created_at=now,
            seen_at=now,
            confirmed_at=now,
            expires_at=stamp(seconds=service.SESSION_SECONDS),
            address=visit.address,
            browser=visit.browser[:200],
        )
        # A cookie that came from elsewhere is never made a trusted one.
        known = visit.known if _trusted(agent.email, visit.known) else trust(agent)
        audit.note("account.signed_in", by=(agent.id, agent.name))
    return Entered(agent, session=session, known=known)


def _code_tries(agent: Agent, visit: Visit) -> list[tuple[str, tuple[int, int, int]]]:
    return tries.keys(
        "code", agent.email, address=visit.address, browser=_trusted(agent.email, visit.known)
    )


def _trusted(email: str, known: str) -> str | None:
    """Return the fingerprint of a browser this account was signed in with before."""
    if not known:
        return None
    mark = service.fingerprint(known)
    rows = query(
        "SELECT 1 FROM agent_browser b JOIN agent a ON a.id = b.agent_id"
        " WHERE b.id = ? AND a.email = ? AND b.expires_at > ?",
        mark, email, stamp(),
    )  # fmt: skip
    return mark if rows else None
