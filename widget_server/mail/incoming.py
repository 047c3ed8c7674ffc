"""A mail as it comes off the wire, read with care: nothing in it is taken at its word.

Hostile mails nest, lie about their character sets and repeat headers. Everything here is bounded,
and what cannot be decoded is shown with replacement characters rather than lost.
"""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice

from ..wire import UNUSABLE
from . import automatic, bounces
from .bounces import Bounce
from .contents import File, files_of, text_of
from .decoding import one_line, recipient, usable_address, words
from .mime import Part, TooBig, Unreadable, parse
from .people import people, plain

__all__ = ["Bounce", "File", "Incoming", "TooBig", "Unreadable", "read"]

RECIPIENTS, REFERENCES = 100, 60

#: Where a mail was going, the surest first: a list or an alias changes To, never these.
_RECIPIENT_HEADERS = (
    "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To", "To", "Cc",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a mail says. ``fingerprint`` is the same by whichever way the mail is brought."""

    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    date: datetime | None
    text: str
    files: tuple[File, ...]
    automatic: str | None
    bounce: Bounce | None
    authentication: dict[str, str]
    fingerprint: str

    @classmethod
    def unreadable(cls, raw: bytes) -> "Incoming":
        """Stand in for a mail that cannot be read, so that it can be kept and looked at."""
        head = raw[:2_000].decode("utf-8", "replace")
        text = UNUSABLE.sub("", head)
        return cls(
            None, None, (), "", "", (), "", None, text, (), None, None, {},
            hashlib.sha256(raw).hexdigest(),
        )  # fmt: skip


def read(
    raw: bytes,
    *,
    ours: Collection[str] = (),
    trusted: str | None = None,
    most: int | None = None,
) -> Incoming:
    """Return what a mail says.

    ``ours``: our own addresses, from which a mail is a loop. ``trusted``: the name our mail server
    signs ``Authentication-Results`` with. ``most``: bytes taken in. Raises :exc:`Unreadable`.
    """
    if most is not None and len(raw) > most:
        raise TooBig()
    mail = parse(raw)
    sender_name, sender = _sender(mail)
    subject = one_line(words(mail.get("Subject")))[:500]
    message_id = _id(mail.get("Message-ID"))
    date = _date(mail.get("Date"))
    text = text_of(mail)
    bounce = bounces.read(mail, sender=sender, subject=subject, text=text, ours=ours)
    machine = automatic.judge(
        mail, sender=sender, subject=subject, message_id=message_id, ours=ours
    )
    return Incoming(
        message_id=message_id,
        in_reply_to=_id(mail.get("In-Reply-To")),
        references=tuple(_ids(mail.get("References"))[-REFERENCES:]),
        sender=sender,
        sender_name=sender_name,
        recipients=_recipients(mail),
        subject=subject,
        date=date,
        text=text,
        files=files_of(mail),
        automatic="bounce" if bounce else machine,
        bounce=bounce,
        authentication=_authentication(mail, trusted),
        fingerprint=_fingerprint(message_id, sender, date, raw),
    )


def _sender(mail: Part) -> tuple[str, str]:
    for header in ("From", "Sender", "Return-Path"):
        for value in islice(mail.all(header), 5):
            for name, text in islice(people(value), 10):
                found = usable_address(text)
                if found:
                    return name[:200], found
    return "", ""


def _recipients(mail: Part) -> tuple[str, ...]:
    everyone = (
        recipient(address)
        for header in _RECIPIENT_HEADERS
        for value in islice(mail.all(header), 20)
        for _, address in people(value)
    )
    # Each is looked at as it comes: ten thousand are not read to keep a hundred.
    return tuple(dict.fromkeys(islice(everyone, RECIPIENTS)))


def _id(text: str) -> str | None:
    found = _ids(text)
    return found[0] if found else None


def _ids(text: str) -> list[str]:
    return re.findall(r"<[^<>\s]{1,500}>", text)


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text[:200])
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _authentication(mail: Part, trusted: str | None) -> dict[str, str]:
    """Return what our own server found out about the sender (RFC 8601), if it signs so."""
    for text in islice(mail.all("Authentication-Results"), 10):
        # Quoted texts and remarks hold what the sender chose, such as "dmarc=pass".
        name, *results = plain(text).split(";")
        if not trusted or name.strip().split(" ")[0].lower() != trusted.lower():
            continue
        found: dict[str, str] = {}
        for result in results:
            match = re.match(r"\s*(spf|dkim|dmarc)\s*=\s*(\w+)", result, re.IGNORECASE)
            method, verdict = match.group(1, 2) if match else ("", "")
            if method.lower() == "dkim" and verdict.lower() == "pass":
                found["dkim"] = "pass"  # One good signature of several is enough.
            elif method:
                found.setdefault(method.lower(), verdict.lower())
        return found
    return {}


def _fingerprint(message_id: str | None, sender: str, date: datetime | None, raw: bytes) -> str:
    """Name the mail by what every way of delivery leaves alone; without an id, by its body."""
    if message_id:
        known = f"{message_id}\n{sender}\n{date.isoformat() if date else ''}".encode()
        return hashlib.sha256(known).hexdigest()
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    return hashlib.sha256(f"{sender}\n{date}\n".encode() + body.strip()).hexdigest()
