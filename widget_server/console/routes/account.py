"""The agent's own things: password, second factor, browsers signed in with, language."""

from typing import Any

from flask import Response, g, redirect, request, url_for

from ...agents import second_factor
from ...agents import service as agents
from ...agents.guards import COOKIE, confirmed, safe_next
from ...errors import Conflict, Invalid
from ...limits import limited
from ..language import LANGUAGES
from .frame import bp, page
from .inbox import shell


@bp.get("/account")
def account() -> str:
    """Show how the agent signs in."""
    return _account()


@bp.post("/account/password")
@confirmed
def update_password() -> Any:
    """Change the password; every other browser is signed out."""
    try:
        agents.change_password(
            g.agent, request.form.get("password", "")[:1_000], keep=request.cookies.get(COOKIE, "")
        )
    except Invalid:
        return _account(short=True), 422
    return redirect(url_for("console.account", saved="password"), 303)


@bp.get("/account/second-factor")
@confirmed
def second_factor_setup() -> Any:
    """Show the picture an authenticator reads."""
    if g.agent.totp_at is not None:
        return redirect(url_for("console.account"), 303)
    return _setup()


@bp.post("/account/second-factor")
@confirmed
@limited("20 per minute", by=lambda: f"agent {g.agent.id}")
def create_second_factor() -> Any:
    """Switch it on with a first code, and show the recovery codes this one time."""
    try:
        codes = second_factor.confirm(g.agent, request.form.get("code", "")[:20])
    except second_factor.WrongCode:
        return _setup(wrong=True), 422
    except Conflict:
        return redirect(url_for("console.account"), 303)
    return page("recovery_codes.html", codes=codes, fresh=True, **shell())


@bp.post("/account/second-factor/removal")
@confirmed
def destroy_second_factor() -> Any:
    second_factor.switch_off(g.agent)
    return redirect(url_for("console.account", saved="second-factor"), 303)


@bp.post("/account/recovery-codes")
@confirmed
def create_recovery_codes() -> Any:
    """Show new recovery codes; the old ones are void."""
    if g.agent.totp_at is None:
        return redirect(url_for("console.account"), 303)
    codes = second_factor.renew_recovery_codes(g.agent)
    return page("recovery_codes.html", codes=codes, fresh=False, **shell())


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


def _account(**values: Any) -> str:
    return page(
        "account.html",
        codes_left=second_factor.recovery_codes_left(g.agent),
        least=agents.PASSWORD_LENGTH,
        saved=request.args.get("saved"),
        **values,
        **shell(),
    )


def _setup(**values: Any) -> str:
    secret = second_factor.pending(g.agent)
    return page(
        "second_factor.html",
        picture=second_factor.picture(second_factor.address(g.agent, secret)),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        **values,
        **shell(),
    )
