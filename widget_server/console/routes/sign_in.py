"""In and out: password, second factor, and the way back in for whoever forgot theirs."""

from typing import Any

from flask import Response, current_app, g, make_response, redirect, request, url_for

from ...agents import door, passes
from ...agents import service as agents
from ...agents.guards import BROWSER_COOKIE, COOKIE, safe_next, visit
from ...agents.models import Agent
from ...agents.second_factor import WrongCode
from ...agents.tries import TooManyTries
from ...errors import Invalid
from ...limits import address_key, limited
from .frame import bp, page

#: Passwords are cut here: hashing a megabyte would be work for nothing.
PASSWORD = 1_000


@bp.get("/sign-in")
def sign_in() -> Any:
    """Show the door."""
    return _door()


@bp.post("/sign-in")
def create_session() -> Any:
    """Sign in with address and password; a second factor is asked for next."""
    email = request.form.get("email", "")[:254]
    try:
        entered = door.enter(visit(), email=email, password=_password())
    except TooManyTries as error:
        return _wait(error, _door(email=email, wait=error.details["retry_after"]))
    except agents.WrongPassword:
        return _door(email=email, wrong=True), 422
    if entered.second:
        return page("second_step.html", second=entered.second, next=_next())
    return _welcome(entered)


@bp.post("/sign-in/code")
def create_session_by_code() -> Any:
    """Sign in with the second factor, or a recovery code."""
    second = request.form.get("second", "")[:200]
    shown: dict[str, Any] = {"second": second, "next": _next()}
    try:
        entered = door.enter_with_code(visit(), second=second, code=_code())
    except passes.PassStale:
        return _door(stale=True), 422
    except TooManyTries as error:
        shown["wait"] = error.details["retry_after"]
        return _wait(error, page("second_step.html", **shown))
    except WrongCode:
        return page("second_step.html", wrong=True, **shown), 422
    return _welcome(entered)


@bp.post("/sign-out")
def destroy_session() -> Response:
    """End this browser's session."""
    agents.sign_out(request.cookies.get(COOKIE, ""))
    response = redirect(url_for("console.sign_in"), 303)
    response.delete_cookie(COOKIE, path=url_for("console.inbox"))
    return response  # type: ignore[return-value]


@bp.get("/confirm")
def confirm() -> str:
    """Ask once more who sits there."""
    return page("confirm.html", next=_next())


@bp.post("/confirm")
def create_confirmation() -> Any:
    """Judge the answer, then lead back to what was to be changed."""
    try:
        door.confirm(
            visit(), g.agent, request.cookies.get(COOKIE, ""), password=_password(), code=_code()
        )
    except TooManyTries as error:
        shown = page("confirm.html", next=_next(), wait=error.details["retry_after"])
        return _wait(error, shown)
    except (agents.WrongPassword, WrongCode) as error:
        return page("confirm.html", next=_next(), wrong=error.code), 422
    return redirect(_next(), 303)


@bp.get("/password")
def ask_reset() -> str:
    """Show where to ask for a link."""
    return page("forgotten.html")


@bp.post("/password")
@limited("5 per minute; 20 per hour", by=address_key)
def create_reset() -> str:
    """Answer the same whether an agent has the address or not."""
    email = request.form.get("email", "")[:254]
    passes.ask_for_reset(email)
    return page("forgotten.html", asked=email)


@bp.get("/password/<token>")
def choose_password(token: str) -> Any:
    """Show where to choose a password, to whoever holds a mailed link. Looking uses nothing up."""
    return _choosing(token)


@bp.post("/password/<token>")
@limited("30 per minute", by=address_key)
def update_password_by_link(token: str) -> Any:
    """Set the password and lead to the door, where a second factor is still asked for."""
    try:
        agent = passes.choose_password(token, _password())
    except Invalid:
        return _choosing(token, short=True)
    except passes.PassStale:
        return page("forgotten.html", stale=True), 422
    response = make_response(_door(email=agent.email, chosen=True))
    # Whoever reads the mailbox is the owner: no guessing elsewhere keeps them out.
    _remember(response, BROWSER_COOKIE, door.trust(agent), door.BROWSER_SECONDS)
    return response


def _choosing(token: str, **values: Any) -> Any:
    try:
        holder: Agent = passes.holder(token, passes.RESET, passes.INVITE)
    except passes.PassStale:
        return page("forgotten.html", stale=True), 422
    shown = page(
        "choose_password.html", holder=holder, least=agents.PASSWORD_LENGTH, token=token, **values
    )
    return (shown, 422) if values else shown


def _welcome(entered: door.Entered) -> Response:
    response = redirect(_next(), 303)
    # How long it opens anything is the session's own matter.
    _remember(response, COOKIE, entered.session, agents.LONGEST_SECONDS)
    _remember(response, BROWSER_COOKIE, entered.known, door.BROWSER_SECONDS)
    return response  # type: ignore[return-value]


def _remember(response: Any, name: str, secret: str, seconds: int) -> None:
    response.set_cookie(
        name,
        secret,
        max_age=seconds,
        path=url_for("console.inbox"),
        secure=request.is_secure or current_app.config["SERVER_URL"].startswith("https:"),
        httponly=True,
        samesite="Lax",
    )


def _wait(error: TooManyTries, shown: str) -> Response:
    response = make_response(shown, 429)
    response.headers["Retry-After"] = str(error.details["retry_after"])
    return response


def _door(**values: Any) -> str:
    return page("sign_in.html", next=_next(), **values)


def _next() -> str:
    return safe_next(request.values.get("next"))


def _password() -> str:
    return request.form.get("password", "")[:PASSWORD]


def _code() -> str:
    return request.form.get("code", "")[:40]
