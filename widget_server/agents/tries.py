"""Guessing gets slower with every wrong try, for whoever guesses and for nobody else.

Wrong tries are counted for each address with each account. An account guessed from many addresses
slows down for all of them, but not for browsers its owner has signed in with before: those have a
count of their own, so nobody can lock the owner out. A try is counted before it is judged, so that
a hundred at once are a hundred.
"""

import hashlib

from ..clock import parse, stamp, utcnow
from ..database import execute, is_sqlite, query, transaction
from ..errors import RateLimited
from ..jobs import handler

#: Free tries, the first pause and the longest, in seconds.
ONE = (6, 30, 3_600)
MANY = (60, 60, 900)

#: A count nobody added to for so long begins anew; one of many, which somebody always adds to, so
#: long after it began.
FORGET_SECONDS = 86_400


class TooManyTries(RateLimited):
    message = "Too many tries."


def keys(
    kind: str, account: str, *, address: str, browser: str | None
) -> list[tuple[str, tuple[int, int, int]]]:
    """Return what a try counts for; ``browser``: the fingerprint of one that is trusted."""
    account = account.strip().lower()
    if browser:
        return [(_key(kind, account, "browser", browser), ONE)]
    return [
        (_key(kind, account, "address", address), ONE),
        (_key(kind, account), MANY),
        (_key(kind, "address", address), MANY),
    ]


def spend(counted: list[tuple[str, tuple[int, int, int]]]) -> None:
    """Count one try, or raise :exc:`TooManyTries` with the seconds to wait."""
    with transaction():
        rows = {key: _row(key) for key, _ in counted}
        now = stamp()
        waits = [until for _, until, _ in rows.values() if until > now]
        if waits:
            wait = (parse(max(waits)) - utcnow()).total_seconds()
            raise TooManyTries(retry_after=int(wait) + 1)
        for key, bounds in counted:
            free, first, longest = bounds
            failures, _, at = rows[key]
            anew = at < stamp(seconds=-FORGET_SECONDS)
            failures = 1 if anew else failures + 1
            at = now if anew or bounds is ONE else at
            pause = min(first * 2 ** min(failures - free, 20), longest) if failures >= free else 0
            execute(
                "UPDATE agent_try SET failures = ?, until = ?, at = ? WHERE id = ?",
                failures, stamp(seconds=pause) if pause else "", at, key,
            )  # fmt: skip


def forgive(counted: list[tuple[str, tuple[int, int, int]]]) -> None:
    """The try was right: take it back where others count too, and forget the caller's own."""
    with transaction():
        for key, bounds in counted:
            if bounds is ONE:
                execute("DELETE FROM agent_try WHERE id = ?", key)
            else:
                execute(
                    "UPDATE agent_try SET failures = failures - 1, until = ''"
                    " WHERE id = ? AND failures > 0",
                    key,
                )


def _row(key: str) -> tuple[int, str, str]:
    now = stamp()
    execute(
        "INSERT INTO agent_try (id, failures, until, at) VALUES (?, 0, '', ?)"
        " ON CONFLICT DO NOTHING",
        key, now,
    )  # fmt: skip
    lock = "" if is_sqlite() else " FOR UPDATE"
    rows = query(f"SELECT failures, until, at FROM agent_try WHERE id = ?{lock}", key)
    return rows[0]  # type: ignore[return-value]


def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@handler("agents.forget_tries", every=3_600)
def sweep() -> None:
    execute("DELETE FROM agent_try WHERE at < ?", stamp(seconds=-FORGET_SECONDS))
