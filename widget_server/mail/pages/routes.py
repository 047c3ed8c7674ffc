"""The page a mailed link leads to. Looking at it uses nothing up: scanners look at every link."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request, send_from_directory

from ...clock import stamp
from ...errors import NotFound
from ...limits import address_key, limited
from ...sites import colour
from ...sites.look import DEFAULTS, complete
from ...sites.service import site_of
from .. import links
from .words import WORDS

pages = Blueprint("pages", __name__, template_folder="web")

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'nonce-{nonce}';"
    " img-src 'self' data: {logo}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@pages.get("/t/<token>")
def show(token: str) -> Response:
    """Offer to open the requests a mailed link proves, or to send a new link."""
    try:
        link = links.find(token)
    except NotFound:
        return _page(404, site=None, link=None)
    stale = link.used_at is not None or link.expires_at <= stamp()
    return _page(410 if stale else 200, site=site_of(link.site_id), link=link, stale=stale)


@pages.post("/t/<token>")
@limited("30 per minute", by=address_key)
def confirm(token: str) -> Response:
    """Use the link up for a browser without scripts: its address is proven, nothing is opened."""
    try:
        links.redeem(token)
    except (NotFound, links.LinkStale):
        return show(token)
    link = links.find(token)
    return _page(200, site=site_of(link.site_id), link=link, confirmed=True)


@pages.get("/t/assets/<name>")
def asset(name: str) -> Response:
    """The page's script and look."""
    if name not in {"link.css", "link.js"}:
        raise NotFound()
    return send_from_directory(f"{pages.root_path}/web", name, max_age=3_600)


def _page(
    status: int, *, site: Any, link: Any, stale: bool = False, confirmed: bool = False
) -> Response:
    look = complete(site.settings)["look"] if site else DEFAULTS["look"]
    accent = colour.known(look["accent"])
    wished = [link.locale or ""] if link else []
    wished += [language for language, _ in request.accept_languages]
    locale = next((wish[:2].lower() for wish in wished if wish[:2].lower() in WORDS), "en")
    origins = [origin for origin in site.origins if origin != "*"] if site else []
    nonce = secrets.token_urlsafe(12)
    response = make_response(
        render_template(
            "link.html",
            site=site,
            look=look,
            accent=accent,
            ink=colour.text_on(accent),
            host=urlsplit(origins[0]).netloc if origins else None,
            stale=stale,
            confirmed=confirmed,
            words=WORDS[locale],
            locale=locale,
            nonce=nonce,
        ),
        status,
    )
    logo = urlsplit(look["logo"] or "")
    place = f"{logo.scheme}://{logo.netloc}" if logo.netloc else ""
    response.headers |= {
        "Content-Security-Policy": POLICY.format(nonce=nonce, logo=place),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }
    return response
