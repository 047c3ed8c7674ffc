"""How a site is reached: its hours and what they mean, its channels, the answer it promises."""

from collections.abc import Mapping
from typing import Any

from flask import g, redirect, request, url_for

from ...agents.models import ADMINISTRATOR
from ...clock import utcnow
from ...errors import Forbidden, Invalid
from ...sites import contact as rules
from ...sites import service as sites
from ...sites.look import complete
from ...sites.models import Site
from ...tickets import due
from ..presenters import contact as presenter
from .frame import bp, page, words
from .inbox import shell
from .settings import chosen_sites


@bp.get("/contact")
def contact() -> str:
    """Show hours, channels and promise of every site."""
    return _contact()


@bp.post("/contact/<site_key>")
def update_contact(site_key: str) -> Any:
    """Change them; what makes no sense is named beside its field, all else stays as typed."""
    if g.agent.role != ADMINISTRATOR:
        raise Forbidden("Only administrators change hours and channels.")
    site = sites.find_site(site_key)
    typed = presenter.typed(request.form)
    try:
        sites.update_site(site, settings=site.settings | presenter.settings(site, typed))
    except Invalid as error:
        return _contact(site, typed, error.details.get("fields", {})), 422
    return redirect(url_for("console.contact", site=site.key, saved=site.key), 303)


def _contact(
    changed: Site | None = None,
    typed: dict[str, Any] | None = None,
    faults: Mapping[str, Any] | None = None,
) -> str:
    shown = []
    for site in chosen_sites():
        mine = changed is not None and site.id == changed.id
        full = complete(site.settings)
        shown.append(
            {
                "site": site,
                "form": typed if mine and typed else presenter.form(full),
                "faults": faults if mine else {},
                "kept": due.kept_promises(30, site.id),
                "days": {
                    name: presenter.days(calendar, utcnow(), words())
                    for name, calendar in rules.calendars(full).items()
                },
            }
        )
    return page(
        "contact.html",
        shown=shown,
        zones=presenter.zones(),
        kinds=rules.KINDS,
        administrator=g.agent.role == ADMINISTRATOR,
        saved=request.args.get("saved"),
        **shell(),
    )
