"""The sites: which there are, a new one, and putting one away."""

from typing import Any

from flask import current_app, g, redirect, request, url_for

from ...agents.guards import administrators, confirmed
from ...agents.models import ADMINISTRATOR
from ...errors import Invalid
from ...limits import limited
from ...sites import service as sites
from ..presenters import look as presenter
from .frame import bp, page
from .inbox import shell


@bp.get("/settings")
def settings() -> str:
    """Show the sites, and on a phone first of all the list of places."""
    everywhere = sites.all_sites()
    archived = [site for site in everywhere if site.archived_at]
    return page(
        "sites.html",
        listed=[site for site in everywhere if not site.archived_at],
        archived=archived,
        away=next((each for each in archived if each.key == request.args.get("archived")), None),
        administrator=g.agent.role == ADMINISTRATOR,
        **shell(),
    )


@bp.get("/sites/new")
@administrators
def new_site() -> str:
    """Ask for what a site needs to begin with."""
    return _new()


@bp.post("/sites")
@administrators
@confirmed
@limited("30 per hour", by=lambda: f"agent {g.agent.id}")
def create_site() -> Any:
    """Add a site, and show this one time what its owner needs."""
    name = " ".join(request.form.get("name", "")[:1_000].split())
    faults: dict[str, Any] = {} if 0 < len(name) <= presenter.NAME else {"name": [name]}
    try:
        origins = presenter.read_origins(request.form.get("origins", "")[:4_000])
    except Invalid as error:
        faults |= error.details["fields"]
    if faults:
        return _new(typed=request.form, faults=faults), 422
    site, key = sites.add_site(name=name, origins=origins)
    server = current_app.config["SERVER_URL"]
    return page("site_added.html", owner=site, made=key, server=server, **shell())


@bp.post("/sites/<site_key>/archive")
@administrators
@confirmed
def archive_site(site_key: str) -> Any:
    """Put a site away; the page that follows can bring it back."""
    site = sites.find_site(site_key)
    sites.archive_site(site)
    return redirect(url_for("console.settings", archived=site.key), 303)


@bp.post("/sites/<site_key>/restoration")
@administrators
def restore_site(site_key: str) -> Any:
    site = sites.find_site(site_key)
    sites.restore_site(site)
    return redirect(url_for("console.look", site=site.key), 303)


def _new(**values: Any) -> str:
    return page("site_new.html", **values, **shell())
