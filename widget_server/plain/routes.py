"""The plain form over HTTP: pick what it is about, write, confirm by mail."""

from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import HTTPException

from .. import idempotency
from ..articles.pages.routes.errors import from_domain, from_http
from ..articles.pages.routes.frame import known, own, page, protect
from ..errors import Forbidden, NotFound, RateLimited, Unauthenticated, VentanillaError
from ..identity import service as identity
from ..mail import outbox
from ..sites.look import complete
from ..sites.models import Category, Site
from ..sites.service import LANGUAGES, categories, find_open_site, notice_of
from ..text import to_html
from ..tickets import service as tickets
from . import forms, guards, wording

bp = Blueprint("plain", __name__, template_folder="web")
bp.errorhandler(VentanillaError)(from_domain)
bp.errorhandler(HTTPException)(from_http)
bp.after_request(protect)


@bp.get("/help/<site_key>/request")
def root(site_key: str) -> Any:
    """Lead to the form in the reader's language."""
    site = _writable(site_key)
    default = complete(site.settings)["default_language"]
    locale = request.accept_languages.best_match(LANGUAGES) or default
    response = redirect(_path(site, locale), 302)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/help/<site_key>/request/<locale>")
def show(site_key: str, locale: str) -> Response:
    """Show what a request can be about, the form for one ``category``, or that it was ``sent``."""
    site, category = _asked(site_key, locale, request.args.get("category"))
    if "sent" in request.args:
        return own(_page("sent.html", site, locale), site)
    offered = categories(site.id)
    if category is None and len(offered) > 1:
        return own(_page("pick.html", site, locale, offered=offered), site)
    return _form(site, locale, category or next(iter(offered), None), forms.Written())


@bp.post("/help/<site_key>/request/<locale>")
def create(site_key: str, locale: str) -> Any:
    """File what was written, for the team to see once its address is confirmed."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Forbidden()
    site, category = _asked(site_key, locale, request.form.get("category"))
    written = forms.read(request.form, category)
    if written.faults:
        return _form(site, locale, category, written, status=422)
    if request.form.get("website"):
        return _form(site, locale, category, written, status=422, said="website")
    try:
        mark = guards.read_slip(site, request.form.get("slip", ""))
        idempotency.once(
            site.id, "plain", mark, [written.data, written.answers],
            lambda: _file(site, locale, category, written),
        )  # fmt: skip
    except RateLimited as error:
        return _form(site, locale, category, written, status=429, wait=error.details["retry_after"])
    except (Unauthenticated, idempotency.KeyReused):
        # It lay open too long, or was sent and then changed: another slip, and all that was typed.
        return _form(site, locale, category, written, status=409, said="again")
    return redirect(f"{_path(site, locale)}?sent=1", 303)


def _file(site: Site, locale: str, category: Category | None, written: forms.Written) -> Any:
    email = written.data["email"]
    guards.count(site, email)
    ticket = tickets.open_ticket(
        identity.caller_for(site.id, None, email=email, name=None),
        title=written.data["title"],
        body=written.data["body"],
        locale=locale,
        category=category.id if category else None,
        email=email,
        fields=written.answers,
        held=True,
    )
    return {"ticket": ticket.id}


def _writable(site_key: str) -> Site:
    """Return a site whose requests can be confirmed: without mail there is no form."""
    site = find_open_site(site_key)
    if not outbox.on():
        raise NotFound()
    return site


def _asked(site_key: str, locale: str, category_id: str | None) -> tuple[Site, Category | None]:
    known(locale)
    site = _writable(site_key)
    if not category_id:
        return site, None
    found = next((each for each in categories(site.id) if each.id == category_id), None)
    if found is None:
        raise NotFound()
    return site, found


def _path(site: Site, locale: str) -> str:
    return f"/help/{site.key}/request/{locale}"


def _form(
    site: Site, locale: str, category: Category | None, written: forms.Written,
    *, status: int = 200, said: str | None = None, wait: int = 0,
) -> Response:  # fmt: skip
    # A form that is too early, or at fault, keeps its slip, which ages while its writer goes on.
    slip = request.form.get("slip") if wait or written.faults else None
    notice = notice_of(site, category) if category else None
    text = _page(
        "ask.html",
        site,
        locale,
        category=category,
        notice=notice and {**notice, "html": to_html(wording.pick(notice["text"], locale))},
        fields=category.fields if category else [],
        written=written,
        said=said,
        when=wording.when(wait, locale) if wait else None,
        slip=slip or guards.slip(site),
        forms=forms,
    )
    response = own(text, site, status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _page(template: str, site: Site, locale: str, **values: Any) -> str:
    return page(
        template,
        site,
        locale,
        here=_path(site, locale),
        canonical=None,
        alternates={each: _path(site, each) for each in LANGUAGES},
        index=False,
        pick=lambda texts: wording.pick(texts, locale),
        **values,
    )
