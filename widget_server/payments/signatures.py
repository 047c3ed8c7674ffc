"""One server's word to another: ``t=SECONDS,v1=HEX``, the HMAC-SHA256 of ``SECONDS.BODY``.

The scheme is Stripe's (its ``Stripe-Signature`` header, version 1), used for our own calls too.
"""

import hashlib
import hmac
from collections.abc import Iterable

from ..clock import utcnow
from ..errors import Forbidden

#: Seconds a signed call stays good, either side of now.
TOLERANCE = 300


class NotVerified(Forbidden):
    code, message = "hook_not_verified", "The signature of this call is wrong or missing."


def sign(body: bytes, *secrets: str, at: int | None = None) -> str:
    """Return the header that goes with ``body``: a signature with each of the secrets."""
    moment = str(int(utcnow().timestamp()) if at is None else at)
    return ",".join((f"t={moment}", *(f"v1={_digest(body, each, moment)}" for each in secrets)))


def verify(body: bytes, header: str, secrets: Iterable[str]) -> None:
    """Raise :exc:`NotVerified` unless one of the secrets signed ``body`` a short while ago.

    A header may carry several signatures: while a secret is being changed, both are sent.
    """
    parts = [part.strip().partition("=") for part in header[:2_000].split(",")]
    moments = [value for name, _, value in parts if name == "t"]
    given = [value.encode() for name, _, value in parts if name == "v1"]
    if len(moments) != 1 or not _is_time(moments[0]) or not given:
        raise NotVerified()
    expected = [_digest(body, secret, moments[0]).encode() for secret in secrets if secret]
    matches = [hmac.compare_digest(mine, theirs) for mine in expected for theirs in given]
    if not any(matches):
        raise NotVerified()
    if abs(utcnow().timestamp() - int(moments[0])) > TOLERANCE:
        raise NotVerified("This call was signed more than five minutes ago.")


def _is_time(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 12


def _digest(body: bytes, secret: str, moment: str) -> str:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
