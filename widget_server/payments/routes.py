"""Payments over HTTP: begun by requesters, confirmed by providers."""

from typing import Any

from flask import Blueprint as Pages
from flask import redirect, request
from flask_smorest import Blueprint

from ..errors import NotFound
from ..identity.guards import requester_required
from ..identity.service import Caller
from ..limits import address_key, limited
from ..sites.service import find_site, site_of
from . import news, schemas, service

bp = Blueprint("payments", __name__, description="Paying for an order.")
pages = Pages("pay", __name__)

#: A call of a provider's is a few kilobytes.
LARGEST = 1 << 18


@bp.post("/<order_id>")
@bp.arguments(schemas.Begin())
@bp.response(200, schemas.Begun)
@limited("20 per minute")
@requester_required
def create(caller: Caller, data: dict[str, Any], order_id: str) -> dict[str, Any]:
    """Begin to pay an order, or go on: asked again, it is the same payment."""
    order = service.find(caller, order_id)
    page = service.page_of(site_of(caller.site_id), data["return_to"])
    return service.begin(order, data["way"], page)


@pages.get("/pay/<token>")
@limited("120 per minute", by=address_key)
def come_back(token: str) -> Any:
    """Lead somebody who comes from a provider's page back to their ticket."""
    response = redirect(service.come_back(token), 303)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.post("/hooks/<site_key>/<way>")
@bp.response(200, schemas.Heard)
@bp.doc(security=[])
@limited("1200 per minute", by=address_key)
def create_news(site_key: str, way: str) -> dict[str, str]:
    """Take in a provider's signed call: `stripe`, `link` or `woocommerce`."""
    if way not in news.TAKEN:
        raise NotFound("There is no such way to pay.")
    take, header = news.TAKEN[way]
    request.max_content_length = LARGEST
    site = find_site(site_key)
    return {"outcome": take(site, request.get_data(), request.headers.get(header, ""))}
