"""After the chaos: what was promised against what is there. Every difference is a sentence."""

import hashlib
from collections import Counter
from typing import Any

import psycopg

from widget_server.mail.models import IN_DOUBT

from .bucket import BucketServer
from .crowd import Promises
from .receiver import Call

#: Written by the database itself each time a schedule was done: which, and when it had been due.
WITNESS = """
CREATE TABLE witness (kind TEXT, due TEXT);
CREATE FUNCTION witness() RETURNS trigger AS $$ BEGIN
  INSERT INTO witness VALUES (OLD.kind, OLD.run_at); RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER witness AFTER UPDATE ON job FOR EACH ROW
  WHEN (OLD.unique_key LIKE 'schedule:%' AND NEW.attempts = 0 AND NEW.run_at > OLD.run_at)
  EXECUTE FUNCTION witness();
"""

#: Makes every schedule due at once, so that minutes hold as many turns as days.
HURRY = (
    "UPDATE job SET run_at = to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    " WHERE unique_key LIKE 'schedule:%' AND lease_until IS NULL AND attempts = 0"
    " AND run_at > to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
)

#: Makes the next try of a webhook due at once: its second would be in five minutes.
HURRY_CALLS = (
    "UPDATE job SET run_at = to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    " WHERE kind = 'webhooks.send' AND lease_until IS NULL AND attempts = 0"
    " AND run_at > to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
)

UNDONE = """
SELECT (SELECT count(*) FROM mail WHERE state NOT IN ('sent', 'cancelled', 'failed'))
     + (SELECT count(*) FROM sending)
     + (SELECT count(*) FROM webhook_delivery WHERE state = 'waiting')
     + (SELECT count(*) FROM job WHERE unique_key IS NULL)
     + (SELECT count(*) FROM attachment WHERE ticket_id IS NOT NULL AND preview_at IS NULL)
"""

Connection = psycopg.Connection[tuple[Any, ...]]


def undone(database: Connection) -> int:
    """Return how much still has to be done: letters, held replies, calls, jobs, previews."""
    return int(database.execute(UNDONE).fetchone()[0])  # type: ignore[index]


def reconcile(
    database: Connection,
    promises: Promises,
    letters: list[dict[str, str]],
    objects: dict[str, str],
    calls: list[Call],
    secret: str,
    interrupted: int,
) -> list[str]:
    """Return everything that was lost, doubled or never done.

    ``interrupted``: how often a worker was killed; each sends one letter at a time.
    ``objects``: the digest of each object in the bucket, by its key. ``calls``: what the receiver
    of webhooks took, signed with ``secret``.
    """
    return [
        *promises.wrong,
        *_once("ticket", promises.tickets, _column(database, "SELECT title FROM ticket")),
        *_once(
            "message",
            promises.messages,
            _column(database, "SELECT body FROM message WHERE body ~ '^(reply|answer|held) '"),
        ),
        *_numbers(_column(database, "SELECT number FROM ticket ORDER BY number")),
        *_files(database, promises.files, objects),
        *_letters(database, promises, letters, interrupted),
        *_calls(database, promises, calls, secret),
        *_schedules(database),
    ]


def _column(database: Connection, sql: str) -> list[Any]:
    return [row[0] for row in database.execute(sql).fetchall()]


def _once(what: str, promised: Any, found: list[str]) -> list[str]:
    count = Counter(found)
    lost = [f"{what} lost: {each}" for each in promised if each not in count]
    return lost + [f"{what} {times} times: {each}" for each, times in count.items() if times > 1]


def _numbers(numbers: list[int]) -> list[str]:
    wanted = list(range(1, len(numbers) + 1))
    return [] if numbers == wanted else [f"numbers of tickets with holes: {numbers}"]


def digests(bucket: BucketServer) -> dict[str, str]:
    """Return the SHA-256 of every object, by its key."""
    client = bucket.client()
    return {
        key: hashlib.sha256(
            client.get_object(Bucket=bucket.name, Key=key)["Body"].read()
        ).hexdigest()
        for key in bucket.stored()
    }


def _files(database: Connection, promised: dict[str, str], objects: dict[str, str]) -> list[str]:
    kept = dict(
        database.execute("SELECT id, sha256 FROM attachment WHERE ticket_id IS NOT NULL").fetchall()
    )
    wrong = [f"file lost: {each}" for each in promised if each not in kept]
    for file_id, sha256 in kept.items():
        key = f"desk/{file_id[-2:]}/{file_id}"
        if key not in objects or f"{key}.webp" not in objects:
            wrong.append(f"bytes lost: {file_id}")
        elif not objects[key] == sha256 == promised.get(file_id, sha256):
            wrong.append(f"bytes changed: {file_id}")
    return wrong


