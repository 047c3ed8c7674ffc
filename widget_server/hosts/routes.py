"""From server to server: the host's own, by a JWT that no page ever sees."""

from typing import Any

from flask_smorest import Blueprint

from ..errors import Invalid
from ..limits import address_key, limited
from ..sites.models import Site
from . import schemas, service
from .guards import host_required

bp = Blueprint("hosts", __name__, description="For the host's own server.")


@bp.get("/<site_key>")
@bp.response(200, schemas.ConnectionView)
@limited("300 per minute", by=address_key)
@host_required
def show(site: Site, claims: dict[str, Any]) -> dict[str, Any]:
    """Say that the key works, and for which pages."""
    return service.connection(site)


@bp.put("/<site_key>/environment")
@bp.arguments(schemas.Environment())
@bp.response(204)
@limited("300 per minute", by=address_key)
@host_required
def update_environment(site: Site, claims: dict[str, Any], data: dict[str, Any]) -> None:
    """Keep what the site runs on, for its agents; nothing instead of an empty list."""
    service.tell_environment(site.id, data["parts"])


@bp.get("/<site_key>/unread")
@bp.response(200, schemas.UnreadView)
@host_required
def count_unread(site: Site, claims: dict[str, Any]) -> dict[str, Any]:
    """Count the answers that wait for the user whom ``sub`` of the JWT names."""
    if "sub" not in claims:
        raise Invalid("Name the user in the JWT's sub.")
    return {"unread": service.unread(site.id, claims["sub"])}


@bp.post("/<site_key>/exports")
@bp.arguments(schemas.Person())
@bp.response(200, schemas.ExportView)
@limited("300 per minute", by=address_key)
@host_required
def create_export(site: Site, claims: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Return everything kept of a person."""
    return {"people": service.export(site.id, **data), "former": service.former(site.id, **data)}


@bp.post("/<site_key>/erasures")
@bp.arguments(schemas.Person())
@bp.response(200, schemas.ErasureView)
@limited("300 per minute", by=address_key)
@host_required
def create_erasure(site: Site, claims: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Remove a person and everything they sent."""
    return service.erase(site.id, **data) | {"former": service.former(site.id, **data)}
