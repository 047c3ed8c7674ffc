"""The console's style sheets, scripts and icon, under addresses that change with them.

A page names some twenty of them. Below the mark of what they all say, a browser keeps them for
good and asks for none at the next page. The mark is a folder, so modules find each other.
"""

import hashlib
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

#: Told here, since what a system's own table says of scripts differs.
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

KEPT = "public, max-age=31536000, immutable"


@bp.get("/static/<mark>/<path:filename>", endpoint="static")
def static_file(mark: str, filename: str) -> Response:
    """Return a file; under another version's mark, today's, for this once."""
    plain = _files().get(filename)
    if plain is None:
        raise NotFound("There is no such file.")
    takes = request.accept_encodings.quality("br") > 0
    kind = KINDS[Path(filename).suffix]
    response = Response(_packed(filename) if takes else plain, mimetype=kind)
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
    for name, text in _files().items():
        told.update(name.encode() + b"\0" + text)
    return told.hexdigest()[:12]


@cache
def _files() -> dict[str, bytes]:
    """Return every file by its name in an address.

    Read once: what is served under a mark is what the mark was made of, though an upgrade writes
    other files before the restart.
    """
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for folder in (OURS, VENDOR)
        for path in sorted(folder.rglob("*"))
        if path.suffix in KINDS
    }


@cache
def _packed(filename: str) -> bytes:
    return brotli.compress(_files()[filename])
