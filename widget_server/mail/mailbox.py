"""The mailbox answers come to: read by IMAP, waiting in IDLE where the server offers it.

The place reached is kept by UID, so that a person who reads the same mailbox hides nothing from
us. At first contact only what is unread is taken in.
"""

import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from ..clock import stamp
from ..database import execute, query, release
from ..logs import reason
from . import receiving
from .post import Post

log = logging.getLogger(__name__)

#: Seconds between looks where the server cannot tell, and at most where it can.
PAUSE, IDLE = 20, 240

#: Seconds before the server is tried again after a failure, doubling up to the second.
RETRY, RETRY_LONGEST = 5, 300

TIMEOUT = 30


def run(stop: threading.Event) -> None:
    """Take in what comes until ``stop`` is set."""
    wait = RETRY
    while not stop.is_set():
        try:
            with _open(Post.imap_url) as box:
                while not stop.is_set():
                    take_in(box)
                    wait = RETRY
                    release()
                    _pause(box, stop)
        except Exception as error:
            log.warning("The mailbox cannot be read: %s", reason(error))
            _note(error)
            stop.wait(wait)
            wait = min(wait * 2, RETRY_LONGEST)
        finally:
            release()


def check(url: str) -> int:
    """Connect, sign in, and return how many mails the mailbox holds."""
    with _open(url) as box:
        return int(box.folder.status(box.folder.get() or "INBOX", ["MESSAGES"])["MESSAGES"])


def look(url: str) -> int:
    """Take in what is new, once; return how many mails were read."""
    with _open(url) as box:
        return take_in(box)


def take_in(box: BaseMailBox) -> int:
    """Take in every mail past the place reached. Each is noted before the next is fetched."""
    name, folder = _name(), box.folder.get() or "INBOX"
    state = box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
    validity, top = state["UIDVALIDITY"], state["UIDNEXT"] - 1
    known = query("SELECT validity, last_uid FROM mailbox WHERE name = ?", name)
    if known and known[0][0] == validity:
        place = known[0][1]
        uids = [uid for uid in box.uids(f"UID {place + 1}:*") if int(uid) > place]
    else:
        place = 0
        uids = box.uids("UNSEEN")
    for uid in sorted(uids, key=int):
        _take(box, uid)
        _reached(name, validity, int(uid))
    _reached(
        name, validity, max(top, place, *(int(uid) for uid in uids)) if uids else max(top, place)
    )
    return len(uids)


def _take(box: BaseMailBox, uid: str) -> None:
    size = _size(box, uid)
    if size > receiving.LARGEST:
        head = _part(box, uid, "BODY.PEEK[]<0.65536>")
        receiving.refuse_too_big(head, source="imap")
        return
    raw = _part(box, uid, "BODY.PEEK[]")
    if raw:
        receiving.receive(raw, source="imap")


def _size(box: BaseMailBox, uid: str) -> int:
    _, data = box.client.uid("fetch", uid, "(RFC822.SIZE)")
    text = b" ".join(part if isinstance(part, bytes) else part[0] for part in data if part)
    _, _, rest = text.partition(b"RFC822.SIZE ")
    digits = rest.split(b")")[0].split()[0] if rest else b"0"
    return int(digits)


def _part(box: BaseMailBox, uid: str, what: str) -> bytes:
    _, data = box.client.uid("fetch", uid, f"({what})")
    for part in data:
        if isinstance(part, tuple):
            return bytes(part[1])
    return b""  # Somebody removed it meanwhile.


def _pause(box: BaseMailBox, stop: threading.Event) -> None:
    if "IDLE" not in box.client.capabilities:
        stop.wait(PAUSE)
        return
    with box.idle as idle:
        waited = 0
        while waited < IDLE and not stop.is_set():
            if idle.poll(timeout=1):
                return
            waited += 1


def _reached(name: str, validity: int, uid: int) -> None:
    execute(
        "INSERT INTO mailbox (name, validity, last_uid, looked_at, error) VALUES (?, ?, ?, ?, NULL)"
        " ON CONFLICT (name) DO UPDATE SET validity = excluded.validity,"
        " last_uid = CASE WHEN mailbox.validity = excluded.validity"
        " AND mailbox.last_uid > excluded.last_uid THEN mailbox.last_uid"
        " ELSE excluded.last_uid END, looked_at = excluded.looked_at, error = NULL",
        name, validity, uid, stamp(),
    )  # fmt: skip


def _note(error: Exception) -> None:
    try:
        execute("UPDATE mailbox SET error = ? WHERE name = ?", str(error)[:500], _name())
    except Exception:
        log.exception("The mailbox's failure could not be noted")


def _name() -> str:
    parts = urlsplit(Post.imap_url)
    return f"{unquote(parts.username or '')}@{parts.hostname}{parts.path}"


@contextmanager
def _open(url: str) -> Iterator[BaseMailBox]:
    parts, options = urlsplit(url), parse_qs(urlsplit(url).query)
    host, plain = parts.hostname or "", options.get("tls") == ["none"]
    context = ssl.create_default_context(cafile=options["ca"][0] if "ca" in options else None)
    if parts.scheme == "imaps":
        box: BaseMailBox = MailBox(host, parts.port or 993, timeout=TIMEOUT, ssl_context=context)
    elif plain:
        box = MailBoxUnencrypted(host, parts.port or 143, timeout=TIMEOUT)
    else:
        box = MailBoxStartTls(host, parts.port or 143, timeout=TIMEOUT, ssl_context=context)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    with box.login(unquote(parts.username or ""), unquote(parts.password or ""), folder):
        yield box
