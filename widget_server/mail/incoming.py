"""A mail as it comes off the wire, read with care: nothing in it is taken at its word.

Hostile mails nest, lie about their character sets and repeat headers. Everything here is bounded,
and what cannot be decoded is shown with replacement characters rather than lost.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from typing import cast

from ..wire import UNUSABLE
from . import automatic, bounces
from .bounces import Bounce
from .decoding import (
    ONE_HEADER,
    TEXT,
    decoded,
    flowed,
    header,
    one_line,
    payload,
    raw_header,
    text_of,
    usable_address,
)
from .html_text import to_text

PARTS, DEPTH, RECIPIENTS, REFERENCES = 200, 20, 100, 60
HEADER_BYTES = 262_144

#: Pictures inside the text smaller than this are logos and tracking pixels.
SMALL_PICTURE = 5_000


class Unreadable(Exception):
    """A mail that cannot be taken in; ``reason`` is a stable word."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes
    inline: bool


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


def read(raw: bytes, *, ours: Collection[str] = (), trusted: str | None = None) -> Incoming:
    """Return what a mail says.

    ``ours``: our own addresses, from which a mail is a loop. ``trusted``: the name our mail server
    signs ``Authentication-Results`` with. Raises :exc:`Unreadable`.
    """
    _check_head(raw)
    try:
        mail = message_from_bytes(raw, policy=policy.compat32)
    except (ValueError, RecursionError, LookupError) as error:
        raise Unreadable("unreadable", "The mail's structure cannot be read.") from error
    sender_name, sender = _sender(mail)
    leaves = list(_leaves(mail))
    text, files = _content(leaves)
    bounce = bounces.read(mail, sender, text)
    message_id = _id(header(mail, "Message-ID"))
    date = _date(header(mail, "Date"))
    return Incoming(
        message_id=message_id,
        in_reply_to=_id(header(mail, "In-Reply-To")),
        references=tuple(_ids(header(mail, "References"))[-REFERENCES:]),
        sender=sender,
        sender_name=sender_name,
        recipients=_recipients(mail),
        subject=one_line(header(mail, "Subject"))[:500],
        date=date,
        text=text,
        files=tuple(files),
        automatic="bounce" if bounce else automatic.judge(mail, sender, ours),
        bounce=bounce,
        authentication=_authentication(mail, trusted),
        fingerprint=_fingerprint(message_id, sender, date, raw),
    )


def _check_head(raw: bytes) -> None:
    ends = [at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0]
    head = raw[: min(ends)] if ends else raw
    if len(head) > HEADER_BYTES:
        raise Unreadable("unreadable", "The mail's headers are longer than any program writes.")
    # Parsing costs lines times nesting; no program nests a tenth as deep.
    if raw.lower().count(b"multipart/") > PARTS:
        raise Unreadable("unreadable", "The mail has more parts than any program writes.")
    if any(len(part) > ONE_HEADER for part in re.split(rb"\r?\n(?![ \t])", head)):
        raise Unreadable("unreadable", "One of the mail's headers is too long.")


def _leaves(mail: Message) -> Iterator[Message]:
    """Yield the parts with content, in order; attached mails are kept whole."""
    stack, seen = [(mail, 0)], 0
    while stack:
        part, depth = stack.pop()
        seen += 1
        if seen > PARTS or depth > DEPTH:
            raise Unreadable("unreadable", "The mail has more parts than any program writes.")
        children = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(children, list):
            stack += [(cast(Message, child), depth + 1) for child in reversed(children)]
        else:
            yield part


