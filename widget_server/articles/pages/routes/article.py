"""One article, and what its readers say of it."""

import re
import secrets
from typing import Any

from flask import redirect, request

from ....errors import Forbidden, NotFound
from ....limits import address_key, limited
from ....sites.models import Site
from ....sites.service import LANGUAGES, find_open_site
from ... import addresses, reading, service
from ...models import Article
from .. import places
from .frame import bp, kept, known, own, page, server

#: The mark of a browser that said whether an article helped; nobody else has one.
VOTER, VOTER_DAYS = "ventanilla_reader", 180

SAID = ("yes", "no")
RELATED = 4


@bp.get("/help/<site_key>/<locale>/<slug>")
def article(site_key: str, locale: str, slug: str) -> Any:
    """Show an article; an address it had before leads to its present one."""
    known(locale)
    said = request.args.get("said")
    if said not in SAID:
        return kept(site_key, lambda site: _article(site, locale, slug))
    site = find_open_site(site_key)
    made = _article(site, locale, slug, said)
    return own(made, site) if isinstance(made, str) else made


@bp.post("/help/<site_key>/<locale>/<slug>/usefulness")
@limited("10 per minute; 100 per day", by=address_key)
def create_usefulness(site_key: str, locale: str, slug: str) -> Any:
    """Count what a reader says of an article, once for each browser."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Forbidden()
    site = find_open_site(site_key)
    found = reading.at(site.id, locale, slug)
    if found is None:
        raise NotFound()
    said = request.form.get("helpful")
    said = said if said in SAID else "no"
    voter = request.cookies.get(VOTER, "")
    if not re.fullmatch(r"[\w-]{22}", voter, re.ASCII):
        voter = secrets.token_urlsafe(16)
    service.vote(found, f"browser:{voter}", helpful=said == "yes")
    place = places.article_path(site.key, locale, found.slug)
    response = redirect(f"{place}?said={said}#_useful", 303)
    response.set_cookie(
        VOTER,
        voter,
        max_age=VOTER_DAYS * 86_400,
        path=f"/help/{site.key}/",
        secure=server().startswith("https:"),
        httponly=True,
        samesite="Lax",
    )
    return response


def _article(site: Site, locale: str, slug: str, said: str | None = None) -> Any:
    found = reading.at(site.id, locale, slug)
    if found is None:
        moved = addresses.present(site.id, locale, slug)
        if moved is None:
            raise NotFound()
        return redirect(places.article_path(site.key, *moved), 301)
    both = [found, *(each for each in service.translations(found) if each.is_public)]
    return page(
        "article.html",
        site,
        locale,
        article=found,
        category=reading.category_of(site.id, found.category_id),
        about=reading.excerpt(found.body),
        related=_related(found),
        said=said,
        canonical=places.article_path(site.key, locale, found.slug),
        alternates={
            each.locale: places.article_path(site.key, each.locale, each.slug)
            for each in sorted(both, key=lambda each: LANGUAGES.index(each.locale))
        },
        index=said is None,
    )


def _related(article: Article) -> list[reading.Line]:
    hits = service.search(article.site_id, article.title, article.locale, RELATED + 1)
    ids = [hit.article_id for hit in hits if hit.article_id != article.id][:RELATED]
    there = reading.lines(article.site_id, ids)
    return [there[each] for each in ids if each in there]
