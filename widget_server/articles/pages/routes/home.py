"""The front page of a site's help, its categories, and what a question finds."""

from typing import Any

from flask import Response, redirect, request

from ....errors import NotFound
from ....limits import address_key, limited
from ....sites.look import complete
from ....sites.models import Site
from ....sites.service import find_open_site
from ... import reading, service
from .. import places
from .frame import bp, homes, kept, known, own, page, wished

#: Characters of a question that are looked at.
QUESTION = 200


@bp.get("/help/<site_key>/")
def root(site_key: str) -> Any:
    """Lead to the help in the reader's language."""
    site = find_open_site(site_key)
    response = redirect(places.home_path(site.key, wished(site)), 302)
    response.headers["Cache-Control"] = "public, max-age=60"
    response.headers["Vary"] = "Accept-Language"
    return response


@bp.get("/help/<site_key>/<locale>/")
def home(site_key: str, locale: str) -> Any:
    """Show what there is, the articles of ``category``, or what answers the question ``q``."""
    known(locale)
    asked = " ".join(request.args.get("q", "").split())[:QUESTION]
    if asked:
        return _found(find_open_site(site_key), locale, asked)
    category, after = request.args.get("category"), request.args.get("after", "")
    if category is None:
        return kept(site_key, lambda site: _front(site, locale))
    return kept(site_key, lambda site: _category(site, locale, category, after))


def _front(site: Site, locale: str) -> str:
    there, chosen = homes(site), complete(site.settings)
    if locale not in {*there, *chosen["languages"], chosen["default_language"]}:
        raise NotFound()
    sections = reading.sections(site.id, locale)
    return page(
        "home.html",
        site,
        locale,
        sections=sections,
        canonical=places.home_path(site.key, locale),
        alternates=there,
        index=bool(sections),
    )


def _category(site: Site, locale: str, category_id: str, after: str) -> str:
    category = reading.category_of(site.id, category_id)
    if category_id and category is None:
        raise NotFound()
    section = reading.section(site.id, locale, category, after=after)
    if not section.lines:
        raise NotFound()
    path = places.category_path(site.key, locale, category_id)
    return page(
        "category.html",
        site,
        locale,
        section=section,
        here=path,
        canonical=None if after else path,
        alternates=homes(site),
        index=not after,
    )


@limited("60 per minute", by=address_key)
def _found(site: Site, locale: str, asked: str) -> Response:
    hits = service.search(site.id, asked, locale)
    there = reading.lines(site.id, [hit.article_id for hit in hits])
    found = [(there[hit.article_id], hit.passage) for hit in hits if hit.article_id in there]
    made = page(
        "found.html",
        site,
        locale,
        asked=asked,
        found=found,
        canonical=None,
        alternates=homes(site),
        index=False,
    )
    return own(made, site)
