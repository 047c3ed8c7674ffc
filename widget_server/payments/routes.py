"""Payments over HTTP: begun by requesters, confirmed by providers."""

from typing import Any

from flask import Blueprint as Pages
from flask import redirect, request
from flask_smorest import Blueprint

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


@pages.post("/hooks/payments/stripe/<site_key>")
@limited("1200 per minute", by=address_key)
def hear_stripe(site_key: str) -> dict[str, str]:
    """Take in an event of Stripe's."""
    return _heard(news.from_stripe, site_key, "Stripe-Signature")


@pages.post("/hooks/payments/link/<site_key>")
@limited("1200 per minute", by=address_key)
def hear_link(site_key: str) -> dict[str, str]:
    """Take in what the page behind a payment link says."""
    return _heard(news.from_link, site_key, "Ventanilla-Signature")


@pages.post("/hooks/payments/woocommerce/<site_key>")
@limited("1200 per minute", by=address_key)
def hear_shop(site_key: str) -> dict[str, str]:
    """Take in what becomes of an order in the site's shop."""
    return _heard(news.from_shop, site_key, "Ventanilla-Signature")


def _heard(take: Any, site_key: str, header: str) -> dict[str, str]:
    request.max_content_length = LARGEST
    site = find_site(site_key)
    return {"outcome": take(site, request.get_data(), request.headers.get(header, ""))}
