"""Letters that came back: reports by the standard (RFC 3464), and those that only look like it."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from .mime import Part, headers_in

_ID = re.compile(r"<[^<>\s]{1,500}>")
_ID_LINE = re.compile(r"^[> \t|]{0,20}Message-ID:\s{0,9}(<[^<>\s]{1,500}>)", re.M | re.I)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)[ -]")
_RECIPIENT = re.compile(r"[^\s<>@\"'()\[\]:;,=]{1,64}@[^\s<>@\"'()\[\]:;,]{1,253}", re.IGNORECASE)
_DAEMON = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mdaemon)@", re.IGNORECASE)
_MICROSOFT = re.compile(r"microsoftexchange[0-9a-f]{20,40}@", re.IGNORECASE)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|fail|has failed|incomplete|report)|returned mail"
    r"|returned to sender|failure notice|mail delivery (?:failed|system)|mail system error"
    r"|message delayed|no se (?:pudo|ha podido) entregar|no entregado|error de entrega"
    r"|mancata consegna|impossibile recapitare|non recapitabile|non remis"
    r"|[ée]chec de (?:la )?remise"
    r"|unzustellbar|nicht zugestellt|zustellung fehlgeschlagen|n[ãa]o entregue|falha na entrega"
    r"|entrega falhou|配信不能|配信できません|未送達|系统退信|退信",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"\A\W*(?:hi\. this is the|this is the (?:mail system|qmail|postfix)|this message was created"
    r" automatically by|sorry to have to inform"
    r"|your message (?:to \S+ )?(?:could|wasn|couldn))",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delay(?:ed)?\b|temporar|warning: |retraso|retrasad|ritard|retard|verz[öo]gert|atras",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"will (?:be |keep |continue )?(?:to )?(?:be )?(?:retr|try)|attempts will continue"
    r"|no action is required|do not need to resend|seguir[áa] intentando|wird weiter versucht",
    re.IGNORECASE,
)
_REPORTS = {"message/delivery-status", "message/global-delivery-status"}
_RETURNED = {
    "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers",
    "message/rfc822-headers",
}  # fmt: skip

#: Characters of a report that are searched.
SEARCHED = 60_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """Which letter came back, from whom, and whether for good.

    ``permanent``: its address takes none; ``given_up``: this one will not arrive, others may.
    """

    recipient: str | None
    original_id: str | None
    permanent: bool
    given_up: bool
    status: str | None
    diagnostic: str

    @property
    def letter_id(self) -> str:
        """Return what we call the letter, if it was ours."""
        return (self.original_id or "").strip("<>").partition("@")[0]


def read(
    mail: Part, *, sender: str, subject: str, text: str, ours: Collection[str]
) -> Bounce | None:
    """Return what a report says, or ``None`` if this is no report of a failure."""
    leaves = list(mail.leaves())
    machine = bool(
        _DAEMON.match(sender)
        or _MICROSOFT.match(sender)
        or mail.get("Return-Path").replace(" ", "") == "<>"
        or mail.has("X-Failed-Recipients")
    )
    reports = [part for part in leaves if part.kind in _REPORTS]
    formal = mail.kind == "multipart/report" and (
        mail.param("report-type").lower() == "delivery-status"
    )
    if reports and (formal or machine):
        return _standard(mail, leaves, reports, text)
    told = mail.has("X-Failed-Recipients") or _SUBJECT.search(subject[:500]) or _TEXT.match(text)
    return _loose(mail, leaves, subject, text, ours) if machine and told else None


def _standard(mail: Part, leaves: list[Part], reports: list[Part], text: str) -> Bounce | None:
    """Read a report of several recipients by the one it went worst for."""
    groups = [
        {name: Part(b"", [(name, value)], 0, 0).get(name) for name, value in reversed(group)}
        for report in reports
        for group in headers_in(report.payload()[:SEARCHED])
    ]
    recipients = [group for group in groups if {"action", "final-recipient", "status"} & set(group)]
    worst = max(recipients, key=_weight, default={})
    if recipients and _weight(worst) == 0:
        return None
    status = _first(_STATUS, worst.get("status", ""))
    action = worst.get("action", "").split(" ")[0].lower()
    named = worst.get("final-recipient") or worst.get("original-recipient") or ""
    return Bounce(
        recipient=(_first(_RECIPIENT, named.lower()) or "").strip(".") or None,
        original_id=_original(mail, leaves, text),
        permanent=action != "delayed" and (status or "5").startswith("5"),
        given_up=action == "failed",
        status=status,
        diagnostic=worst.get("diagnostic-code", "")[:500] or text.strip()[:300],
    )


def _weight(group: dict[str, str]) -> int:
    """Failed for good, failed, delayed; and 0 for what arrived."""
    action = group.get("action", "").split(" ")[0].lower()
    status = _first(_STATUS, group.get("status", "")) or ""
    if action in {"delivered", "relayed", "expanded"} or (not action and status.startswith("2")):
        return 0
    if action == "delayed":
        return 1
    return 2 if status.startswith("4") else 3


def _loose(
    mail: Part, leaves: list[Part], subject: str, text: str, ours: Collection[str]
) -> Bounce:
    searched = text[:SEARCHED]
    status = _first(_STATUS, searched)
    number = status or _first(_CODE, searched) or ""
    named = f"{mail.get('X-Failed-Recipients')} {searched}"
    recipients = (match[0].strip(".").lower() for match in _RECIPIENT.finditer(named))
    line = next((line for line in searched.split("\n") if number and number in line), searched)
    permanent = not (
        _DELAYED.search(subject[:500]) or _GOES_ON.search(searched[:2_000])
    ) and not number.startswith("4")
    return Bounce(
        recipient=next((to for to in recipients if _somebody(to, ours)), None),
        original_id=_original(mail, leaves, text),
        permanent=permanent,
        given_up=permanent,
        status=status,
        diagnostic=" ".join(line.split())[:500],
    )  # fmt: skip


def _somebody(address: str, ours: Collection[str]) -> bool:
    return "." in address.partition("@")[2] and address not in ours and not _DAEMON.match(address)


def _original(mail: Part, leaves: list[Part], text: str) -> str | None:
    """Find the id of the letter that came back: in the returned part, else in the text."""
    for part in leaves:
        if part.kind in _RETURNED:
            for group in headers_in(part.payload()[:SEARCHED])[:1]:
                found = _first(_ID, Part(b"", group, 0, 0).get("Message-ID"))
                if found:
                    return found
    named = _ID_LINE.search(text[:SEARCHED])
    return named[1] if named else _first(_ID, mail.get("In-Reply-To"))


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[pattern.groups] if found else None
