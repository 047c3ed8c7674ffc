"""What the help pages bring along: their look, and a list for search engines."""

from functools import lru_cache
from typing import Any

from flask import render_template, request

from ....sites.models import Site
from ....sites.service import find_open_site
from ... import reading
from .. import places
from ..shelf import ENCODINGS, Answer, pack
from .frame import POLICY, bp, homes, kept, send, server, sheet

FOREVER = "public, max-age=31536000, immutable"


@bp.get("/help/<site_key>/sitemap.xml")
def sitemap(site_key: str) -> Any:
    """List every article with its translations."""
    return kept(site_key, _sitemap, "application/xml")


@bp.get("/help/<site_key>/look.css")
def stylesheet(site_key: str) -> Any:
    """The pages' look in the site's colours; its address changes with it."""
    found = sheet(find_open_site(site_key))
    answer = _packed(found.css, request.accept_encodings.best_match(ENCODINGS) or "")
    fresh = request.args.get("v") == found.version
    return send(answer, "text/css", FOREVER if fresh else "no-cache")


@lru_cache(maxsize=256)
def _packed(css: str, encoding: str) -> Answer:
    return pack(css, POLICY.format(own="'none'", logo=""), encoding)


def _sitemap(site: Site) -> str:
    topics: dict[str, list[tuple[str, str, str]]] = {}
    for topic, locale, slug, updated_at in reading.everything(site.id):
        place = server() + places.article_path(site.key, locale, slug)
        topics.setdefault(topic, []).append((locale, place, updated_at))
    front = [(each, server() + place, None) for each, place in homes(site).items()]
    return render_template("help/sitemap.xml", topics=[front, *topics.values()])
