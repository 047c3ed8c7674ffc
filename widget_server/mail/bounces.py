"""Letters that came back: reports by the standard (RFC 3464), and those that only look like it."""

import re
from dataclasses import dataclass
from email.message import Message

_ID = re.compile(r"^Message-I[dD]:\s*(<[^<>\s]{1,500}>)", re.MULTILINE | re.IGNORECASE)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b([45]\d\d)[ -]")
_RECIPIENT = re.compile(r"<?([^\s<>@\"']{1,64}@[^\s<>\"',;:]{1,255}\.[a-z]{2,24})>?", re.IGNORECASE)
_DAEMON = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mdaemon)@", re.IGNORECASE)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed)|returned mail|failure notice"
    r"|mail delivery (?:failed|system)|delivery report|no se pudo entregar|no entregado"
    r"|error de entrega|mancata consegna|impossibile recapitare|non remis"
    r"|[ée]chec de (?:la )?remise"
    r"|unzustellbar|nicht zugestellt|n[ãa]o entregue|falha na entrega|delivery incomplete",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delay(?:ed)?\b|will (?:be )?retr"
    r"|temporar|warning: message|retraso|ritardo|retard|verz[öo]gert",
    re.IGNORECASE,
)

#: Characters of a report that are searched.
SEARCHED = 60_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """Which letter came back, from whom, and whether for good."""

    recipient: str | None
    original_id: str | None
    permanent: bool
    status: str | None
    diagnostic: str


def read(mail: Message, sender: str, text: str) -> Bounce | None:
    """Return what a report says, or ``None`` if this is no report."""
    report = mail.get_content_type() == "multipart/report" and (
        str(mail.get_param("report-type", "")).lower() == "delivery-status"
    )
    if report or any(part.get_content_type() == "message/delivery-status" for part in _some(mail)):
        return _standard(mail, text)
    silent = str(mail.get("Return-Path", "x")).strip() == "<>"
    subject = str(mail.get("Subject", ""))[:500]
    if (_DAEMON.match(sender) or silent or mail.get("X-Failed-Recipients")) and (
        _SUBJECT.search(subject) or mail.get("X-Failed-Recipients")
    ):
        return _loose(mail, subject, text)
    return None


def _standard(mail: Message, text: str) -> Bounce:
    fields: dict[str, str] = {}
    for part in _some(mail):
        if part.get_content_type() != "message/delivery-status":
            continue
        groups = part.get_payload()
        for group in groups if isinstance(groups, list) else []:
            if not isinstance(group, Message):
                continue
            for name, value in list(group.items())[:40]:
                fields.setdefault(name.lower(), " ".join(str(value).split())[:1_000])
    status = (_STATUS.search(fields.get("status", "")) or [None])[0]
    action = fields.get("action", "").lower()
    recipient = fields.get("final-recipient") or fields.get("original-recipient") or ""
    found = _RECIPIENT.search(recipient)
    permanent = action == "failed" and not (status or "5").startswith("4")
    if not action:
        permanent = (status or "").startswith("5")
    return Bounce(
        recipient=found[1].lower() if found else None,
        original_id=_original(mail, text),
        permanent=permanent,
        status=status,
        diagnostic=fields.get("diagnostic-code", "")[:500] or text.strip()[:300],
    )


def _loose(mail: Message, subject: str, text: str) -> Bounce:
    searched = text[:SEARCHED]
    status = _STATUS.search(searched)
    code = _CODE.search(searched)
    named = str(mail.get("X-Failed-Recipients", "")) or searched
    found = _RECIPIENT.search(named)
    delayed = bool(_DELAYED.search(subject))
    number = status[1] if status else f"{code[1]}" if code else ""
    return Bounce(
        recipient=found[1].lower() if found else None,
        original_id=_original(mail, text),
        permanent=not delayed and not number.startswith("4"),
        status=status[1] if status else None,
        diagnostic=" ".join(searched.split())[:500],
    )


def _original(mail: Message, text: str) -> str | None:
    """Find the id of the letter that came back: in the returned part, else in the text."""
    for part in _some(mail):
        kind = part.get_content_type()
        inner = part.get_payload()
        if kind == "message/rfc822" and isinstance(inner, list) and inner:
            value = str(inner[0].get("Message-ID", ""))  # type: ignore[union-attr]
            found = re.search(r"<[^<>\s]{1,500}>", value)
            if found:
                return found[0]
        if kind == "text/rfc822-headers":
            data = part.get_payload(decode=True)
            head = data.decode("utf-8", "replace") if isinstance(data, bytes) else str(inner)
            match = _ID.search(head[:SEARCHED])
            if match:
                return match[1]
    match = _ID.search(text[:SEARCHED])
    if match:
        return match[1]
    replied = re.search(r"<[^<>\s]{1,500}>", str(mail.get("In-Reply-To", "")))
    return replied[0] if replied else None


def _some(mail: Message) -> list[Message]:
    """The mail's own parts, one level down: a report's returned letter is not walked into."""
    children = mail.get_payload()
    if mail.get_content_maintype() != "multipart" or not isinstance(children, list):
        return []
    found: list[Message] = []
    for child in children[:50]:
        if isinstance(child, Message):
            found.append(child)
            inner = child.get_payload()
            if child.get_content_maintype() == "multipart" and isinstance(inner, list):
                found += [each for each in inner[:50] if isinstance(each, Message)]
    return found
