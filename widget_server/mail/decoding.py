"""What a mail's bytes stand for: character sets, encoded headers, flowed text, addresses.

Every failure is tolerated: what cannot be decoded is shown with replacement characters.
"""

import re
from binascii import Error, a2b_base64, a2b_qp
from itertools import groupby
from urllib.parse import unquote_to_bytes

from marshmallow import ValidationError

from ..wire import UNUSABLE, address, as_kept

#: Characters of text read; nobody writes more by hand.
TEXT = 1_000_000

#: Characters of a header whose parameters are looked for, and how many of them.
PARAMETERS, MANY = 20_000, 200

# What programs call a character set, and what they mean by it. Python's "utf-7", "unicode_escape"
# and the like are no character sets of people's mail.
_MEANT = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "iso-8859-1": "windows-1252",
    "latin-1": "windows-1252", "latin1": "windows-1252", "iso8859-1": "windows-1252",
    "iso-8859-9": "windows-1254", "us-ascii": "utf-8", "ascii": "utf-8", "utf8": "utf-8",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-sjis": "cp932", "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "cp-850": "cp850",
    "iso-2022-jp": "iso2022_jp_ext", "x-mac-roman": "mac_roman", "macintosh": "mac_roman",
    "big5": "big5hkscs", "tis-620": "cp874", "iso-8859-11": "cp874",
}  # fmt: skip
_KNOWN = re.compile(
    r"utf-?(?:8|16|32)(?:[-_]?[lb]e)?|(?:windows|cp|iso|ibm)[-_]?\d[\w-]*|koi8[-_][rut]|koi8-ru"
    r"|big5\w*|gb\d+|euc[-_](?:jp|kr)|shift_jisx?\w*|cp\d+|mac_\w+|iso2022_\w+|viscii",
    re.IGNORECASE,
)
_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))')
_PIECE = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")


def text_in(data: bytes, charset: str) -> str:
    """Decode by the named character set, else as UTF-8, else as Western European."""
    named = charset.strip(" '\"").lower()
    name = _MEANT.get(named, named)
    known = bool(_KNOWN.fullmatch(name))
    attempts = [(name, "strict")] if known else []
    if not (known and data.isascii()):
        attempts.append(("utf-8", "strict"))
    if known and not name.startswith("utf"):
        attempts.append((name, "replace"))  # Cut short, or one byte wrong: the rest is read.
    for attempt, errors in attempts:
        try:
            return data.decode(attempt, errors)
        except (UnicodeError, LookupError):
            continue
    # A UTF-8 text with a broken byte is still mostly UTF-8.
    replaced = data.decode("utf-8", "replace")
    few = replaced.count("\ufffd") * 20 <= len(replaced)
    return replaced if few else data.decode("windows-1252", "replace")


def in_unknown(data: bytes) -> str:
    """Decode what was sent without a word about its character set."""
    return text_in(data, "")


def words(text: str) -> str:
    """Decode the encoded words of a header (RFC 2047); what is malformed stays as it is."""
    pieces: list[tuple[str, bytes] | str] = []
    last = 0
    for match in _WORD.finditer(text):
        data = _word(match[2], match[3])
        if data is None:
            continue
        between = text[last : match.start()]
        # White space between two encoded words is there for the line length only.
        if between and not (pieces and not isinstance(pieces[-1], str) and between.isspace()):
            pieces.append(between)
        pieces.append((match[1].lower(), data))
        last = match.end()
    pieces.append(text[last:])
    out: list[str] = []
    # Programs cut words in the middle of a character: neighbours are decoded together.
    for charset, group in groupby(pieces, lambda piece: "" if isinstance(piece, str) else piece[0]):
        if charset:
            out.append(text_in(b"".join(piece[1] for piece in group if piece[1]), charset))  # type: ignore[misc]
        else:
            out += [piece for piece in group if isinstance(piece, str)]
    return "".join(out)


def _word(encoding: str, text: str) -> bytes | None:
    try:
        data = text.encode("ascii")
        if encoding in "bB":
            return a2b_base64(data + b"=" * (-len(data) % 4))
        return a2b_qp(data, header=True)
    except (UnicodeError, Error):
        return None


def parameters(text: str) -> dict[str, str]:
    """Return the parameters of a header such as Content-Type (RFC 2231, and encoded words)."""
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(text[:PARAMETERS])):
        piece = _PIECE.fullmatch(match[1].lower())
        if count == MANY or piece is None:
            break
        value = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3].strip()
        if piece[2] is None and piece[3] is None:
            found.setdefault(piece[1], words(value))
        else:
            own = pieces.setdefault(piece[1], {})
            own.setdefault(int(piece[2] or 0), (bool(piece[3]), value))
    for name, numbered in pieces.items():
        charset, data = "", b""
        for place, (number, (encoded, value)) in enumerate(sorted(numbered.items())):
            if place != number:
                break
            if encoded and place == 0 and value.count("'") >= 2:
                charset, _, value = value.split("'", 2)
            data += unquote_to_bytes(value) if encoded else value.encode("utf-8", "replace")
        found[name] = text_in(data, charset)
    return found


def flowed(text: str, *, gone: bool) -> str:
    """Join the lines of format=flowed (RFC 3676) to paragraphs; ``gone`` is its DelSp."""
    out: list[list[str]] = []
    soft, depth = False, 0
    for line in text.replace("\r\n", "\n").split("\n"):
        body = line.lstrip(">")
        quoted = len(line) - len(body)
        body = body.removeprefix(" ")
        signature = body == "-- "
        if soft and quoted == depth and not signature:
            out[-1].append(body)
        else:
            out.append([">" * quoted + " " if quoted else "", body])
        soft, depth = body.endswith(" ") and not signature, quoted
        if soft and gone:
            out[-1][-1] = body[:-1]
    lines = ("".join(pieces) for pieces in out)
    return "\n".join(line if line == "-- " else line.rstrip() for line in lines)


def one_line(text: str) -> str:
    return " ".join(UNUSABLE.sub("", text).split())


def recipient(text: str) -> str:
    """Return where a mail goes as we keep addresses, whichever spelling its host came in."""
    text = text.lower()
    return as_kept(text) if "xn--" in text else text


def usable_address(text: str) -> str:
    try:
        return address(text) if "@" in text and len(text) <= 320 else ""
    except ValidationError:
        return ""
