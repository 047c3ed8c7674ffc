"""Help articles: the list, the editor with its preview, and an answer that becomes one."""

from collections.abc import Mapping
from typing import Any

from flask import g, redirect, request, url_for

from ... import idempotency
from ...articles import desk, service
from ...articles.models import Article
from ...articles.pages.places import article_path, home_path
from ...articles.stripping import Taken
from ...errors import Invalid, NotFound
from ...ids import new_id
from ...sites import service as sites
from ...sites.look import complete
from ...sites.models import Site
from ...text import to_page
from ...tickets import inbox as tickets
from ...wire import UNUSABLE
from ..presenters import articles as presenter
from .frame import bp, page
from .inbox import shell

NEW = "new"


@bp.get("/articles")
def articles() -> str:
    """Show a site's articles, the latest change first."""
    everywhere = sites.all_sites()
    key = request.args.get("site")
    site = sites.find_site(key) if key else next(iter(everywhere), None)
    asked = {name: request.args.get(name, "")[:100] for name in ("locale", "state", "q", "before")}
    found: list[desk.Row] = []
    after = None
    if site is not None:
        found, after = desk.rows(
            site.id,
            locale=asked["locale"],
            state=asked["state"],
            text=asked["q"].strip(),
            before=asked["before"],
        )
    return page(
        "articles.html",
        owner=site,
        sites=everywhere,
        rows=found,
        next=after,
        asked=asked,
        written=sites.LANGUAGES,
        states=desk.STATES,
        names=_category_names(site) if site else {},
        help_page=home_path(site.key, complete(site.settings)["default_language"])
        if site and service.version(site.id)
        else None,
        removed=request.args.get("removed"),
        **_shell(),
    )


@bp.get("/articles/<site_key>/new")
def new_article(site_key: str) -> str:
    """Offer an empty article, a translation of one, or what an answer to a ticket would be."""
    site = sites.find_site(site_key)
    number, message = request.args.get("ticket", type=int), request.args.get("message", "")
    if number is not None:
        proposal = desk.propose(site, tickets.find_ticket(site.id, number), message)
        fields = presenter.proposed(proposal, number, message)
        return _editor(site, None, fields, taken=proposal.taken)
    original = request.args.get("of")
    translated = service.find(site.id, original) if original else None
    locale = request.args.get("locale", "")
    locale = locale if locale in sites.LANGUAGES else ""
    blank = presenter.empty(site, translated, locale)
    # The writers' list hands over the question that had no answer.
    blank["title"] = blank["title"] or request.args.get("title", "")[: service.TITLE]
    return _editor(site, None, blank)


@bp.get("/articles/<site_key>/<article_id>")
def article(site_key: str, article_id: str) -> str:
    """Show an article as it is being written."""
    site = sites.find_site(site_key)
    found = service.find(site.id, article_id)
    return _editor(site, found, presenter.form(found), done=request.args.get("done"))


@bp.post("/articles/<site_key>/<article_id>")
def update_article(site_key: str, article_id: str) -> Any:
    """Save an article, and publish, withdraw, remove or restore it: what ``act`` says."""
    site = sites.find_site(site_key)
    act = request.form.get("act", "save")
    if act == "restore":
        return _back(site, service.restore(site.id, article_id), "restored")
    fields = presenter.typed(request.form)
    try:
        found = None if article_id == NEW else service.find(site.id, article_id)
    except NotFound:
        if not fields["body"]:
            raise
        # Removed while this was written: saved again, it is an article of its own.
        return _editor(site, None, fields, meanwhile=True), 409
    if act == "remove" and found is not None:
        service.remove(found)
        place = url_for("console.articles", site=site.key, removed=found.id)
        return redirect(place, 303)
    try:
        saved = _save(site, found, fields)
    except Invalid as error:
        return _editor(site, found, fields, faults=error.details.get("fields") or {}), 422
    except service.ChangedMeanwhile:
        current = service.find(site.id, article_id)
        fields["expected"] = current.updated_at
        return _editor(site, current, fields, meanwhile=True), 409
    if act == "publish":
        saved = service.publish(saved, author=g.agent.name)
    elif act == "withdraw":
        saved = service.withdraw(saved)
    return _back(site, saved, {"publish": "published", "withdraw": "withdrawn"}.get(act, "saved"))


@bp.post("/articles/preview")
def preview_article() -> str:
    """Return a text as readers will see it."""
    text = UNUSABLE.sub("", request.form.get("body", ""))[: service.BODY]
    title = UNUSABLE.sub("", request.form.get("title", ""))
    return page("_preview.html", title=title, html=to_page(text).html)


def _save(site: Site, found: Article | None, fields: dict[str, Any]) -> Article:
    values = presenter.read(fields)
    bad = [name for name, text in fields.items() if UNUSABLE.search(text)]
    if bad:
        raise Invalid(fields=dict.fromkeys(bad, ["Contains characters that cannot be stored."]))
    if found is not None:
        return service.change(
            found, author=g.agent.name, expected=fields["expected"] or None, **values
        )
    origin: dict[str, Any] = {}
    if fields["ticket"].isascii() and fields["ticket"].isdigit():
        ticket = tickets.find_ticket(site.id, int(fields["ticket"][:15]))
        desk.propose(site, ticket, fields["message"])
        origin = {"ticket_id": ticket.id, "message_id": fields["message"]}
    return _write(site, values | origin)


def _write(site: Site, values: dict[str, Any]) -> Article:
    """Write a new article once, however often its form is sent."""

    def act() -> str:
        return str(service.write(site, author=g.agent.name, **values).id)

    key = request.form.get("key")
    try:
        scope = f"console:{g.agent.id}:article"
        made = idempotency.once(site.id, scope, key, values, act)[0] if key else act()
    except idempotency.KeyReused:
        made = act()  # Somebody went back to the form and wrote another.
    return service.find(site.id, made)


def _back(site: Site, article: Article, done: str) -> Any:
    place = url_for("console.article", site_key=site.key, article_id=article.id, done=done)
    return redirect(place, 303)


def _editor(
    site: Site,
    found: Article | None,
    fields: dict[str, Any],
    *,
    taken: tuple[Taken, ...] = (),
    faults: Mapping[str, Any] | None = None,
    meanwhile: bool = False,
    done: str | None = None,
) -> str:
    others = service.translations(found) if found else []
    there = {each.locale for each in others} | ({found.locale} if found else set())
    # Besides what is offered, what it is filed under: saving must not take it out.
    kinds = [each for each in sites.categories(site.id, retired=True)
             if not each.retired_at or each.id == fields["category"]]  # fmt: skip
    return page(
        "article.html",
        owner=site,
        article=found,
        article_id=found.id if found else NEW,
        key=new_id(),
        form=fields,
        faults=faults or {},
        taken=taken,
        meanwhile=meanwhile,
        done=done,
        others=others,
        missing=[each for each in complete(site.settings)["languages"] if each not in there],
        written=sites.LANGUAGES,
        categories=kinds,
        html=to_page(UNUSABLE.sub("", fields["body"])[: service.BODY]).html,
        public=article_path(site.key, found.locale, found.slug)
        if found and found.is_public
        else None,
        source=desk.source_of(found) if found else None,
        **_shell(),
    )


def _category_names(site: Site) -> dict[str, dict[str, str]]:
    return {each.id: each.name for each in sites.categories(site.id, retired=True)}


def _shell() -> dict[str, Any]:
    return shell() | {"place": "articles"}
