"""Tokens we sign for ourselves. One purpose, one salt: none works where it was not meant to."""

import hashlib
from typing import Any

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from ..errors import Unauthenticated

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

    def issue(self, claims: Any) -> str:
        return str(self._serializer.dumps(claims))

    def read(self, token: str, *, ttl: int | None = None) -> Any:
        """Return the claims; raise :exc:`TokenExpired` past ``ttl`` seconds, or
        :exc:`Unauthenticated` for anything we did not sign for this purpose."""
        try:
            return self._serializer.loads(token, max_age=ttl)
        except SignatureExpired as error:
            raise TokenExpired() from error
        except (BadData, UnicodeError, ValueError) as error:
            raise Unauthenticated() from error
