"""What a file is called: made harmless when it comes, told to browsers when it goes."""

import re
from urllib.parse import quote

from ..wire import UNUSABLE


def clean_name(text: str) -> str:
    """Return the last part of a path without characters that mislead or break a header."""
    name = UNUSABLE.sub("", text).replace("\\", "/").split("/")[-1]
    name = re.sub(r"[\t\n\r\u200e\u200f\u202a-\u202e\u2066-\u2069\"]", "", name).strip(". ")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 120 - len(ending)]}{dot}{ending[:20]}" if dot else name[:120] or "file"


def disposition(kind: str, name: str) -> str:
    """Return a ``Content-Disposition``, for browsers old and new."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