def _letters(
    database: Connection, promises: Promises, letters: list[dict[str, str]], interrupted: int
) -> list[str]:
    """A letter may come twice only as itself, under one id, which mail programs show once."""
    arrived = {letter["id"].strip("<>").partition("@")[0]: letter for letter in letters}
    rows = database.execute(
        "SELECT id, kind, recipient, CASE error WHEN %s THEN 'in doubt' ELSE state END, ticket_id"
        " FROM mail",
        [IN_DOUBT],
    ).fetchall()
    due = {row[0]: row for row in rows}
    wrong = [f"letter {row[3]}: {row}" for row in rows if row[3] not in ("sent", "in doubt")]
    doubtful = [row for row in rows if row[3] == "in doubt"]
    if len(doubtful) > interrupted:
        wrong.append(f"letters in doubt, of {interrupted} interrupted: {doubtful}")
    wrong += [
        f"letter lost: {row}"
        for row in rows
        if row[3] in ("sent", "in doubt") and row[0] not in arrived
    ]
    wrong += [
        f"letter of nobody: {letters}" for each, letters in arrived.items() if each not in due
    ]
    told = Counter((row[4], row[1]) for row in rows)
    for title, ticket_id in promises.tickets.items():
        for kind in ("received", "agent_opened"):
            if told[ticket_id, kind] != 1:
                wrong.append(f"letter {kind} {told[ticket_id, kind]} times: {title}")
    said = _column(
        database,
        "SELECT ticket_id FROM message m WHERE author = 'agent' AND internal_at IS NULL",
    )
    for ticket_id, times in Counter(said).items():
        if told[ticket_id, "answered"] != times:
            wrong.append(f"answers of {ticket_id}: {times}, told {told[ticket_id, 'answered']}")
    return wrong


def _calls(database: Connection, promises: Promises, calls: list[Call], secret: str) -> list[str]:
    """A call may come twice only as itself: the same bytes under one id."""
    rows = database.execute(
        "SELECT 'msg_' || id, event, state, ticket_id, about::json->>'message_id', body"
        " FROM webhook_delivery"
    ).fetchall()
    due, arrived = {row[0]: row for row in rows}, {call.id for call in calls}
    wrong = [f"call {row[2]}: {row[:5]}" for row in rows if row[2] != "delivered"]
    wrong += [f"call lost: {row[:5]}" for row in rows if row[0] not in arrived]
    for call in calls:
        if call.id not in due:
            wrong.append(f"call of nothing: {call.id}")
        elif call.raw.decode() != due[call.id][5]:
            wrong.append(f"call changed: {call.id}")
        if not call.verified(secret):
            wrong.append(f"call not signed: {call.id}")
    opened = Counter(row[3] for row in rows if row[1] == "ticket.opened")
    for title, ticket_id in promises.tickets.items():
        if opened[ticket_id] != 1:
            wrong.append(f"call opened {opened[ticket_id]} times: {title}")
    told = Counter(row[4] for row in rows if row[1] == "ticket.replied")
    said = "SELECT id FROM message WHERE body ~ '^(reply|answer|held) '"
    return wrong + [
        f"call replied {told[message_id]} times: {message_id}"
        for message_id in _column(database, said)
        if told[message_id] != 1
    ]


def _schedules(database: Connection) -> list[str]:
    fired = database.execute("SELECT kind, due, count(*) FROM witness GROUP BY 1, 2").fetchall()
    wrong = [
        f"schedule fired {times} times: {kind} {due}" for kind, due, times in fired if times > 1
    ]
    rows = Counter(_column(database, "SELECT unique_key FROM job WHERE unique_key IS NOT NULL"))
    wrong += [f"schedule {times} times: {key}" for key, times in rows.items() if times != 1]
    kinds = {key.removeprefix("schedule:") for key in rows}
    wrong += [f"schedule never fired: {kind}" for kind in kinds - {row[0] for row in fired}]
    wrong += [f"job given up: {row}" for row in _column(database, "SELECT kind || ': ' || last_error FROM job WHERE dead_at IS NOT NULL")]  # fmt: skip
    return wrong
