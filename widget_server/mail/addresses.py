"""Reply addresses: ``reply+<token>@host`` says which ticket, and for whom it was made.

The signature covers the recipient's address, which the token does not carry: it holds only for a
mail that comes from them. Lower-case base32, because mail systems change the case of addresses.
"""

import hashlib
import hmac
from base64 import b32decode, b32encode, b64decode, b64encode
from binascii import Error
from dataclasses import dataclass

from ..ids import FROM_BASE64, TO_BASE64

#: Bytes of HMAC-SHA256 kept; at 80 bits nobody guesses one by mail.
SIGNATURE = 10

#: RFC 5321 allows 64 octets before the @; the token takes this many of them.
TOKEN = 53

REQUESTER, AGENT = "requester", "agent"
_AUDIENCES = (REQUESTER, AGENT)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply address says. ``fits``: it was made for the mail's sender."""

    site_id: int
    ticket_id: str
    audience: str
    fits: bool


class ReplyAddresses:
    """Makes and reads the addresses under ``base``, such as ``reply@help.example.com``."""

    def __init__(self, secrets: list[str], base: str) -> None:
        local, _, self._host = base.rpartition("@")
        self._local = local.lower()
        self._host = self._host.lower()
        if len(self._local) + 1 + TOKEN > 64:
            raise ValueError(f"the part before the @ may have {63 - TOKEN} characters: {base!r}")
        self._keys = [
            hmac.digest(secret.encode(), b"ventanilla:reply:1", hashlib.sha256)
            for secret in secrets
        ]

    def make(self, site_id: int, ticket_id: str, audience: str, recipient: str) -> str:
        """Return the address ``recipient`` can answer a ticket at."""
        body = (
            site_id.to_bytes(4, "big")
            + bytes([_AUDIENCES.index(audience)])
            + b64decode(ticket_id.encode().translate(TO_BASE64))
        )
        token = b32encode(body + self._sign(self._keys[0], body, recipient)).decode().rstrip("=")
        return f"{self._local}+{token.lower()}@{self._host}"

    def read(self, address: str, sender: str) -> Reply | None:
        """Return what one of our addresses says, or ``None`` if it is none that we made."""
        local, _, host = address.lower().rpartition("@")
        base, plus, token = local.partition("+")
        if host != self._host or base != self._local or not plus or len(token) != TOKEN:
            return None
        try:
            data = b32decode(token.upper() + "=" * (-TOKEN % 8))
        except (Error, ValueError):
            return None
        if b32encode(data).decode().rstrip("=").lower() != token:
            return None  # The last letter has a bit to spare; there is one way to write an address.
        body, given = data[:-SIGNATURE], data[-SIGNATURE:]
        if len(body) != 23 or body[4] >= len(_AUDIENCES):
            return None
        fits = any(hmac.compare_digest(given, self._sign(key, body, sender)) for key in self._keys)
        ticket = b64encode(body[5:]).translate(FROM_BASE64).decode()
        return Reply(int.from_bytes(body[:4], "big"), ticket, _AUDIENCES[body[4]], fits)

    @staticmethod
    def _sign(key: bytes, body: bytes, recipient: str) -> bytes:
        text = body + recipient.lower().encode()
        return hmac.digest(key, text, hashlib.sha256)[:SIGNATURE]
