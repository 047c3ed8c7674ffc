"""API tokens, and the page to try the API with one."""

from typing import Any

from flask import g, redirect, request, url_for
from marshmallow import ValidationError

from ...agents import api_tokens, service
from ...agents.guards import confirmed
from ...agents.models import ADMINISTRATOR
from ...errors import Invalid
from ...limits import limited
from ...sites import service as sites
from ...wire import Line
from .frame import bp, page
from .inbox import shell

#: How long a token can be made to last; 0 is for good.
DAYS = (30, 90, 365, 0)


@bp.get("/api")
def api() -> str:
    """List the tokens in use."""
    return _api()


@bp.post("/api/tokens")
@confirmed
@limited("30 per hour", by=lambda: f"agent {g.agent.id}")
def create_token() -> Any:
    """Make a token and show it this one time."""
    chosen = request.form.get("site")
    days = request.form.get("days", type=int) or None
    try:
        if days is not None and days not in DAYS:
            raise Invalid(fields={"days": [f"One of {', '.join(map(str, DAYS))}."]})
        token, secret = api_tokens.create(
            g.agent,
            name=Line(most=60).deserialize(request.form.get("name", "")),
            scopes=request.form.getlist("scope"),
            only_site=sites.find_site(chosen).id if chosen else None,
            days=days,
        )
    except (ValidationError, Invalid):
        return _api(fault=True), 422
    return _api(made=token, secret=secret)


@bp.post("/api/tokens/<token_id>/revocation")
def revoke_token(token_id: str) -> Any:
    """Make a token worthless, at once."""
    api_tokens.revoke(g.agent, token_id)
    return redirect(url_for("console.api"), 303)


@bp.get("/api/reference")
def api_reference() -> str:
    """Show every endpoint, each ready to be tried."""
    return page("reference.html", **shell())


def _api(**values: Any) -> str:
    usable = [
        scope
        for scope in api_tokens.SCOPES
        if g.agent.role == ADMINISTRATOR or scope not in api_tokens.ADMINISTRATORS
    ]
    return page(
        "api.html",
        tokens=api_tokens.of(g.agent),
        scopes=usable,
        days=DAYS,
        names=service.names(),
        places={site.id: site for site in sites.all_sites()},
        **values,
        **shell(),
    )
