"""How long a site keeps closed requests and files, and what would go now. Administrators only."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for

from ...agents.guards import administrators, confirmed
from ...clock import stamp
from ...errors import Invalid
from ...retention import finding
from ...retention import policy as keeping
from ...sites import service as sites
from ...sites.models import Site
from .frame import bp, page, words
from .inbox import shell
from .settings import chosen_site

FIELDS = ("tickets_days", "files_days", "orders_years")


@bp.get("/retention")
@administrators
def retention() -> Any:
    """Show how long things are kept, and what would go."""
    site = chosen_site()
    if site is None:
        return redirect(url_for("console.new_site"), 303)
    return _retention(site)


@bp.post("/retention/<site_key>")
@administrators
@confirmed
def update_retention(site_key: str) -> Any:
    """Change it; nothing goes within a day of the change."""
    site = sites.find_site(site_key)
    typed = _typed(request.form)
    try:
        keeping.set_policy(site, keeping.read(**typed))
    except Invalid as error:
        return _retention(site, typed, error.details["fields"]), 422
    return redirect(url_for("console.retention", site=site.key, saved=site.key), 303)


@bp.get("/retention/<site_key>/preview")
@administrators
def retention_preview(site_key: str) -> str:
    """Count what would go with what is typed, before it is saved."""
    site = sites.find_site(site_key)
    try:
        wished = keeping.read(**_typed(request.args))
    except Invalid as error:
        return page("_retention.html", faults=error.details["fields"], oob=True, **_limits())
    return page("_retention.html", faults={}, oob=True, **_limits(), **_would(site, wished))


def _typed(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: sent.get(name, "")[:20] for name in FIELDS}


def _limits() -> dict[str, int]:
    return {"days": keeping.LONGEST_DAYS, "years": keeping.LONGEST_YEARS}


def _would(site: Site, wished: keeping.Policy) -> dict[str, Any]:
    would = finding.would(site.id, wished)
    return {"wished": wished, "would": would, "size": words().size(would.size),
            "most": finding.COUNTED}  # fmt: skip


def _retention(
    site: Site, typed: dict[str, str] | None = None, faults: Mapping[str, Any] | None = None
) -> str:
    chosen = keeping.policy(site)
    form = {name: getattr(chosen, name) or "" for name in FIELDS}
    return page(
        "retention.html",
        owner=site,
        form=typed or form,
        faults=faults or {},
        chosen=chosen,
        now=stamp(),
        **_limits(),
        **({} if faults else _would(site, chosen)),
        saved=request.args.get("saved"),
        **shell(),
    )