def _content(leaves: list[Message]) -> tuple[str, list[File]]:
    plain: list[str] = []
    html: list[str] = []
    files: list[File] = []
    for part in leaves:
        kind = part.get_content_type()
        disposition = one_line(str(part.get("Content-Disposition", ""))).lower()
        attached = disposition.startswith("attachment") or bool(_name(part))
        if kind == "text/plain" and not attached:
            plain.append(flowed(part, text_of(part)))
        elif kind == "text/html" and not attached:
            html.append(text_of(part))
        elif kind in ("message/delivery-status", "text/rfc822-headers") or kind in (
            "application/pgp-signature",
            "application/pkcs7-signature",
            "application/x-pkcs7-signature",
        ):
            continue
        else:
            file = _file(part, kind, disposition)
            if file is not None:
                files.append(file)
    text = "\n\n".join(part for part in plain if part.strip())
    if not text.strip() and html:
        text = "\n\n".join(to_text(part) for part in html)
    return UNUSABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:TEXT], files


def _file(part: Message, kind: str, disposition: str) -> File | None:
    if kind == "message/rfc822":
        children = part.get_payload()
        inner = children[0] if isinstance(children, list) and children else None
        content = inner.as_bytes() if isinstance(inner, Message) else b""
        subject = one_line(header(inner, "Subject")) if isinstance(inner, Message) else ""
        name = f"{_name(part) or subject or 'mail'}"
        return File(name if name.endswith(".eml") else f"{name}.eml", content, False)
    content = payload(part)
    inline = disposition.startswith("inline") or part.get("Content-ID") is not None
    if not content or (inline and kind.startswith("image/") and len(content) < SMALL_PICTURE):
        return None
    ending = {"image/jpeg": ".jpg", "text/calendar": ".ics", "text/plain": ".txt"}.get(
        kind, "." + kind.partition("/")[2].split("+")[0][:8]
    )
    return File(_name(part) or f"file{ending}", content, inline)


def _sender(mail: Message) -> tuple[str, str]:
    pairs = getaddresses([raw_header(mail, "From")]) or [("", "")]
    for name, text in pairs[:10]:
        found = usable_address(text)
        if found:
            return one_line(decoded(name))[:200], found
    for other in ("Sender", "Return-Path"):
        found = usable_address(parseaddr(raw_header(mail, other))[1])
        if found:
            return "", found
    return "", ""


def _recipients(mail: Message) -> tuple[str, ...]:
    names = (
        "Delivered-To",
        "X-Original-To",
        "Envelope-To",
        "X-Envelope-To",
        "X-Forwarded-To",
        "To",
        "Cc",
    )
    found: dict[str, None] = {}
    for name in names:
        values = [str(value)[:ONE_HEADER] for value in (mail.get_all(name) or [])[:20]]
        for _, text in getaddresses(values):
            if "@" in text and len(text) <= 320:
                found[text.strip().lower()] = None
            if len(found) >= RECIPIENTS:
                return tuple(found)
    return tuple(found)


def _id(text: str) -> str | None:
    found = _ids(text)
    return found[0] if found else None


def _ids(text: str) -> list[str]:
    return re.findall(r"<[^<>\s]{1,500}>", text[:ONE_HEADER])


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _name(part: Message) -> str:
    try:
        name = part.get_filename()
    except (ValueError, LookupError, AssertionError, TypeError):
        return ""
    return one_line(decoded(name))[:200] if name else ""


def _authentication(mail: Message, trusted: str | None) -> dict[str, str]:
    """Return what our own server found out about the sender (RFC 8601), if it signs so."""
    if not trusted:
        return {}
    for value in (mail.get_all("Authentication-Results") or [])[:10]:
        text = one_line(str(value)[:ONE_HEADER])
        name, _, results = text.partition(";")
        if name.strip().split(" ")[0].lower() != trusted.lower():
            continue
        return {
            method.lower(): result.lower()
            for method, result in re.findall(r"\b(spf|dkim|dmarc)\s*=\s*(\w+)", results, re.I)[::-1]
        }
    return {}


def _fingerprint(message_id: str | None, sender: str, date: datetime | None, raw: bytes) -> str:
    """Name the mail by what every way of delivery leaves alone; without an id, by its body."""
    if message_id:
        known = f"{message_id}\n{sender}\n{date.isoformat() if date else ''}".encode()
        return hashlib.sha256(known).hexdigest()
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    return hashlib.sha256(f"{sender}\n{date}\n".encode() + body.strip()).hexdigest()
