"""Everything that can happen to an agent. Knows nothing about HTTP."""

import hashlib
import secrets
from functools import cache
from typing import TYPE_CHECKING

from marshmallow import ValidationError

from .. import audit
from ..clock import parse, stamp
from ..database import fetch, insert, transaction
from ..errors import Conflict, Invalid, Unauthenticated
from ..jobs import handler
from ..mail.post import Teammate
from ..wire import address, as_kept
from .models import ADMINISTRATOR, ALL, MAILED, NOTHING, ROLES, Agent, AgentSession

if TYPE_CHECKING:
    from argon2 import PasswordHasher

PASSWORD_LENGTH = 10
#: A session ends when it was not used for so long, and at last after the longest.
SESSION_SECONDS, LONGEST_SECONDS = 30 * 86_400, 365 * 86_400

#: How old "last seen" may be before a page writes it again.
SEEN_SECONDS = 600


@cache
def _hasher() -> "PasswordHasher":
    """OWASP's profile for Argon2id: 19 MiB, two passes, one lane."""
    import argon2  # A server without a console in use never needs it.

    return argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobody() -> str:
    """Checked against when nobody has the address, so that both cases take the same time."""
    return _hasher().hash(secrets.token_hex(16))


class WrongPassword(Unauthenticated):
    code, message = "wrong_password", "Address or password is wrong."


def add_agent(
    *, email: str, name: str, password: str | None, role: str = ADMINISTRATOR, locale: str = "es"
) -> Agent:
    """Register an agent; without ``password``, one who has yet to choose it.

    Raises :exc:`Invalid` or :exc:`Conflict`.
    """
    try:
        email = address(email).lower()
    except ValidationError as error:
        raise Invalid(str(error.messages[0]), fields={"email": error.messages}) from error
    if password is not None:
        check_password(password)
    if role not in ROLES:
        raise Invalid(f"The role is one of {', '.join(ROLES)}.")
    made = insert(
        Agent,
        or_ignore=True,
        email=email,
        name=name,
        password_hash=_hasher().hash(password) if password is not None else "",
        role=role,
        locale=locale,
        created_at=stamp(),
    )
    if not made:
        raise Conflict(f"{email} is an agent already.")
    agent: Agent = Agent.get(Agent.email == email)
    return agent


def check_password(password: str) -> None:
    """Raise :exc:`Invalid` for a password that is too short."""
    if len(password) < PASSWORD_LENGTH:
        raise Invalid(
            f"The password needs at least {PASSWORD_LENGTH} characters.",
            fields={"password": [f"At least {PASSWORD_LENGTH} characters."]},
        )


def with_password(email: str, password: str) -> Agent:
    """Return the agent these two belong to, or raise :exc:`WrongPassword` after as long a time."""
    agent: Agent | None = Agent.get_or_none(
        Agent.email == as_kept(email), Agent.disabled_at.is_null()
    )
    known = agent is not None and not agent.invited
    from argon2.exceptions import VerifyMismatchError

    # Made in either case, or the first of all tries would tell by its time.
    nobody = _nobody()
    try:
        _hasher().verify(agent.password_hash if agent and known else nobody, password)
    except VerifyMismatchError as error:
        raise WrongPassword() from error
    if agent is None or not known:
        raise WrongPassword()
    if _hasher().check_needs_rehash(agent.password_hash):
        Agent.update(password_hash=_hasher().hash(password)).where(Agent.id == agent.id).execute()
    return agent


def set_password(agent: Agent, password: str, *, keep: str = "") -> None:
    """Set a password and sign every browser out but the one with session ``keep``."""
    check_password(password)
    hashed = _hasher().hash(password)
    with transaction():
        Agent.update(password_hash=hashed).where(Agent.id == agent.id).execute()
        AgentSession.delete().where(
            AgentSession.agent_id == agent.id, AgentSession.id != fingerprint(keep)
        ).execute()


def change_password(agent: Agent, password: str, *, keep: str) -> None:
    with transaction():
        set_password(agent, password, keep=keep)
        audit.note("account.password_changed")


