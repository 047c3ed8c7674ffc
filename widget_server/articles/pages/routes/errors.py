"""When there is nothing, or too much is asked, a page says so in the site's own look."""

from typing import Any

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException

from ....errors import NotFound, RateLimited, VentanillaError
from ....sites.models import Site
from ....sites.service import LANGUAGES
from ..words import words
from .frame import bp, homes, own, page, wished


@bp.errorhandler(VentanillaError)
def from_domain(error: VentanillaError) -> Response:
    values = request.view_args or {}
    site = Site.get_or_none(Site.key == values.get("site_key", "").replace("\0", ""))
    locale = values.get("locale")
    if locale not in LANGUAGES:
        locale = wished(site) if site else request.accept_languages.best_match(LANGUAGES) or "en"
    wait = error.details.get("retry_after") if isinstance(error, RateLimited) else None
    if site is None:
        text = render_template("help/nowhere.html", t=words(locale), locale=locale)
    else:
        text = page(
            "missing.html",
            site,
            locale,
            wait=wait,
            canonical=None,
            alternates=homes(site),
            index=False,
        )
    response = own(text, site, error.status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


@bp.errorhandler(HTTPException)
def from_http(error: HTTPException) -> Any:
    return error if error.code is not None and error.code < 400 else from_domain(NotFound())
