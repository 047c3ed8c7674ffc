"""Which agent is this? Asked before every page of the console."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, redirect, request, url_for

from .. import audit
from ..errors import Forbidden
from ..sites import reach
from ..text import split_address
from . import door, people, service
from .models import ADMINISTRATOR

COOKIE = "ventanilla_console"

#: Says that this browser signed in before; its wrong tries are counted apart.
BROWSER_COOKIE = "ventanilla_browser"

#: Whose page asks; sent by pages that renew themselves.
PAGE_OF = "X-Agent"
SAFE = {"GET", "HEAD", "OPTIONS"}

#: Pages open to anyone; a test counts them.
PUBLIC = {
    "console.sign_in", "console.create_session", "console.create_session_by_code",
    "console.ask_reset", "console.create_reset", "console.choose_password",
    "console.update_password_by_link", "console.static",
}  # fmt: skip


def same_origin() -> bool:
    """Did the browser send this from one of our own pages? (Fetch metadata, else Origin.)"""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or split_address(origin).netloc == request.host


def guard() -> Any:
    """Run before every console view: a new page is private until it says otherwise."""
    g.agent = None
    if request.method not in SAFE and not same_origin():
        raise Forbidden("This came from another site.")
    g.agent = service.recognise(request.cookies.get(COOKIE))
    reach.narrow(people.sites_of(g.agent) if g.agent else None)
    _watch(g.agent)
    if g.agent is not None and request.headers.get(PAGE_OF, str(g.agent.id)) != str(g.agent.id):
        # Another tab has signed in as somebody else, in whose name this page may not speak.
        return Response(status=409, headers={"HX-Refresh": "true"})
    if g.agent is not None or request.endpoint in PUBLIC:
        return None
    entrance = url_for("console.sign_in", next=_page())
    if "HX-Request" in request.headers:
        # A part of a page cannot be replaced by the sign-in form: the whole page goes there.
        return Response(status=401, headers={"HX-Redirect": entrance})
    return redirect(entrance, 303)


def _watch(agent: Any) -> None:
    """Let the audit log know whose request this is."""
    acts = agent is not None and request.method not in SAFE and request.endpoint is not None
    audit.enter(
        audit.Acting(
            agent.id if agent else None,
            agent.name if agent else "",
            audit.CONSOLE,
            (request.endpoint or "").rpartition(".")[2] if acts else "",
            request.remote_addr or "",
        )
    )


def visit() -> door.Visit:
    """Return who knocks, as far as the request tells."""
    return door.Visit(
        request.remote_addr or "",
        request.user_agent.string,
        request.cookies.get(BROWSER_COOKIE, ""),
    )


def administrators(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only administrators call a page."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if g.agent.role != ADMINISTRATOR:
            raise Forbidden("Only administrators may do that.")
        return view(*args, **kwargs)

    return guarded


def confirmed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for the password once more before something sensitive, unless it was typed just now."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if door.confirmed(request.cookies.get(COOKIE, "")):
            return view(*args, **kwargs)
        return redirect(url_for("console.confirm", next=_page()), 303)

    return guarded


def _page() -> str:
    """Return the page to come back to: this one, or the one a form or a part belongs to."""
    if request.method in SAFE and "HX-Request" not in request.headers:
        return request.script_root + request.full_path.rstrip("?")
    parts = split_address(request.headers.get("HX-Current-URL") or request.referrer or "")
    return f"{parts.path}?{parts.query}".rstrip("?") if parts.netloc == request.host else ""


def safe_next(text: str | None) -> str:
    """Return ``text`` if it is a page of the console, else the inbox: no way out of this site."""
    home = url_for("console.inbox")
    usable = text is not None and text.startswith(home) and text.isprintable() and "\\" not in text
    return text if usable and text is not None else home
