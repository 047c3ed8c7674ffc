"""The same key, the same answer, once: what a retry over a bad network relies on."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from peewee import CompositeKey, IntegerField, TextField

from .clock import stamp
from .database import JSONField, Model, execute, fetch, insert, is_sqlite, transaction
from .errors import Conflict, Invalid
from .jobs import handler

KEEP_SECONDS = 7 * 86_400

OWN = "site_id = ? AND scope = ? AND key = ?"


class KeyReused(Conflict):
    code = "idempotency_key_reused"
    message = "This Idempotency-Key was used for another request. Use a new one."


class Idempotency(Model):
    """The answer given to one key of one caller."""

    site_id = IntegerField()
    scope = TextField()
    key = TextField()
    fingerprint = TextField()
    answer = JSONField()
    created_at = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "scope", "key")


def check(key: str | None) -> str:
    """Return a usable key or raise :exc:`Invalid`."""
    if not key or not 8 <= len(key) <= 128 or not key.isascii() or not key.isprintable():
        raise Invalid(
            "Send an Idempotency-Key header of 8 to 128 plain characters.",
            fields={"Idempotency-Key": ["8 to 128 plain characters."]},
        )
    return key


def once(
    site_id: int, scope: str, key: str | None, request: Any, act: Callable[[], Any]
) -> tuple[Any, bool]:
    """Return ``(answer, repeated)``: act and remember, or what was answered before.

    The act and its key are one transaction. Raises :exc:`KeyReused` when the key comes back with
    another request.
    """
    key = check(key)
    text = json.dumps(request, sort_keys=True, ensure_ascii=False, default=str)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    own = (site_id, scope, key)
    row: dict[str, Any] = {
        "site_id": site_id,
        "scope": scope,
        "key": key,
        "fingerprint": fingerprint,
        "created_at": stamp(),
    }
    with transaction():
        # SQLite's writers are alone. On PostgreSQL a row holds the key's place: a twin request
        # waits there for the first to end, so only one ever acts.
        held = not is_sqlite() and insert(Idempotency, or_ignore=True, answer={}, **row)
        for known in [] if held else fetch(Idempotency, OWN, *own):
            if known.fingerprint != fingerprint:
                raise KeyReused()
            return known.answer, True
        answer = act()
        if held:
            execute(f"UPDATE idempotency SET answer = ? WHERE {OWN}", json.dumps(answer), *own)
        else:
            insert(Idempotency, answer=answer, **row)
        return answer, False


def is_used(site_id: int, scope: str, key: str) -> bool:
    """Was something done under this key?"""
    return bool(fetch(Idempotency, OWN, site_id, scope, key))


@handler("idempotency.sweep", every=3_600)
def sweep() -> None:
    """Forget keys older than a week."""
    Idempotency.delete().where(Idempotency.created_at < stamp(seconds=-KEEP_SECONDS)).execute()
