"""An article as a form, and back."""

from collections.abc import Mapping
from typing import Any

from ...articles import service
from ...articles.desk import Proposal
from ...articles.models import Article
from ...sites.look import complete
from ...sites.models import Site

FIELDS = ("title", "locale", "slug", "tags", "category", "topic", "expected", "ticket", "message")


def form(article: Article) -> dict[str, Any]:
    """Return an article as it stands in the form."""
    return {
        "title": article.title,
        "body": article.body,
        "locale": article.locale,
        "slug": article.slug,
        "tags": ", ".join(article.tags),
        "category": article.category_id or "",
        "topic": article.topic,
        "expected": article.updated_at,
        "ticket": "",
        "message": "",
    }


def empty(site: Site, translated: Article | None = None, locale: str = "") -> dict[str, Any]:
    """Return the form of a new article: a translation begins with what it translates."""
    blank = dict.fromkeys(FIELDS, "") | {
        "body": "",
        "locale": locale or complete(site.settings)["default_language"],
    }
    kept = form(translated) if translated else {}
    return blank | {name: kept[name] for name in ("title", "body", "category", "topic") if kept}


def proposed(proposal: Proposal, number: int, message_id: str) -> dict[str, Any]:
    """Return the form of an article that an answer would become."""
    return dict.fromkeys(FIELDS, "") | {
        "title": proposal.title,
        "body": proposal.body,
        "locale": proposal.locale,
        "category": proposal.category or "",
        "ticket": str(number),
        "message": message_id,
    }


def typed(sent: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields as they were sent, to be shown again if they are refused."""
    return {name: sent.get(name, "").strip() for name in FIELDS} | {
        "body": sent.get("body", "").replace("\r\n", "\n").replace("\r", "\n")
    }


def read(fields: dict[str, Any]) -> dict[str, Any]:
    """Return what the form says of the article."""
    return {
        "title": fields["title"],
        "body": fields["body"],
        "locale": fields["locale"],
        "slug": fields["slug"] or None,
        "tags": service.tags_of(fields["tags"]),
        "category": fields["category"] or None,
        "topic": fields["topic"] or None,
    }
