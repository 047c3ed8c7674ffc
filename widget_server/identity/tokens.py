"""Tokens we sign for ourselves. One purpose, one salt: none works where it was not meant to."""

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from ..clock import utcnow
from ..errors import Unauthenticated

#: Tokens whose signature is known to be good, per process.
REMEMBERED = 4_096

#: Seconds a token of ours may seem to come from the future: another machine's clock runs ahead, or
#: this one's did and was put right. Who held a session then keeps it.
AHEAD = 86_400

SIGNER = {"key_derivation": "hmac", "digest_method": hashlib.sha256}


class TokenExpired(Unauthenticated):
    code, message = "token_expired", "The token has expired."


class Tokens:
    """Issues and reads tokens for one purpose.

    ``secrets``: the first signs, all of them verify, so keys can be rotated with no downtime.
    """

    def __init__(self, secrets: list[str], purpose: str) -> None:
        # itsdangerous signs with the last key of the list.
        self._serializer = URLSafeTimedSerializer(
            list(reversed(secrets)), salt=f"ventanilla:{purpose}:1", signer_kwargs=SIGNER
        )
        # An open panel sends the same token every few seconds; its signature is checked once.
        self._verified = lru_cache(maxsize=REMEMBERED)(self._verify)

    def issue(self, claims: Any) -> str:
        return str(self._serializer.dumps(claims))

    def read(self, token: str, *, ttl: int | None = None) -> Any:
        """Return the claims; raise :exc:`TokenExpired` past ``ttl`` seconds, or
        :exc:`Unauthenticated` for anything we did not sign for this purpose."""
        claims, issued = self._verified(token)
        age = (utcnow() - issued).total_seconds()
        if ttl is not None and age > ttl:
            raise TokenExpired()
        if age < -AHEAD:
            raise Unauthenticated()
        return claims

    def _verify(self, token: str) -> tuple[Any, datetime]:
        try:
            claims, issued = self._serializer.loads(token, return_timestamp=True)
        except (BadData, UnicodeError, ValueError) as error:
            raise Unauthenticated() from error
        return claims, issued
