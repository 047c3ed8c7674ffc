"""The site's public configuration over HTTP, for whoever has a session."""

from typing import Any

from flask import current_app
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from .identity.guards import requester_required
from .identity.service import Caller
from .sites.models import Site
from .sites.service import public_config

bp = Blueprint("site", __name__, description="The site's public configuration.")


class SiteView(Schema):
    site = fields.Dict()


@bp.get("")
@bp.response(200, SiteView)
@requester_required
def show(caller: Caller) -> dict[str, Any]:
    """Return the same configuration the loader carries."""
    config = current_app.config
    return {
        "site": public_config(
            Site.get_by_id(caller.site_id),
            config["SERVER_URL"],
            file_bytes=config["FILE_BYTES"],
            assets=current_app.extensions["widget_assets"].manifest(),
        )
    }
