"""What authors read: a site's articles, and what an answer to a ticket would be as an article."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from ..database import fetch, query
from ..errors import NotFound
from ..identity.models import Requester
from ..sites.look import complete
from ..sites.models import Site
from ..sites.service import LANGUAGES
from ..tickets.models import Message, Ticket
from . import stripping
from .models import Article

PAGE = 50

#: Articles looked at for a word in their title, the latest first.
SEARCHED = 2_000

STATES = ("published", "draft")


class Row(NamedTuple):
    """One line of the list of articles."""

    id: str
    locale: str
    title: str
    category_id: str | None
    updated_at: str
    published_at: str | None
    helpful: int
    unhelpful: int
    author: str


def rows(
    site_id: int,
    *,
    locale: str = "",
    state: str = "",
    text: str = "",
    before: str = "",
) -> tuple[list[Row], str | None]:
    """Return a page of a site's articles, the latest change first, and the cursor of the next."""
    where, params = ["site_id = ?", "removed_at IS NULL"], list[Any]([site_id])
    if locale:
        where, params = [*where, "locale = ?"], [*params, locale]
    if state in STATES:
        where.append(f"published_at IS {'NOT ' if state == 'published' else ''}NULL")
    if before.count("~") == 1:
        where, params = [*where, "(updated_at, id) < (?, ?)"], [*params, *before.split("~")]
    found = [
        Row(*row)
        for row in query(
            f"SELECT {', '.join(Row._fields)} FROM article WHERE {' AND '.join(where)}"
            " ORDER BY updated_at DESC, id DESC LIMIT ?",
            *params, SEARCHED if text else PAGE + 1,
        )
    ]  # fmt: skip
    if text:
        found = [row for row in found if text.casefold() in row.title.casefold()]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.updated_at}~{last.id}" if last else None


@dataclass(frozen=True)
class Proposal:
    """An article an answer could become, and what was taken out of it."""

    title: str
    body: str
    locale: str
    category: str | None
    taken: tuple[stripping.Taken, ...]


def propose(site: Site, ticket: Ticket, message_id: str) -> Proposal:
    """Return an agent's answer as an article; nothing is written.

    Raises :exc:`NotFound` for what the requester wrote, and for notes.
    """
    message = _answer(ticket, message_id)
    settings = complete(site.settings)
    locale = ticket.locale[:2].lower()
    locale = locale if locale in LANGUAGES else settings["default_language"]
    known: dict[str, Any] = {
        "locale": locale,
        "names": _names(ticket),
        "private": [f"#{ticket.number}", *_told(ticket.fields)],
        "public": _public(settings),
    }
    title = stripping.strip(ticket.title, **known)
    body = stripping.strip(message.body, **known)
    taken = tuple(dict.fromkeys(title.taken + body.taken))
    return Proposal(title.text, body.text, locale, ticket.category_id, taken)


def source_of(article: Article) -> int | None:
    """Return the number of the ticket an article was made of, if it is still there."""
    rows = query(
        "SELECT number FROM ticket WHERE site_id = ? AND id = ?",
        article.site_id, article.ticket_id,
    )  # fmt: skip
    return int(rows[0][0]) if rows else None


def _answer(ticket: Ticket, message_id: str) -> Message:
    found = fetch(
        Message,
        "site_id = ? AND id = ? AND ticket_id = ? AND author = 'agent' AND internal_at IS NULL",
        ticket.site_id, message_id, ticket.id,
    )  # fmt: skip
    if not found:
        raise NotFound("No such answer.")
    return found[0]


def _names(ticket: Ticket) -> list[str | None]:
    """Return how the people of a conversation are called."""
    own = (ticket.site_id, ticket.id)
    authors = query(
        "SELECT DISTINCT author_name FROM message WHERE site_id = ? AND ticket_id = ?", *own
    )
    (person,) = fetch(Requester, "site_id = ? AND id = ?", ticket.site_id, ticket.requester_id)
    return [person.name, person.email, ticket.email, *(row[0] for row in authors)]


def _told(fields: Any) -> list[str]:
    """Return what was answered to a form's questions, if it can be of one person only."""
    answers = fields.values() if isinstance(fields, dict) else []
    return [each for each in answers if isinstance(each, str) and any(map(str.isdigit, each))]


def _public(settings: dict[str, Any]) -> list[str | None]:
    channels = [channel.get("value") for channel in settings["channels"]]
    return [settings["contact"]["email"], settings["mail"]["address"], *channels]
