"""In and out. Guessing is slowed per address and account, so nobody can lock another out."""

from typing import Any

from flask import Response, current_app, make_response, redirect, request, url_for
from limits import RateLimitItemPerMinute

from ...agents import service as agents
from ...agents.guards import COOKIE, safe_next
from ...limits import address_key, limiter
from .frame import bp, page

#: Failed tries of one account from one address, and of all accounts from it.
PER_ACCOUNT = RateLimitItemPerMinute(6, 5)
PER_ADDRESS = RateLimitItemPerMinute(60, 15)


@bp.get("/sign-in")
def sign_in() -> str:
    """Show the door."""
    return _door()


@bp.post("/sign-in")
def create_session() -> Any:
    """Sign in with address and password."""
    email = request.form.get("email", "")[:254]
    wait = _seconds_to_wait(email)
    if wait:
        response = make_response(_door(email=email, wait=wait), 429)
        response.headers["Retry-After"] = str(wait)
        return response
    try:
        _, secret = agents.sign_in(
            email=email,
            password=request.form.get("password", "")[:1_000],
            ip=request.remote_addr or "",
            browser=request.user_agent.string,
        )
    except agents.WrongPassword:
        for limit, keys in _limits(email):
            limiter().hit(limit, *keys)
        return _door(email=email, wrong=True), 422
    entered = redirect(safe_next(request.form.get("next")), 303)
    entered.set_cookie(
        COOKIE,
        secret,
        max_age=agents.SESSION_SECONDS,
        path=url_for("console.inbox"),
        secure=request.is_secure or current_app.config["SERVER_URL"].startswith("https:"),
        httponly=True,
        samesite="Lax",
    )
    return entered


@bp.post("/sign-out")
def destroy_session() -> Response:
    """End this browser's session."""
    agents.sign_out(request.cookies.get(COOKIE, ""))
    response = redirect(url_for("console.sign_in"), 303)
    response.delete_cookie(COOKIE, path=url_for("console.inbox"))
    return response  # type: ignore[return-value]


def _door(**values: Any) -> str:
    return page("sign_in.html", next=safe_next(request.values.get("next")), **values)


def _limits(email: str) -> list[tuple[RateLimitItemPerMinute, tuple[str, ...]]]:
    account = email.strip().lower()
    return [
        (PER_ACCOUNT, ("sign-in", address_key(), account)),
        (PER_ADDRESS, ("sign-in", address_key())),
    ]


def _seconds_to_wait(email: str) -> int:
    """Return how long this address must pause with this account; 0 if it need not."""
    return max(limiter().wait(limit, *keys) for limit, keys in _limits(email))
