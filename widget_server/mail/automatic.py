"""Did a machine write this? (RFC 3834, and what programs do that never read it.)"""

import re
from collections.abc import Collection
from email.message import Message

#: Set on every letter of ours; one that comes back with it has gone in a circle.
LOOP_HEADER = "X-Ventanilla-Loop"

_OUT_OF_OFFICE = re.compile(
    r"out of (?:the )?office|automatic reply|auto[- ]?reply|autoreply|respuesta autom[áa]tica"
    r"|fuera de la oficina|risposta automatica|fuori sede|r[ée]ponse automatique"
    r"|absence du bureau|automatische antwort|abwesenheit|resposta autom[áa]tica"
    r"|aus(?:ê|e)ncia tempor[áa]ria",
    re.IGNORECASE,
)


def judge(mail: Message, sender: str, ours: Collection[str]) -> str | None:
    """Return "loop", "auto-reply", "bulk", or ``None`` for what a person seems to have written."""
    if mail.get(LOOP_HEADER) or sender.lower() in ours:
        return "loop"
    submitted = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    if submitted.startswith("auto-"):
        return "auto-reply"
    if any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-AutoReply-From")):
        return "auto-reply"
    precedence = str(mail.get("Precedence", "")).strip().lower()
    if precedence == "auto_reply":
        return "auto-reply"
    if precedence in {"bulk", "junk", "list"} or mail.get("List-Id"):
        return "bulk"
    silent = (
        mail.get("X-Auto-Response-Suppress") or str(mail.get("Return-Path", "x")).strip() == "<>"
    )
    if silent and _OUT_OF_OFFICE.search(str(mail.get("Subject", ""))[:500]):
        return "auto-reply"
    return None
