"""What every page of the console shares: the guard, the language, the headers."""

from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request

from ... import audit
from ...agents.guards import guard
from ...sites import reach
from ...sites.look import FILES
from ...tickets.labels import PRIORITIES
from ..language import LANGUAGES, Words, supported
from ..live import every
from ..presenters.inbox import accent_of, counted
from ..presenters.people import browser_name, initials
from ..views import VIEWS

bp = Blueprint("console", __name__, template_folder="../templates")
bp.before_request(guard)

#: Nothing inline, nothing from elsewhere: a text that slips through as markup still cannot run.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

#: Bytes of a form beside its files.
FORM_BYTES = 1 << 20


@bp.before_request
def choose_language() -> None:
    g.words = Words(language())


@bp.before_request
def allow_files() -> None:
    # Forms carry their files; each is judged by its own limit as it is received.
    if g.agent is not None:
        request.max_content_length = FILES * current_app.config["FILE_BYTES"] + FORM_BYTES


@bp.teardown_request
def unwatch(_: Any) -> None:
    audit.leave()
    reach.widen()


@bp.after_request
def protect(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint != "console.static":
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.add("Vary", "HX-Request")
    return response


@bp.context_processor
def furnish() -> dict[str, Any]:
    words = g.get("words") or Words(language())
    return {
        "t": words,
        "language": words.language,
        "languages": LANGUAGES,
        "agent": g.get("agent"),
        "initials": initials,
        "browser_name": browser_name,
        "counted": counted,
        "accent_of": accent_of,
        "every": every,
        "views": VIEWS,
        "priorities": PRIORITIES,
    }


def language() -> str:
    """Return the agent's language; before sign-in, the one picked or the browser's."""
    agent = g.get("agent")
    return (
        (supported(agent.locale) if agent else supported(request.args.get("lang")))
        or request.accept_languages.best_match(LANGUAGES)
        or "en"
    )


def words() -> Words:
    said: Words = g.words
    return said


def is_part() -> bool:
    """Does the page's script ask for a part of it, rather than the browser for all of it?"""
    return "HX-Request" in request.headers


def page(template: str, **values: Any) -> str:
    return render_template(f"console/{template}", **values)
