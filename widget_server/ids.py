"""Public ids: unguessable, and in the order they were made."""

import secrets
import time

#: URL-safe characters in ASCII order, so that comparing texts compares times.
ALPHABET = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
LENGTH = 24


def new_id() -> str:
    """Return 24 characters: 48 bits of milliseconds, then 96 random bits.

    The leading time keeps the newest rows together in an index; the 96 bits behind it are what
    nobody can guess.
    """
    value = (time.time_ns() // 1_000_000) << 96 | secrets.randbits(96)
    characters = []
    for _ in range(LENGTH):
        value, index = divmod(value, 64)
        characters.append(ALPHABET[index])
    return "".join(reversed(characters))
