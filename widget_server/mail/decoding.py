"""What a mail's bytes stand for: character sets, encoded headers, flowed text, addresses.

Every failure is tolerated: what cannot be decoded is shown with replacement characters.
"""

from email.errors import MessageError
from email.header import decode_header
from email.message import Message

from marshmallow import ValidationError

from ..wire import UNUSABLE, address

#: Characters of text read; nobody writes more by hand.
TEXT = 1_000_000

#: Bytes of a header; programs write far less.
ONE_HEADER = 65_536

_CHARSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "windows-1252", "latin-1": "windows-1252",
    "latin1": "windows-1252", "us-ascii": "utf-8", "ascii": "utf-8", "utf8": "utf-8",
    "ks_c_5601-1987": "cp949", "x-sjis": "shift_jis", "utf-7": "utf-8",
    "unicode-1-1-utf-7": "utf-8",
    "iso-8859-8-i": "iso-8859-8", "cp-850": "cp850", "unknown-8bit": "utf-8", "x-unknown": "utf-8",
}  # fmt: skip


def payload(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        data = None
    return data if isinstance(data, bytes) else b""


def text_of(part: Message) -> str:
    return _decode(payload(part)[: TEXT * 4], part.get_content_charset())


def _decode(data: bytes, charset: str | None) -> str:
    name = _CHARSETS.get((charset or "").lower(), charset or "utf-8")
    for attempt in (name, "utf-8"):
        try:
            return data.decode(attempt)
        except (UnicodeError, LookupError, ValueError):
            continue
    return data.decode("windows-1252", "replace")


def flowed(part: Message, text: str) -> str:
    """Join the lines of format=flowed (RFC 3676) back to paragraphs."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    gone = str(part.get_param("delsp", "")).lower() == "yes"
    out: list[str] = []
    soft, depth = False, 0
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted = len(line) - len(line.lstrip(">"))
        body = line[quoted:].removeprefix(" ")
        if soft and quoted == depth and out and body != "-- ":
            out[-1] += body
        else:
            out.append((">" * quoted + " " if quoted else "") + body)
        soft, depth = body.endswith(" ") and body != "-- ", quoted
        if soft and gone:
            out[-1] = out[-1][:-1]
    return "\n".join(line.rstrip() for line in out)


def header(mail: Message, name: str) -> str:
    """Return a header decoded (RFC 2047), whatever its sender made of it."""
    value = mail.get(name)
    if value is None:
        return ""
    text = str(value)
    try:
        parts = [
            _decode(data, charset) if isinstance(data, bytes) else data
            for data, charset in decode_header(text)
        ]
    except (ValueError, LookupError, AssertionError, MessageError):
        parts = [text]
    # Raw 8-bit bytes arrive as surrogates; most are UTF-8 that was never declared.
    joined = "".join(parts)
    return joined.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def one_line(text: str) -> str:
    return " ".join(UNUSABLE.sub("", text).split())


def decoded(text: str) -> str:
    stand_in = Message()
    stand_in["X"] = text.replace("\n", " ").replace("\r", " ")
    return header(stand_in, "X")


def raw_header(mail: Message, name: str) -> str:
    return str(mail.get(name) or "")[:ONE_HEADER]


def usable_address(text: str) -> str:
    try:
        return address(text) if "@" in text and len(text) <= 320 else ""
    except ValidationError:
        return ""
