"""The settings: what is where, and which site a page of them is about."""

from typing import Any, NamedTuple

from flask import current_app, g, request, url_for

from ...sites import service as sites
from ...sites.models import Site
from ..places import SITE, Place, places
from .frame import bp


class Link(NamedTuple):
    label: str
    icon: str
    address: str
    current: bool


def chosen_site() -> Site | None:
    """Return the site a page is about: the one in its address, else the first."""
    key = (request.view_args or {}).get("site_key") or request.args.get("site")
    if key:
        return sites.find_site(key)
    return next(iter(sites.open_sites()), None)


def chosen_sites() -> list[Site]:
    """Return the same for pages that show a panel for each site; none before there is one."""
    site = chosen_site()
    return [site] if site else []


@bp.app_template_global()
def settings_area() -> dict[str, Any]:
    """Return what stands beside every page of the settings."""
    site = chosen_site()
    here = _current()
    found = places(g.agent.role)
    return {
        "chosen": site,
        "switch": [(each, _elsewhere(here, each)) for each in sites.open_sites()],
        "groups": {
            group: [
                Link(each.label, each.icon, _address(each, site), each == here) for each in listed
            ]
            for group, listed in found.items()
            if site or group != SITE
        },
        "home": request.endpoint == "console.settings",
    }


def _address(place: Place, site: Site | None) -> str:
    key = site.key if site and place.group == SITE else None
    return url_for(place.endpoint, site=key)


def _elsewhere(here: Place | None, site: Site) -> str:
    """Return where another site is chosen: the same page of it, else the list of its places."""
    if here is not None and here.group == SITE:
        return _address(here, site)
    return url_for("console.settings", site=site.key)


def _current() -> Place | None:
    """Return the place that is shown: by its own page, else by one of the same module."""
    listed = [each for group in places(g.agent.role).values() for each in group]
    for each in listed:
        if each.endpoint == request.endpoint:
            return each
    views = current_app.view_functions
    module = views[request.endpoint].__module__ if request.endpoint else ""
    return next((each for each in listed if views[each.endpoint].__module__ == module), None)
