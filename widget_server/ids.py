"""Public ids: unguessable, and in the order they were made."""

import time
from base64 import b64encode
from secrets import token_bytes

#: URL-safe characters in ASCII order, so that comparing texts compares times.
ALPHABET = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
LENGTH = 24

#: Where a running request keeps its own.
REQUEST_ID = "ventanilla.request_id"

#: Between base64's alphabet and ours.
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
FROM_BASE64 = bytes.maketrans(_BASE64, ALPHABET.encode())
TO_BASE64 = bytes.maketrans(ALPHABET.encode(), _BASE64)


def new_id() -> str:
    """Return 24 characters: 48 bits of milliseconds, then 96 random bits.

    The leading time keeps the newest rows together in an index; the 96 bits behind it are what
    nobody can guess.
    """
    moment = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    return b64encode(moment + token_bytes(12)).translate(FROM_BASE64).decode("ascii")
