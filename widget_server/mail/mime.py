"""A mail's bytes as a tree of parts: read once, copied nowhere, within bounds.

The standard library's parser goes line by line through every level a mail nests, which lets forty
megabytes of line breaks cost half a minute and a gigabyte. Here a part is a pair of offsets.
"""

import re
from binascii import Error, a2b_base64, a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass, field

from .decoding import in_unknown, one_line, parameters

#: What no program writes, and only somebody who wants to keep us busy.
PARTS, DEPTH = 200, 20
HEADER_BYTES, ONE_HEADER = 262_144, 65_536

#: Bytes looked at for boundaries. Each level of nesting looks at the whole of its part again;
#: mails with large files in them nest three or four deep.
SEARCHED = 240 << 20

_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ") - set(b"+/")
                    - set(b"abcdefghijklmnopqrstuvwxyz0123456789"))  # fmt: skip


class Unreadable(Exception):
    """A mail that cannot be taken in; ``reason`` is a stable word."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class TooBig(Unreadable):
    def __init__(self) -> None:
        super().__init__("too_big", "The mail is larger than what is taken in.")


@dataclass(slots=True)
class Part:
    """A mail or a part of one. Header names are lower-case, values as they came."""

    raw: bytes
    headers: list[tuple[str, bytes]]
    begin: int
    end: int
    parts: list["Part"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return the first header of this name on one line, or an empty text."""
        return next(self.all(name), "")

    def all(self, name: str) -> Iterator[str]:
        name = name.lower()
        return (one_line(in_unknown(value)) for key, value in self.headers if key == name)

    def has(self, name: str) -> bool:
        return any(key == name.lower() for key, _ in self.headers)

    @property
    def kind(self) -> str:
        kind = self.get("Content-Type").partition(";")[0].strip().lower()
        return kind if re.fullmatch(r"[^\s/]+/[^\s/]+", kind) else "text/plain"

    def param(self, name: str, *, of: str = "Content-Type") -> str:
        return parameters(self.get(of)).get(name, "")

    @property
    def name(self) -> str:
        """The name a part's file was sent under."""
        sent = self.param("filename", of="Content-Disposition") or self.param("name")
        return one_line(sent)[:200]

    @property
    def disposition(self) -> str:
        return self.get("Content-Disposition").partition(";")[0].strip().lower()

    def payload(self) -> bytes:
        """Return the content as it was before it was made fit to be mailed."""
        body = self.raw[self.begin : self.end]
        match self.get("Content-Transfer-Encoding").lower():
            case "base64":
                return _from_base64(body)
            case "quoted-printable":
                return a2b_qp(body)
        return body

    def leaves(self) -> Iterator["Part"]:
        """Yield the parts that have content, in order; attached mails are kept whole."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def parse(raw: bytes) -> Part:
    """Return the mail these bytes are. Raises :exc:`Unreadable`."""
    return _Reader(raw).part(0, len(raw), 0)


def headers_in(text: bytes) -> list[list[tuple[str, bytes]]]:
    """Return the groups of headers in a text made of nothing else, as delivery reports are."""
    reader, at = _Reader(text), 0
    groups: list[list[tuple[str, bytes]]] = []
    while at < len(text) and len(groups) < PARTS:
        headers, next_at = reader.headers(at, len(text))
        if headers:
            groups.append(headers)
        if next_at == at:  # A line that is no header: reports are not always well made.
            next_at = text.find(b"\n", at) + 1 or len(text)
        at = next_at
    return groups


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.parts, self.header_bytes, self.searched = 0, 0, 0

    def part(self, begin: int, end: int, depth: int) -> Part:
        self.parts += 1
        if self.parts > PARTS or depth > DEPTH:
            raise Unreadable("unreadable", "The mail has more parts than any program writes.")
        headers, body = self.headers(begin, end)
        made = Part(self.raw, headers, body, end)
        if made.kind.startswith("multipart/"):
            boundary = made.param("boundary").encode("utf-8", "surrogateescape")
            if boundary:
                made.parts = [self.part(*span, depth + 1) for span in self._spans(made, boundary)]
        return made

    def headers(self, at: int, end: int) -> tuple[list[tuple[str, bytes]], int]:
        """Return the headers that begin at ``at``, and where what follows them begins."""
        raw, begun = self.raw, at
        found: list[tuple[str, int, int]] = []
        while at < end:
            after = raw.find(b"\n", at, end) + 1 or end
            if raw[at : at + 1] in (b" ", b"\t") and found:
                name, start, _ = found[-1]
                found[-1] = (name, start, after)
            elif match := _NAME.match(raw, at, after):
                found.append((match[1].decode("ascii").lower(), match.end(), after))
            elif raw[at:after] in (b"\n", b"\r\n"):
                at = after
                break
            elif not (at == 0 and raw.startswith((b"From ", b">From "))):
                break
            if found and found[-1][2] - found[-1][1] > ONE_HEADER:
                raise Unreadable("unreadable", "One of the mail's headers is too long.")
            if self.header_bytes + after - begun > HEADER_BYTES:
                raise Unreadable("unreadable", "The mail's headers are longer than programs write.")
            at = after
        self.header_bytes += at - begun
        return [(name, raw[start:stop]) for name, start, stop in found], at

    def _spans(self, part: Part, boundary: bytes) -> list[tuple[int, int]]:
        """Return where the parts of a multipart begin and end; the last may lack its end."""
        self.searched += part.end - part.begin
        if self.searched > SEARCHED:
            raise Unreadable("unreadable", "The mail nests more than programs do at its size.")
        line = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
        spans: list[tuple[int, int]] = []
        begin = -1
        # The line break before the first boundary may be the one that ends the headers.
        for match in line.finditer(self.raw, max(part.begin - 1, 0), part.end):
            if begin >= 0:
                stop = match.start() - (self.raw[match.start() - 1 : match.start()] == b"\r")
                spans.append((begin, max(stop, begin)))
            if match[1]:
                return spans
            begin = self.raw.find(b"\n", match.end(), part.end) + 1 or part.end
            if len(spans) > PARTS:
                raise Unreadable("unreadable", "The mail has more parts than any program writes.")
        return [*spans, (begin, part.end)] if begin >= 0 else spans


def _from_base64(body: bytes) -> bytes:
    try:
        return a2b_base64(body)
    except Error:
        pass
    # Cut short, or with something foreign in it: what is there is kept.
    kept = body.partition(b"=")[0].translate(None, _NOT_BASE64)
    return a2b_base64(kept[: len(kept) - (len(kept) % 4 == 1)] + b"==")
