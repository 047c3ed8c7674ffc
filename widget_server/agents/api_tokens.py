"""API tokens: what a program acts with in an agent's name. Shown once, kept as a hash."""

import hashlib
import secrets

from .. import audit
from ..clock import stamp
from ..database import execute, fetch, insert, transaction
from ..errors import Forbidden, Invalid, NotFound
from ..ids import new_id
from .models import ADMINISTRATOR, Agent, ApiToken

PREFIX = "vnt_"

#: What a token may do. Settings and agents need an administrator's.
SCOPES = ("tickets:read", "tickets:write", "settings:read", "settings:write", "agents:read",
          "agents:write", "audit:read", "webhooks:read", "webhooks:write")  # fmt: skip
ADMINISTRATORS = {"settings:write", "agents:write", "audit:read", "webhooks:read", "webhooks:write"}

#: How old "last used" may be before a request writes it again.
USED_SECONDS = 60

SHOWN = 200


def create(
    agent: Agent,
    *,
    name: str,
    scopes: list[str],
    only_site: int | None = None,
    days: int | None = None,
) -> tuple[ApiToken, str]:
    """Return a new token and its secret, which nobody can read again."""
    if not scopes or set(scopes) - set(SCOPES):
        raise Invalid(fields={"scopes": [f"Some of {', '.join(SCOPES)}."]})
    if agent.role != ADMINISTRATOR and set(scopes) & ADMINISTRATORS:
        raise Forbidden("Only administrators make tokens that change settings.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token_id = new_id()
    with transaction():
        insert(
            ApiToken,
            id=token_id,
            agent_id=agent.id,
            hash=_hash(secret),
            hint=secret[:8],
            name=name,
            scopes=[scope for scope in SCOPES if scope in scopes],
            only_site=only_site,
            created_at=stamp(),
            expires_at=stamp(seconds=days * 86_400) if days else None,
        )
        audit.note("token.created", site_id=only_site, name=name, scopes=sorted(scopes))
    return fetch(ApiToken, "id = ?", token_id)[0], secret


def recognise(secret: str) -> tuple[Agent, ApiToken] | None:
    """Return whose token this is; ``None`` if it is unknown, revoked or past its time."""
    if not secret.startswith(PREFIX):
        return None
    now = stamp()
    found = fetch(
        ApiToken,
        "hash = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)",
        _hash(secret),
        now,
    )
    agents = fetch(Agent, "id = ? AND disabled_at IS NULL", found[0].agent_id) if found else []
    if not agents:
        return None
    token = found[0]
    if (token.used_at or "") < stamp(seconds=-USED_SECONDS):
        execute("UPDATE api_token SET used_at = ? WHERE id = ?", now, token.id)
    return agents[0], token


def allows(agent: Agent, token: ApiToken, scope: str) -> bool:
    """May the token do this? An agent who is no longer administrator takes its tokens along."""
    return scope in token.scopes and (agent.role == ADMINISTRATOR or scope not in ADMINISTRATORS)


def of(agent: Agent) -> list[ApiToken]:
    """Return the tokens an agent sees: their own, or, as administrator, everyone's."""
    terms, values = "revoked_at IS NULL", list[int]()
    if agent.role != ADMINISTRATOR:
        terms, values = f"{terms} AND agent_id = ?", [agent.id]
    return fetch(ApiToken, f"{terms} ORDER BY id DESC LIMIT {SHOWN}", *values)


def revoke(agent: Agent, token_id: str) -> None:
    found = [token for token in of(agent) if token.id == token_id]
    if not found:
        raise NotFound("No such token.")
    with transaction():
        execute("UPDATE api_token SET revoked_at = ? WHERE id = ?", stamp(), token_id)
        audit.note("token.revoked", name=found[0].name)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
