"""What people can ask for: the categories of a site, their notices and their fields."""

from collections.abc import Mapping
from typing import Any

from flask import g, redirect, request, url_for

from ...agents.models import ADMINISTRATOR
from ...errors import Forbidden, Invalid
from ...sites import service as sites
from ...sites.fields import TONES, TYPES
from ..presenters import categories as presenter
from .frame import bp, page
from .inbox import shell
from .settings import chosen_sites


@bp.get("/categories")
def categories() -> str:
    """Show every site's categories, each ready to be changed."""
    return _categories()


@bp.post("/categories/<site_key>/<category_id>")
def update_category_settings(site_key: str, category_id: str) -> Any:
    """Change one, or make a new one; ``retire`` takes it out of use and keeps its tickets."""
    if g.agent.role != ADMINISTRATOR:
        raise Forbidden("Only administrators change categories.")
    site = sites.find_site(site_key)
    typed = presenter.typed(request.form)
    try:
        if "retire" in request.form:
            sites.retire_category(site, category_id)
        else:
            former = {each.id: each for each in sites.categories(site.id)}.get(category_id)
            sites.save_category(site, category_id, presenter.read(typed, former))
    except Invalid as error:
        faults = error.details.get("fields") or {"": [str(error)]}
        return _categories((site.id, category_id), typed, faults), 422
    return redirect(url_for("console.categories", site=site.key, saved=site.key), 303)


def _categories(
    changed: tuple[int, str] | None = None,
    typed: dict[str, Any] | None = None,
    faults: Mapping[str, Any] | None = None,
) -> str:
    shown = []
    for site in chosen_sites():
        forms = [(each.id, presenter.form(each)) for each in sites.categories(site.id)]
        forms.append((presenter.NEW, presenter.form(None)))
        shown.append(
            {
                "site": site,
                "forms": [
                    (name, typed, faults or {}) if (site.id, name) == changed else (name, form, {})
                    for name, form in forms
                ],
            }
        )
    return page(
        "categories.html",
        shown=shown,
        new=presenter.NEW,
        icons=presenter.ICONS,
        types=TYPES,
        tones=TONES,
        administrator=g.agent.role == ADMINISTRATOR,
        saved=request.args.get("saved"),
        **shell(),
    )
