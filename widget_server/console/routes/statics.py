"""The console's style sheets, scripts and icon, under addresses that change with them.

A page names some twenty of them. Below the mark of what they all say, a browser keeps them for
good and asks for none at the next page. The mark is a folder, so modules find each other.
"""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any

import brotli
from flask import Response, request

from ...errors import NotFound
from .frame import bp

OURS = Path(__file__).parents[1] / "static"
#: The one script that is not ours; it comes with the build.
VENDOR = Path(__file__).parents[2] / "static" / "vendor"

KEPT = "public, max-age=31536000, immutable"


@bp.get("/static/<mark>/<path:filename>", endpoint="static")
def static_file(mark: str, filename: str) -> Response:
    """Return a file; under another version's mark, today's, for this once."""
    path = _files().get(filename)
    if path is None:
        raise NotFound("There is no such file.")
    plain, packed = _read(path)
    takes = request.accept_encodings.quality("br") > 0
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    response = Response(packed if takes else plain, mimetype=kind)
    if takes:
        response.headers["Content-Encoding"] = "br"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = KEPT if mark == current() else "no-store"
    return response


@bp.url_defaults
def under_the_mark(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "console.static":
        values.setdefault("mark", current())


@cache
def current() -> str:
    """Return the mark of what this process serves."""
    told = hashlib.sha256()
    for name, path in _files().items():
        told.update(name.encode() + b"\0" + path.read_bytes())
    return told.hexdigest()[:12]


@cache
def _files() -> dict[str, Path]:
    """Return every file by its name in an address; nothing else is ever read."""
    return {
        path.relative_to(folder).as_posix(): path
        for folder in (OURS, VENDOR)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@cache
def _read(path: Path) -> tuple[bytes, bytes]:
    plain = path.read_bytes()
    return plain, brotli.compress(plain)
