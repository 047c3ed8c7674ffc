"""Which program is this, and what may it do?"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import g, request

from .. import audit
from ..agents import api_tokens, people
from ..errors import Forbidden, Unauthenticated
from ..limits import limited
from ..sites import reach
from ..sites import service as sites
from ..sites.models import Site
from ..tickets.ledger import Actor

View = TypeVar("View", bound=Callable[..., Any])

#: Requests of one token.
PACE = "600 per minute"

SAFE = {"GET", "HEAD", "OPTIONS"}


class ScopeMissing(Forbidden):
    code, message = "scope_missing", "This token may not do that."


def allowed(scope: str, *, act: str | None = None) -> Callable[[View], View]:
    """Let a view be called with a token that has ``scope``; the agent is ``g.agent`` from then on.

    ``act``: what the log calls it, if not by the view's name.

    Raises :exc:`Unauthenticated` or :exc:`ScopeMissing`.
    """

    def decorate(view: View) -> View:
        paced = limited(PACE, by=lambda: f"token {g.token.id}")(view)

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            kind, _, secret = request.headers.get("Authorization", "").partition(" ")
            found = api_tokens.recognise(secret.strip()) if kind.lower() == "bearer" else None
            if found is None:
                raise Unauthenticated()
            g.agent, g.token = found
            if not api_tokens.allows(g.agent, g.token, scope):
                raise ScopeMissing(f"This token has no scope {scope}.")
            reach.narrow(_reach())
            audit.enter(
                audit.Acting(
                    g.agent.id,
                    g.agent.name,
                    audit.API,
                    "" if request.method in SAFE else act or view.__name__,
                    request.remote_addr or "",
                )
            )
            return paced(*args, **kwargs)

        guarded.scope, guarded.act = scope, act or view.__name__  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def actor() -> Actor:
    return Actor("agent", str(g.agent.id), g.agent.name)


def site_of(key: str) -> Site:
    """Return a site the token may see; any other does not exist for it."""
    return sites.find_site(key)


def visible_sites() -> list[Site]:
    return sites.all_sites()


def site_keys() -> dict[int, str]:
    """Return the keys of the sites the token may see, by their ids."""
    return {site.id: site.key for site in visible_sites()}


def _reach() -> frozenset[int] | None:
    """Return the sites of both the agent and the token."""
    of_agent = people.sites_of(g.agent)
    if g.token.only_site is None:
        return of_agent
    return frozenset({g.token.only_site}) & (of_agent or {g.token.only_site})


def everywhere() -> None:
    """Raise :exc:`Forbidden` for a token of one site: this concerns all of them."""
    if reach.reach() is not None:
        raise Forbidden("Who sees some of the sites only may not do that.")
