"""Secrets of others at rest: encrypted with the installation's own, which may be rotated."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from functools import cached_property
from typing import TYPE_CHECKING

from .errors import VentanillaError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class Sealed(VentanillaError):
    status, code = 500, "sealed"
    message = "A stored secret cannot be opened: SECRET_KEY has lost the key it was sealed with."


class Vault:
    """Seals texts for one purpose. What was sealed for another purpose does not open.

    ``secrets``: as in ``SECRET_KEY``; the first seals, all open. Fernet (AES-128-CBC with
    HMAC-SHA256); each key is derived by HKDF-Expand with one block (RFC 5869, section 2.3).
    """

    def __init__(self, secrets: list[str], purpose: str) -> None:
        self._secrets = secrets
        self._info = f"ventanilla vault {purpose}".encode() + b"\x01"

    @cached_property
    def _keys(self) -> "MultiFernet":
        # Thirty milliseconds and eight megabytes that most installations never need.
        from cryptography.fernet import Fernet, MultiFernet

        return MultiFernet(
            Fernet(urlsafe_b64encode(hmac.digest(_pseudorandom(secret), self._info, "sha256")))
            for secret in self._secrets
        )

    def seal(self, text: str) -> str:
        return self._keys.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the text; raise :exc:`Sealed` if none of the keys sealed it."""
        from cryptography.fernet import InvalidToken

        try:
            return self._keys.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise Sealed from error


def _pseudorandom(secret: str) -> bytes:
    return hmac.digest(bytes(hashlib.sha256().digest_size), secret.encode(), "sha256")
