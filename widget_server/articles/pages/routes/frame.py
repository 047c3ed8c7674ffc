"""What every help page shares: its frame, its policy, the way it is kept and sent."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template, request

from ....assets import NotBuilt
from ....errors import NotFound
from ....sites.look import complete
from ....sites.models import Site
from ....sites.service import LANGUAGES, find_open_site
from ... import reading
from .. import look, places
from ..shelf import ENCODINGS, Answer, Shelf, mark, pack
from ..words import NAMES, words

bp = Blueprint("help", __name__, template_folder="../web")
shelf = Shelf()

#: A change, a withdrawal above all, reaches readers within a minute.
CACHE = "public, max-age=60"

POLICY = (
    "default-src 'none'; style-src 'self'; script-src {own}; connect-src {own};"
    " img-src 'self' data: blob:{logo}; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


class _Elsewhere(Exception):
    """What was asked for is an answer of another kind than a page."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer


def kept(site_key: str, make: Callable[[Site], Any], mimetype: str = "text/html") -> Any:
    """Answer from the shelf as long as nothing has changed; else with the text ``make`` returns."""
    current = mark(site_key)
    if current is None:
        raise NotFound()

    def text() -> tuple[str, str]:
        site = find_open_site(site_key)
        made = make(site)
        if not isinstance(made, str):
            raise _Elsewhere(made)
        return made, policy(site)

    encoding = request.accept_encodings.best_match(ENCODINGS) or ""
    try:
        if request.query_string:
            answer = pack(*text(), encoding)
        else:
            answer = shelf.take(request.path, encoding, current, text)
    except _Elsewhere as elsewhere:
        return elsewhere.answer
    return send(answer, mimetype, CACHE)


def send(answer: Answer, mimetype: str, cache: str) -> Any:
    response = Response(answer.body, mimetype=mimetype)
    if answer.encoding:
        response.headers["Content-Encoding"] = answer.encoding
    response.headers["Cache-Control"] = cache
    response.headers["Content-Security-Policy"] = answer.policy
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(answer.etag)
    return response.make_conditional(request)


def own(page: str, site: Site | None, status: int = 200) -> Response:
    """Answer with a page that is for one reader."""
    response = Response(page, status, mimetype="text/html")
    if site is not None:
        response.headers["Content-Security-Policy"] = policy(site)
    response.headers["Cache-Control"] = "no-store"
    return response


def page(template: str, site: Site, locale: str, **values: Any) -> str:
    """Return a page; ``alternates`` are the addresses of the same in other languages."""
    settings = complete(site.settings)
    origin = next((each for each in site.origins if each != "*"), None)
    return render_template(
        f"help/{template}",
        site=site,
        t=words(locale),
        locale=locale,
        names=NAMES,
        greeting=settings["greeting"].get(locale),
        logo=settings["look"]["logo"],
        server=server(),
        home=places.home_path(site.key, locale),
        path=lambda slug: places.article_path(site.key, locale, slug),
        in_category=lambda each: places.category_path(site.key, locale, each.id if each else ""),
        style=f"/help/{site.key}/look.css?v={sheet(site).version}",
        origin=origin,
        host=urlsplit(origin or "").netloc,
        widget=has_widget(site),
        default=values["alternates"].get(settings["default_language"]),
        **values,
    )


def homes(site: Site) -> dict[str, str]:
    """Return the front page of each language there are articles in."""
    return {each: places.home_path(site.key, each) for each in reading.languages(site.id)}


def sheet(site: Site) -> look.Look:
    chosen = complete(site.settings)["look"]
    return look.sheet(chosen["accent"], chosen["theme"])


def has_widget(site: Site) -> bool:
    """May the help button stand on these pages? If the site lists this server as an origin."""
    if not site.allows(server()):
        return False
    try:
        current_app.extensions["widget_assets"].manifest()
    except NotBuilt:
        return False
    return True


def server() -> str:
    return str(current_app.config["SERVER_URL"])


def known(locale: str) -> None:
    if locale not in LANGUAGES:
        raise NotFound()


def wished(site: Site) -> str:
    """Return the reader's language if the site has articles in it, else the site's own."""
    there = reading.languages(site.id)
    asked = request.accept_languages.best_match(there) if there else None
    default: str = complete(site.settings)["default_language"]
    return asked or (default if default in there or not there else there[0])


def policy(site: Site) -> str:
    logo = urlsplit(complete(site.settings)["look"]["logo"] or "")
    return POLICY.format(
        own="'self'" if has_widget(site) else "'none'",
        logo=f" {logo.scheme}://{logo.netloc}" if logo.netloc else "",
    )


@bp.after_request
def protect(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY.format(own="'none'", logo=""))
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response
