"""The loader and the widget's assets, answered before Flask is asked.

Every page of every host fetches the loader; here it costs two dictionary look-ups. The
configuration inside is compared with the database every :data:`FRESH` seconds.
"""

import gzip
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

import brotli

from .assets import HOLE, Assets, NotBuilt
from .database import lost, release
from .sites import service as sites
from .sites.models import Site

#: Seconds a change in the console may take to reach pages, beside their own cache.
FRESH = 2.0

LOADER_CACHE = "public, max-age=300, stale-while-revalidate=86400"
ASSET_CACHE = "public, max-age=31536000, immutable"
COMMON = [
    ("Content-Type", "text/javascript; charset=utf-8"),
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Vary", "Accept-Encoding"),
]

#: A browser's further try: some remember for a page's life that an address failed.
AGAIN = re.compile(r"^\d{1,4}/")

AWAY = (
    "503 Service Unavailable",
    [("ETag", ""), ("Cache-Control", "no-store"), ("Retry-After", "2"), ("Content-Length", "0")],
    b"",
)

Answer = tuple[str, list[tuple[str, str]], bytes]
Start = Callable[..., Any]


class Edge:
    """WSGI middleware: ``/w/…`` from memory, everything else to the application."""

    def __init__(self, app: Callable[..., Iterable[bytes]], flask: Any) -> None:
        self._app, self._flask = app, flask
        self._assets: Assets = flask.extensions["widget_assets"]
        self._loaders: dict[str, tuple[float, str, dict[str, Answer]]] = {}
        self._files: dict[tuple[str, str], Answer] = {}

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith("/w/") or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self._app(environ, start)
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        encoding = "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""
        if path.startswith("/w/assets/"):
            answer = self._asset(AGAIN.sub("", path[10:]), encoding)
        else:
            answer = self._loader(path[3:], encoding)
        if answer is None:
            return self._app(environ, start)
        status, headers, body = answer
        if environ.get("HTTP_IF_NONE_MATCH") == headers[0][1]:
            status, body = "304 Not Modified", b""
        start(status, headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _loader(self, name: str, encoding: str) -> Answer | None:
        known = self._loaders.get(name)
        if known is None or known[0] < time.monotonic():
            known = self._refresh(name, known)
        return known[2][encoding] if known else None

    def _refresh(
        self, name: str, known: tuple[float, str, dict[str, Answer]] | None
    ) -> tuple[float, str, dict[str, Answer]] | None:
        key = name.removesuffix(".js")
        if key == name:
            return None
        try:
            changed = sites.version(key)
            if changed is None:
                self._loaders.pop(name, None)
                return None
            try:
                version = f"{changed}{self._assets.manifest()}"
            except NotBuilt:
                return None
            if known is None or known[1] != version:
                answers = self._compose(Site.get(Site.key == key))
                known = (0.0, version, answers)
        except lost():
            # Pages keep their button while the database restarts.
            if known is None:
                return time.monotonic(), "", dict.fromkeys(("", "gzip", "br"), AWAY)
        finally:
            release()
        fresh = (time.monotonic() + FRESH, known[1], known[2])
        self._loaders[name] = fresh
        return fresh

    def _compose(self, site: Site) -> dict[str, Answer]:
        config = self._flask.config
        public = sites.public_config(
            site,
            config["SERVER_URL"],
            file_bytes=config["FILE_BYTES"],
            assets=self._assets.manifest(),
        )
        text = json.dumps(public, ensure_ascii=False, separators=(",", ":"))
        # U+2028 and U+2029 end a line in older JavaScript, and "</script" in an inlining page.
        text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")
        return _encodings(self._assets.loader().replace(HOLE, text).encode(), LOADER_CACHE)

    def _asset(self, name: str, encoding: str) -> Answer | None:
        answer = self._files.get((name, encoding))
        if answer is None and "/" not in name and not name.startswith("."):
            path = self._assets.folder / "assets" / name
            if name.endswith(".js") and path.is_file():
                for kind, made in _encodings(path.read_bytes(), ASSET_CACHE).items():
                    self._files[name, kind] = made
                answer = self._files[name, encoding]
        return answer


def _encodings(body: bytes, cache: str) -> dict[str, Answer]:
    """Return the answer for each encoding; each has its own ETag."""
    forms = {"": body, "gzip": gzip.compress(body, 9, mtime=0), "br": brotli.compress(body)}
    return {
        kind: (
            "200 OK",
            [
                ("ETag", f'"{hashlib.sha256(data).hexdigest()[:20]}"'),
                ("Cache-Control", cache),
                ("Content-Length", str(len(data))),
                *COMMON,
                *([("Content-Encoding", kind)] if kind else []),
            ],
            data,
        )
        for kind, data in forms.items()
    }