def recognise(secret: str | None) -> Agent | None:
    """Return the agent whose cookie this is; ``None`` if it is stale, forged or revoked."""
    if not secret:
        return None
    session = AgentSession.get_or_none(
        AgentSession.id == fingerprint(secret), AgentSession.expires_at > stamp()
    )
    if session is None:
        return None
    agent: Agent | None = Agent.get_or_none(
        Agent.id == session.agent_id, Agent.disabled_at.is_null()
    )
    if agent is not None and session.seen_at < stamp(seconds=-SEEN_SECONDS):
        longest = stamp(parse(session.created_at), seconds=LONGEST_SECONDS)
        AgentSession.update(
            seen_at=stamp(), expires_at=min(stamp(seconds=SESSION_SECONDS), longest)
        ).where(AgentSession.id == session.id).execute()
    return agent


def sign_out(secret: str) -> None:
    AgentSession.delete().where(AgentSession.id == fingerprint(secret)).execute()


def sessions_of(agent: Agent) -> list[AgentSession]:
    return list(
        AgentSession.select()
        .where(AgentSession.agent_id == agent.id, AgentSession.expires_at > stamp())
        .order_by(AgentSession.seen_at.desc())
    )


def revoke_session(agent: Agent, session_id: str) -> None:
    with transaction():
        AgentSession.delete().where(
            AgentSession.agent_id == agent.id, AgentSession.id == session_id
        ).execute()
        audit.note("account.session_revoked")


#: Who sees the site that a parameter names.
SEES = (
    "(role = 'administrator' OR NOT EXISTS (SELECT 1 FROM agent_site l WHERE l.agent_id = agent.id)"
    " OR EXISTS (SELECT 1 FROM agent_site l WHERE l.agent_id = agent.id AND l.site_id = ?))"
)


def all_agents() -> list[Agent]:
    return list(Agent.select().where(Agent.disabled_at.is_null()).order_by(Agent.name))


def agents_of(site_id: int) -> list[Agent]:
    """Return the agents who see a site, by name."""
    return fetch(Agent, f"disabled_at IS NULL AND {SEES} ORDER BY name, id", site_id)


def names() -> dict[int, str]:
    """Return everyone's name by id, those who left included."""
    return {agent.id: agent.name for agent in Agent.select(Agent.id, Agent.name)}


def team(site_id: int, assignee_id: int | None) -> list[Teammate]:
    """Return who hears of a ticket: its assignee, or everyone who wants to while it has none."""
    active = [agent for agent in agents_of(site_id) if agent.mailed != NOTHING]
    mine = [agent for agent in active if agent.id == assignee_id]
    return _as_mates(mine or [agent for agent in active if agent.mailed == ALL])


def mates(site_id: int) -> list[Teammate]:
    """Return who may answer at a site by mail: whoever sees it, whatever they are mailed about."""
    return _as_mates(agents_of(site_id))


def _as_mates(found: list[Agent]) -> list[Teammate]:
    return [Teammate(agent.id, agent.email, agent.name, agent.locale) for agent in found]


def choose_mail(agent: Agent, mailed: str) -> None:
    """Choose what this agent is mailed about: one of :data:`.models.MAILED`."""
    if mailed not in MAILED:
        raise Invalid(fields={"mailed": [f"One of {', '.join(MAILED)}."]})
    Agent.update(mailed=mailed).where(Agent.id == agent.id).execute()
    agent.mailed = mailed


def set_locale(agent: Agent, locale: str) -> None:
    """Choose the language the console speaks to this agent."""
    Agent.update(locale=locale).where(Agent.id == agent.id).execute()
    agent.locale = locale


def fingerprint(secret: str) -> str:
    """Return what is stored of a cookie's secret: the session's id."""
    return hashlib.sha256(secret.encode()).hexdigest()


@handler("agents.sweep", every=3_600)
def sweep() -> None:
    """Forget sign-ins that have expired."""
    AgentSession.delete().where(AgentSession.expires_at < stamp()).execute()
