"""Articles over HTTP, for reading in the panel: public, and the same for everybody."""

from typing import Any

from flask import current_app, jsonify, request
from flask_smorest import Blueprint

from ..errors import NotFound
from ..identity.guards import requester_required
from ..identity.service import Caller
from ..limits import limited
from ..sites.service import find_open_site
from ..text import to_tree
from . import schemas, service
from .pages.places import article_path

bp = Blueprint("articles", __name__, description="Help articles.")

#: A change, a withdrawal above all, reaches readers within a minute.
CACHE = "public, max-age=60"


@bp.get("/<site_key>/<article_id>")
@bp.doc(security=[])
@bp.response(200, schemas.ArticleView)
def show_article(site_key: str, article_id: str) -> Any:
    """Return a published article, as Markdown and as the tree the panel draws."""
    site = find_open_site(site_key)
    article = service.find_published(site.id, article_id)
    url = current_app.config["SERVER_URL"] + article_path(site.key, article.locale, article.slug)
    shown = {**article.__data__, "html_tree": to_tree(article.body, url), "url": url}
    response = jsonify(schemas.ArticleView().dump(shown))
    response.headers["Cache-Control"] = CACHE
    response.add_etag()
    return response.make_conditional(request)


@bp.put("/<site_key>/<article_id>/usefulness")
@bp.arguments(schemas.Usefulness)
@bp.response(204)
@requester_required
@limited("20 per minute; 200 per day")
def put_usefulness(caller: Caller, data: dict[str, Any], site_key: str, article_id: str) -> None:
    """Say whether an article helped; said again, the last word counts."""
    site = find_open_site(site_key)
    if site.id != caller.site_id:
        raise NotFound("No such article.")
    article = service.find_published(site.id, article_id)
    service.vote(article, f"requester:{caller.id}", helpful=data["helpful"])
