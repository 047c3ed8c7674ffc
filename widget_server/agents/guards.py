"""Which agent is this? Asked before every page of the console."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, g, redirect, request, url_for

from ..errors import Forbidden
from . import service

COOKIE = "ventanilla_console"
SAFE = {"GET", "HEAD", "OPTIONS"}

#: Pages open to anyone; a test counts them.
PUBLIC = {"console.sign_in", "console.create_session", "console.static"}


def same_origin() -> bool:
    """Did the browser send this from one of our own pages? (Fetch metadata, else Origin.)"""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def guard() -> Any:
    """Run before every console view: a new page is private until it says otherwise."""
    g.agent = None
    if request.method not in SAFE and not same_origin():
        raise Forbidden("This came from another site.")
    g.agent = service.recognise(request.cookies.get(COOKIE))
    if g.agent is not None or request.endpoint in PUBLIC:
        return None
    door = url_for("console.sign_in", next=_page())
    if "HX-Request" in request.headers:
        # A part of a page cannot be replaced by the sign-in form: the whole page goes there.
        return Response(status=401, headers={"HX-Redirect": door})
    return redirect(door, 303)


def _page() -> str:
    """Return the page to come back to: this one, or the one a form or a part belongs to."""
    if request.method in SAFE and "HX-Request" not in request.headers:
        return request.script_root + request.full_path.rstrip("?")
    parts = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    return f"{parts.path}?{parts.query}".rstrip("?") if parts.netloc == request.host else ""


def safe_next(text: str | None) -> str:
    """Return ``text`` if it is a page of the console, else the inbox: no way out of this site."""
    home = url_for("console.inbox")
    usable = text is not None and text.startswith(home) and text.isprintable() and "\\" not in text
    return text if usable and text is not None else home
