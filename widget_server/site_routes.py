"""The site's public configuration over HTTP, for whoever has a session."""

from typing import Any

import flask
from flask import Response, current_app
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from .errors import NotFound
from .identity.guards import requester_required
from .identity.service import Caller
from .sites import logos
from .sites.models import Site
from .sites.service import find_site, public_config

bp = Blueprint("site", __name__, description="The site's public configuration.")

pages = flask.Blueprint("site_pages", __name__)


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


@pages.get("/logos/<site_key>/<name>")
def logo(site_key: str, name: str) -> Response:
    """Return a logo an administrator uploaded; its name changes with the picture."""
    picture = logos.picture(find_site(site_key).id, f"/logos/{site_key}/{name}")
    if picture is None:
        raise NotFound("There is no such logo.")
    response = Response(picture, mimetype="image/png")
    response.headers |= {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return response
