"""Sites as programs keep them: hours, channels, promise, categories."""

from typing import Any

from flask import Response

from ...sites import service as sites
from ...sites.models import Site
from .. import answers, reading, schemas
from .. import sites as setting
from ..guards import allowed, site_of, visible_sites
from .frame import TOKEN, answer, bp

READ, WRITE = "settings:read", "settings:write"


@bp.get("/sites")
@allowed(READ)
@bp.alt_response(200, schema=answers.Sites)
@bp.doc(**TOKEN)
def agent_sites() -> Response:
    """List the sites with their settings and categories."""
    shown = [told(each) for each in visible_sites()]
    return answer({"sites": shown})


@bp.get("/sites/<site_key>")
@allowed(READ)
@bp.alt_response(200, schema=answers.AgentSite)
@bp.doc(**TOKEN)
def agent_site(site_key: str) -> Response:
    """Return one site."""
    return answer(told(site_of(site_key)))


@bp.put("/sites/<site_key>/contact")
@allowed(WRITE)
@bp.arguments(schemas.Contact())
@bp.alt_response(200, schema=answers.ContactView)
@bp.doc(**TOKEN)
def agent_update_contact(data: dict[str, Any], site_key: str) -> Response:
    """Change hours, channels or the promised answer; what is left out stays."""
    site = site_of(site_key)
    if "contact" in data:
        data["contact"] = (site.settings.get("contact") or {}) | data["contact"]
    sites.update_site(site, settings=site.settings | data)
    return answer(reading.contact(site))


@bp.post("/sites/<site_key>/categories")
@allowed(WRITE)
@bp.arguments(schemas.CategoryInput())
@bp.alt_response(201, schema=answers.AgentCategory)
@bp.doc(**TOKEN)
def agent_create_category(data: dict[str, Any], site_key: str) -> Response:
    """Make a category."""
    return _saved(site_key, "new", data, 201)


@bp.put("/sites/<site_key>/categories/<category_id>")
@allowed(WRITE)
@bp.arguments(schemas.CategoryInput())
@bp.alt_response(200, schema=answers.AgentCategory)
@bp.doc(**TOKEN)
def agent_update_category_settings(
    data: dict[str, Any], site_key: str, category_id: str
) -> Response:
    """Change a category."""
    return _saved(site_key, category_id, data, 200)


@bp.delete("/sites/<site_key>/categories/<category_id>")
@allowed(WRITE)
@bp.response(204)
@bp.doc(**TOKEN)
def agent_retire_category(site_key: str, category_id: str) -> None:
    """Offer a category no longer; its tickets keep it."""
    sites.retire_category(site_of(site_key), category_id)


def told(site: Site) -> dict[str, Any]:
    """Return a site with its categories and what administrators chose for it."""
    return reading.site(site, sites.categories(site.id)) | setting.settings(site)


def _saved(site_key: str, category_id: str, data: dict[str, Any], status: int) -> Response:
    site = site_of(site_key)
    full = {**data, "fields": data["fields_"]}
    del full["fields_"]
    if full["notice"]:
        days = {
            "from": full["notice"].pop("from_", None),
            "until": full["notice"].pop("until", None),
        }
        full["notice"] |= {name: day.isoformat() if day else None for name, day in days.items()}
    saved = sites.save_category(site, category_id, full)
    shown = next(each for each in sites.categories(site.id) if each.id == saved)
    return answer(reading.category(shown), status)
