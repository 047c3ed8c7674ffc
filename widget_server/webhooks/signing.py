"""Standard Webhooks 1.0: ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``.

The signature is ``v1,`` and the base64 of HMAC-SHA256 over ``ID.SECONDS.BODY``; several stand
beside each other while a secret is being changed.
"""

import hmac
import secrets
from base64 import b64decode, b64encode

from ..clock import utcnow

PREFIX = "whsec_"
BYTES = 32


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(BYTES)).decode()


def headers(message_id: str, body: bytes, keys: list[str]) -> dict[str, str]:
    """Return the three headers for ``body`` sent now, signed with each of ``keys``."""
    at = str(int(utcnow().timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": at,
        "webhook-signature": " ".join(
            _sign(key, f"{message_id}.{at}.".encode(), body) for key in keys
        ),
    }


def _sign(secret: str, head: bytes, body: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return "v1," + b64encode(hmac.digest(key, head + body, "sha256")).decode()
