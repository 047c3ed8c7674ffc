"""What a mail shows its reader, and the files it carries."""

import re
from dataclasses import dataclass

from ..wire import UNUSABLE
from .decoding import TEXT, flowed, one_line, text_in, words
from .html_text import MOST, to_text
from .mime import Part, Unreadable, headers_in

#: Pictures inside the text smaller than this are logos and tracking pixels.
SMALL_PICTURE = 5_000

#: Parts that speak about the mail and are nothing its sender attached.
_ABOUT = {
    "message/delivery-status", "message/global-delivery-status", "text/rfc822-headers",
    "message/disposition-notification", "message/feedback-report", "message/global-headers",
    "application/pgp-signature", "application/pgp-encrypted", "application/pkcs7-signature",
    "application/x-pkcs7-signature", "application/applefile", "text/x-amp-html",
}  # fmt: skip
_MAILS = {"message/rfc822", "message/global"}
_ENDINGS = {
    "image/jpeg": ".jpg", "image/svg+xml": ".svg", "text/calendar": ".ics", "text/plain": ".txt",
    "text/vcard": ".vcf", "application/ms-tnef": ".dat", "application/octet-stream": "",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/msword": ".doc", "application/vnd.ms-excel": ".xls", "audio/mpeg": ".mp3",
}  # fmt: skip
_CLEARSIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z]+:[^\n]*\n)*\n"
    r"(.*?)\n-----BEGIN PGP SIGNATURE-----\n.*?(?:-----END PGP SIGNATURE-----\n?|\Z)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes
    inline: bool


def text_of(mail: Part) -> str:
    """Return what the mail says in words."""
    text = _Reading().text(mail)
    text = UNUSABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.startswith("-----BEGIN PGP SIGNED"):
        text = re.sub(r"^- ", "", _CLEARSIGNED.sub(r"\1\n", text, count=1), flags=re.MULTILINE)
    return text[:TEXT]


def files_of(mail: Part) -> tuple[File, ...]:
    """Return what the mail carries. An invitation is often sent twice; it is one file."""
    found: dict[bytes, File] = {}
    for part in mail.leaves():
        file = _file(part)
        if file is not None:
            kept = found.setdefault(file.content, file)
            if kept is not file and part.name:
                found[file.content] = File(file.name, file.content, kept.inline)
    return tuple(found.values())


class _Reading:
    def __init__(self) -> None:
        self.left = MOST

    def text(self, part: Part) -> str:
        if not part.parts:
            return self._leaf(part)
        texts = ((child, self.text(child)) for child in part.parts)
        shown = [(child.kind, text) for child, text in texts if text.strip()]
        if not shown:
            return ""
        if part.kind == "multipart/alternative":
            plain = [text for kind, text in shown if kind == "text/plain"]
            return plain[0] if plain else shown[-1][1]
        if part.kind == "multipart/related":
            return shown[0][1]
        return "\n\n".join(text.strip("\r\n") for _, text in shown)

    def _leaf(self, part: Part) -> str:
        if _attached(part) or not (part.kind.startswith(("text/", "multipart/"))):
            return ""
        if part.kind not in ("text/plain", "text/html") and part.kind.startswith("text/"):
            return ""
        most = self.left if part.kind == "text/html" else min(self.left, TEXT)
        text = text_in(part.payload()[: most * 4], part.param("charset"))[:most]
        self.left -= len(text)
        if part.kind == "text/html":
            return to_text(text)
        if part.param("format").lower() == "flowed":
            return flowed(text, gone=part.param("delsp").lower() == "yes")
        return text


def _attached(part: Part) -> bool:
    return part.disposition == "attachment" or bool(part.name)


def _file(part: Part) -> File | None:
    kind = part.kind
    if kind in _ABOUT or kind.startswith("multipart/"):
        return None
    if kind in ("text/plain", "text/html") and not _attached(part):
        return None
    content = part.payload()
    if kind in _MAILS:
        name = (part.name or _subject(content) or "mail").replace("/", " ")
        return File(name if name.lower().endswith(".eml") else f"{name}.eml", content, False)
    # Gmail gives every attachment a Content-ID; only what is not attached belongs to the text.
    inline = part.disposition == "inline" or (part.has("Content-ID") and not part.disposition)
    if not content or (inline and kind.startswith("image/") and len(content) < SMALL_PICTURE):
        return None
    ending = _ENDINGS.get(kind, "." + re.sub(r"\W|^x-|vnd", "", kind.partition("/")[2])[:8])
    return File(part.name or f"file{ending}".rstrip("."), content, inline)


def _subject(mail: bytes) -> str:
    try:
        groups = headers_in(mail[:65_536])
    except Unreadable:
        return ""
    head = Part(mail, groups[0], 0, 0) if groups else None
    return one_line(words(head.get("Subject")))[:80] if head else ""
