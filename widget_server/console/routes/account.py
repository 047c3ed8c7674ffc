"""The agent's own things: the browsers they are signed in with, and their language."""

from flask import Response, g, redirect, request, url_for

from ...agents import service as agents
from ...agents.guards import COOKIE, safe_next
from ...errors import Invalid
from ..language import LANGUAGES
from .frame import bp, page
from .inbox import shell


@bp.get("/sessions")
def sessions() -> str:
    """List where the agent is signed in."""
    here = agents.fingerprint(request.cookies.get(COOKIE, ""))
    return page("sessions.html", sessions=agents.sessions_of(g.agent), here=here, **shell())


@bp.post("/sessions/<session_id>/revocation")
def revoke_session(session_id: str) -> Response:
    """Sign another browser out."""
    agents.revoke_session(g.agent, session_id)
    return redirect(url_for("console.sessions"), 303)  # type: ignore[return-value]


@bp.post("/language")
def update_language() -> Response:
    """Speak another language from the next page on."""
    locale = request.form.get("locale", "")
    if locale not in LANGUAGES:
        raise Invalid(fields={"locale": [f"One of {', '.join(LANGUAGES)}."]})
    agents.set_locale(g.agent, locale)
    return redirect(safe_next(request.form.get("next")), 303)  # type: ignore[return-value]
