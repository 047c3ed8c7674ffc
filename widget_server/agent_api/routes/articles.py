"""Articles for programs: written, changed, published, removed, imported."""

from typing import Any

from flask import Response, g

from ...articles import desk, imports, service
from ...errors import Invalid
from ...tickets import inbox
from ...tickets.routes import KEY
from .. import articles
from ..guards import allowed, site_of
from .frame import TOKEN, answer, bp, once
from .tickets import ONE as TICKET
from .tickets import READ, WRITE, load

ALL = "/sites/<site_key>/articles"
ONE = f"{ALL}/<article_id>"

#: What the log calls whatever happens to an article, as in the console.
SAVED = "agent_update_article"

#: Faults of an import told at once.
TOLD = 50


@bp.get(ALL)
@allowed(READ)
@bp.arguments(articles.ArticlesQuery(), location="query")
@bp.alt_response(200, schema=articles.Articles)
@bp.doc(**TOKEN)
def agent_articles(args: dict[str, Any], site_key: str) -> Response:
    """List a site's articles, drafts included, the latest change first."""
    text = args.pop("q")
    found, after = desk.rows(site_of(site_key).id, text=text, **args)
    return answer({"articles": [articles.row(each) for each in found], "next": after})


@bp.post(ALL)
@allowed(WRITE, act=SAVED)
@bp.arguments(articles.NewArticle())
@bp.alt_response(201, schema=articles.AgentArticle)
@bp.doc(**TOKEN, **KEY)
def agent_create_article(data: dict[str, Any], site_key: str) -> Response:
    """Write an article; it is a draft until it is published."""
    site = site_of(site_key)

    def act() -> str:
        values = {name: data[name] for name in articles.ArticleInput().fields}
        if data["ticket"] is not None:
            ticket = inbox.find_ticket(site.id, data["ticket"])
            desk.propose(site, ticket, data["message"])
            values |= {"ticket_id": ticket.id, "message_id": data["message"]}
        return service.write(site, author=g.agent.name, **values).id

    return _shown(site.id, once(site.id, "article", data, act), 201)


@bp.post(f"{ALL}/import")
@allowed(WRITE)
@bp.arguments(articles.ArticleImport())
@bp.alt_response(200, schema=articles.Imported)
@bp.doc(**TOKEN)
def agent_create_article_import(data: dict[str, Any], site_key: str) -> Response:
    """Import files, all or none; the same files again bring the articles up to date."""
    site = site_of(site_key)
    files = [(each["name"], _bytes(each["content"])) for each in data["files"]]
    language, publish = data["language"], data["publish"]
    try:
        done = imports.bring_in(
            site, sorted(files), author=g.agent.name, language=language, publish=publish
        )
    except imports.ImportRefused as refused:
        faults = [str(each) for each in refused.faults[:TOLD]]
        raise Invalid("Nothing was imported.", fields={"files": faults}) from refused
    counted = {"added": done.added, "changed": done.changed, "unchanged": done.unchanged}
    return answer(counted)


@bp.get(ONE)
@allowed(READ)
@bp.alt_response(200, schema=articles.AgentArticle)
@bp.doc(**TOKEN)
def agent_article(site_key: str, article_id: str) -> Response:
    """Return an article, draft or not."""
    return _shown(site_of(site_key).id, article_id)


@bp.put(ONE)
@allowed(WRITE)
@bp.arguments(articles.ArticleChange())
@bp.alt_response(200, schema=articles.AgentArticle)
@bp.doc(**TOKEN)
def agent_update_article(data: dict[str, Any], site_key: str, article_id: str) -> Response:
    """Change an article, published or not."""
    site = site_of(site_key)
    service.change(service.find(site.id, article_id), author=g.agent.name, **data)
    return _shown(site.id, article_id)


@bp.delete(ONE)
@allowed(WRITE, act=SAVED)
@bp.response(204)
@bp.doc(**TOKEN)
def agent_remove_article(site_key: str, article_id: str) -> None:
    """Put an article into the bin, where it stays for 30 days."""
    service.remove(service.find(site_of(site_key).id, article_id))


@bp.post(f"{ONE}/restoration")
@allowed(WRITE, act=SAVED)
@bp.alt_response(200, schema=articles.AgentArticle)
@bp.doc(**TOKEN)
def agent_restore_article(site_key: str, article_id: str) -> Response:
    """Take an article out of the bin, as a draft."""
    site = site_of(site_key)
    service.restore(site.id, article_id)
    return _shown(site.id, article_id)


@bp.put(f"{ONE}/publication")
@allowed(WRITE, act=SAVED)
@bp.alt_response(200, schema=articles.AgentArticle)
@bp.doc(**TOKEN)
def agent_publish_article(site_key: str, article_id: str) -> Response:
    """Show an article to everybody."""
    site = site_of(site_key)
    service.publish(service.find(site.id, article_id), author=g.agent.name)
    return _shown(site.id, article_id)


@bp.delete(f"{ONE}/publication")
@allowed(WRITE, act=SAVED)
@bp.alt_response(200, schema=articles.AgentArticle)
@bp.doc(**TOKEN)
def agent_withdraw_article(site_key: str, article_id: str) -> Response:
    """Make an article a draft again; it keeps its address."""
    site = site_of(site_key)
    service.withdraw(service.find(site.id, article_id))
    return _shown(site.id, article_id)


@bp.get(f"{TICKET}/messages/<message_id>/article")
@allowed(READ)
@bp.alt_response(200, schema=articles.ProposedArticle)
@bp.doc(**TOKEN)
def agent_proposed_article(site_key: str, number: int, message_id: str) -> Response:
    """Return an answer as the article it could become, personal things taken out."""
    proposal = desk.propose(*load(site_key, number), message_id)
    told = {name: getattr(proposal, name) for name in ("title", "body", "locale", "category")}
    return answer(told | {"taken": [str(each.text) for each in proposal.taken]})


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Invalid(fields={"files": ["Contains characters that cannot be stored."]}) from error


def _shown(site_id: int, article_id: str, status: int = 200) -> Response:
    return answer(articles.told(service.find(site_id, article_id)), status)
