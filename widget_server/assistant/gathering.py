"""Keeps the index as the articles and solved tickets are, and what was shown with whom it was
shown to, in their own transactions.
"""

import re
from typing import Any
from urllib.parse import unquote

from ..articles import events as article_events
from ..articles.models import Article
from ..database import execute, fetch, query
from ..identity.events import on_retirement
from ..identity.models import Requester
from ..jobs import handler
from ..text import to_words
from ..tickets import events as ticket_events
from ..tickets.models import Ticket
from ..tickets.states import COMPLETED
from . import index, meaning, outcomes
from .index import ANSWERS, SOLVED, Text

#: Messages of a requester that say what the matter was.
ASKED = 3

#: Articles or tickets read at a time when an index is built anew.
BATCH = 200

_PLACE = re.compile(r"/help/([0-9A-Za-z_-]+)/([a-z]{2})/([a-z0-9-]+)")


def shelve(article: Article) -> None:
    """Index an article as it is now, with the titles of its translations."""
    titles = query(
        "SELECT title FROM article WHERE site_id = ? AND topic = ? AND id <> ?"
        " AND published_at IS NOT NULL AND removed_at IS NULL ORDER BY locale",
        article.site_id, article.topic, article.id,
    )  # fmt: skip
    tags = " ".join(article.tags)
    text = Text(
        ref=article.id,
        locale=article.locale,
        titles=[article.title, *(title for (title,) in titles)],
        body=f"{tags}\n{tags}\n{to_words(article.body)}",
    )
    index.put(article.site_id, ANSWERS, text)


@article_events.listen
def on_article(kind: str, article: Article) -> None:
    if kind == "saved" and not article.is_public:
        return
    meaning.keep(article)
    if article.is_public:
        shelve(article)
    else:
        index.drop(article.site_id, ANSWERS, article.id)
    siblings = "site_id = ? AND topic = ? AND id <> ? AND published_at IS NOT NULL"
    own = (article.site_id, article.topic, article.id)
    for sibling in fetch(Article, f"{siblings} AND removed_at IS NULL", *own):
        shelve(sibling)


@ticket_events.listen
def on_ticket(kind: str, ticket: Ticket, **_: Any) -> None:
    if kind == "reopened":
        index.drop(ticket.site_id, SOLVED, ticket.id)
    elif kind in ("closed", "moved") and ticket.state == COMPLETED:
        learn(ticket)


def learn(ticket: Ticket) -> None:
    """Let a solved ticket vote for the articles its answers linked; without any it has no vote."""
    own = (ticket.site_id, ticket.id)
    said = query(
        "SELECT author, body FROM message WHERE site_id = ? AND ticket_id = ?"
        " AND internal_at IS NULL ORDER BY sent_at, id",
        *own,
    )
    linked = [ref for author, body in said if author == "agent" for ref in links(body)]
    if not linked:
        return
    asked = [body for author, body in said if author == "requester"][:ASKED]
    text = Text(ticket.id, "", [ticket.title], "\n".join(asked), list(dict.fromkeys(linked)))
    index.put(ticket.site_id, SOLVED, text)


def links(body: str) -> list[str]:
    """Return the ids of the articles whose help pages a text links, of any site."""
    found = []
    for key, locale, slug in _PLACE.findall(unquote(body)):
        rows = query(
            "SELECT a.id FROM article a JOIN site s ON s.id = a.site_id WHERE s.key = ?"
            " AND a.locale = ? AND a.slug = ? AND a.removed_at IS NULL",
            key, locale, slug,
        )  # fmt: skip
        found += [row[0] for row in rows]
    return found


@handler("assistant.rebuild")
def rebuild(site_id: int) -> None:
    """Build a site's index anew: after an upgrade that counts otherwise."""
    index.clear(site_id)
    outcomes.teach_again(site_id)
    last = ""
    while True:
        some = fetch(
            Article,
            "site_id = ? AND id > ? AND published_at IS NOT NULL AND removed_at IS NULL"
            f" ORDER BY id LIMIT {BATCH}",
            site_id, last,
        )  # fmt: skip
        if not some:
            break
        for article in some:
            shelve(article)
        last = some[-1].id
    last = ""
    while True:
        solved = fetch(
            Ticket,
            f"site_id = ? AND id > ? AND state = 'completed' ORDER BY id LIMIT {BATCH}",
            site_id, last,
        )  # fmt: skip
        if not solved:
            return
        for ticket in solved:
            learn(ticket)
        last = solved[-1].id


@on_retirement
def follow(requester: Requester, former: str) -> None:
    """Let what a visitor was shown be theirs as whom they are known now."""
    execute(
        "UPDATE suggestion_showing SET visitor = ? WHERE site_id = ? AND visitor = ?",
        requester.id, requester.site_id, former,
    )  # fmt: skip
