"""Who is calling? Answered once, before the view runs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, request

from ..errors import Unauthenticated
from . import service
from .tokens import Tokens

SESSION = "session"


def init_app(app: Any) -> None:
    app.extensions["session_tokens"] = Tokens(app.config["SECRET_KEY"], SESSION)


def session_tokens(app: Any = current_app) -> Tokens:
    tokens: Tokens = app.extensions["session_tokens"]
    return tokens


def caller_of_request() -> service.Caller:
    """Return the caller named by the ``Authorization`` header or raise :exc:`Unauthenticated`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send Authorization: Bearer with a session token.")
    config = current_app.config
    longest = max(config["SESSION_TTL"], config["VISITOR_TTL"])
    return service.find_caller(session_tokens().read(token, ttl=longest))


def requester_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Pass the :class:`~.service.Caller` to the view as its first argument."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(caller_of_request(), *args, **kwargs)

    return guarded
