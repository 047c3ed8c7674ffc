"""The second factor: codes from an authenticator, each good once, and recovery codes."""

import hashlib
import io
import secrets
from typing import Any

from .. import audit
from ..clock import stamp, utcnow
from ..database import execute, query, transaction
from ..errors import Conflict, Invalid
from ..mail.post import Post
from ..vault import Vault
from .models import Agent

PURPOSE, ISSUER = "second-factor", "Ventanilla"

STEP_SECONDS = 30

#: Steps a phone's clock may be off.
DRIFT = 1

RECOVERY_CODES = 10

#: Without letters that look like digits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class WrongCode(Invalid):
    code, message = "wrong_code", "That is not the code."


def begin(agent: Agent) -> str:
    """Return a new secret for the agent's authenticator; it counts from :func:`confirm` on."""
    import pyotp

    if agent.totp_at is not None:
        raise Conflict("The second factor is on already.")
    secret = pyotp.random_base32()
    agent.totp = _vault().seal(secret)
    Agent.update(totp=agent.totp).where(Agent.id == agent.id).execute()
    return secret


def pending(agent: Agent) -> str:
    """Return the secret that waits to be confirmed, a new one if none does."""
    return _vault().open(agent.totp) if agent.totp and not agent.totp_at else begin(agent)


def address(agent: Agent, secret: str) -> str:
    """Return what an authenticator reads from the picture."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=agent.email, issuer_name=ISSUER)


def picture(text: str) -> str:
    """Return a QR code as SVG, drawn in the text's own colour."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, border=3, omitsize=True,
        svgclass="qr", lineclass=None, dark="#000", light="#fff",
    )  # fmt: skip
    return out.getvalue().decode()


def confirm(agent: Agent, code: str) -> list[str]:
    """Switch the second factor on with a first code; return the recovery codes, told once."""
    with transaction():
        if agent.totp_at is not None:
            raise Conflict("The second factor is on already.")
        if not agent.totp or not _matches(agent, code):
            raise WrongCode(fields={"code": [WrongCode.message]})
        Agent.update(totp_at=stamp()).where(Agent.id == agent.id).execute()
        audit.note("account.second_factor_on")
        return renew_recovery_codes(agent, quietly=True)


def switch_off(agent: Agent, *, by_administrator: bool = False) -> None:
    with transaction():
        Agent.update(totp=None, totp_at=None).where(Agent.id == agent.id).execute()
        execute("DELETE FROM agent_recovery WHERE agent_id = ?", agent.id)
        about: dict[str, Any] = {"agent": agent.email} if by_administrator else {}
        audit.note("account.second_factor_off", **about)
    agent.totp = agent.totp_at = None


def check(agent: Agent, code: str) -> None:
    """Use up a code of the authenticator or a recovery code, or raise :exc:`WrongCode`."""
    with transaction():
        if not (_matches(agent, code) or _recovers(agent, code)):
            raise WrongCode(fields={"code": [WrongCode.message]})


def renew_recovery_codes(agent: Agent, *, quietly: bool = False) -> list[str]:
    """Return new recovery codes; the ones before are void."""
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    with transaction():
        execute("DELETE FROM agent_recovery WHERE agent_id = ?", agent.id)
        for code in codes:
            execute(
                "INSERT INTO agent_recovery (agent_id, code) VALUES (?, ?)",
                agent.id, _hash(agent, code),
            )  # fmt: skip
        if not quietly:
            audit.note("account.recovery_codes")
    return codes


def recovery_codes_left(agent: Agent) -> int:
    rows = query(
        "SELECT count(*) FROM agent_recovery WHERE agent_id = ? AND used_at IS NULL", agent.id
    )
    return int(rows[0][0])


def _matches(agent: Agent, code: str) -> bool:
    """Does the authenticator show this code now, and was it not used before?"""
    import pyotp

    digits = "".join(code.split())
    if agent.totp is None or not (digits.isascii() and digits.isdecimal()):
        return False
    totp = pyotp.TOTP(_vault().open(agent.totp))
    now = int(utcnow().timestamp()) // STEP_SECONDS
    for step in range(now - DRIFT, now + DRIFT + 1):
        if secrets.compare_digest(totp.generate_otp(step), digits):
            # Of two requests with one code, one finds the step used up.
            used = execute(
                "UPDATE agent SET totp_step = ? WHERE id = ? AND totp_step < ?",
                step, agent.id, step,
            )  # fmt: skip
            return bool(used.rowcount)
    return False


def _recovers(agent: Agent, code: str) -> bool:
    used = execute(
        "UPDATE agent_recovery SET used_at = ? WHERE agent_id = ? AND code = ? AND used_at IS NULL",
        stamp(), agent.id, _hash(agent, code),
    )  # fmt: skip
    return bool(used.rowcount)


def _new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def _hash(agent: Agent, code: str) -> str:
    plain = "".join(mark for mark in code.lower() if mark.isalnum())
    return hashlib.sha256(f"{agent.id}:{plain}".encode()).hexdigest()


def _vault() -> Vault:
    return Vault(Post.secrets, PURPOSE)
