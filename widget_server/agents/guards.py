"""Which agent is this? Asked before every page of the console."""

from typing import Any
from urllib.parse import urlsplit

from flask import g, redirect, request, url_for

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
    if request.method not in SAFE and not same_origin():
        raise Forbidden("This came from another site.")
    g.agent = service.recognise(request.cookies.get(COOKIE))
    if g.agent is None and request.endpoint not in PUBLIC:
        return redirect(url_for("console.sign_in", next=request.full_path.rstrip("?")))
    return None
