"""Tags and priority: how agents sort what they were asked. Requesters never see either."""

import re
import unicodedata
from collections.abc import Iterable

from ..clock import stamp
from ..database import execute, query, transaction
from ..errors import Invalid
from . import ledger
from .ledger import Actor
from .models import Ticket

LOW, NORMAL, HIGH, URGENT = "low", "normal", "high", "urgent"
PRIORITIES = (LOW, NORMAL, HIGH, URGENT)

#: Characters of a tag, tags of a ticket, different tags of a site.
LONGEST, MOST, OF_SITE = 30, 20, 500


def tidy(text: str) -> str:
    """Return a tag as it is kept: lower case, dashes for spaces, letters and digits only."""
    folded = unicodedata.normalize("NFC", text).casefold().strip().lstrip("#")
    return re.sub(r"[^\w]+", "-", folded, flags=re.UNICODE).replace("_", "-").strip("-")


def tidied(texts: Iterable[str]) -> list[str]:
    """Return tags as they are kept, each once. Raises :exc:`Invalid`."""
    tags = [tag for tag in dict.fromkeys(map(tidy, texts)) if tag]
    if any(len(tag) > LONGEST for tag in tags):
        raise Invalid(fields={"tags": [f"A tag has at most {LONGEST} characters."]})
    if len(tags) > MOST:
        raise Invalid(fields={"tags": [f"A ticket has at most {MOST} tags."]})
    return sorted(tags)


def of_site(site_id: int) -> list[str]:
    """Return the tags in use on a site."""
    return [
        row[0] for row in query("SELECT name FROM tag WHERE site_id = ? ORDER BY name", site_id)
    ]


def set_tags(ticket: Ticket, actor: Actor, texts: Iterable[str]) -> None:
    """Replace a ticket's tags."""
    tags = tidied(texts)
    with transaction():
        ticket = ledger.locked(ticket)
        added = [tag for tag in tags if tag not in ticket.tags]
        removed = [tag for tag in ticket.tags if tag not in tags]
        if not added and not removed:
            return
        _know(ticket.site_id, added)
        own = (ticket.site_id, ticket.id)
        for tag in removed:
            execute(
                "DELETE FROM ticket_tag WHERE site_id = ? AND ticket_id = ? AND tag = ?", *own, tag
            )
        for tag in added:
            execute("INSERT INTO ticket_tag (site_id, ticket_id, tag) VALUES (?, ?, ?)", *own, tag)
        ticket.tags = tags
        ticket.save()
        data = {"added": added, "removed": removed}
        ledger.record(ticket, actor, "tagged", internal=True, data=data)


def add_tags(ticket: Ticket, actor: Actor, texts: Iterable[str]) -> None:
    """Give a ticket more tags, those it has included."""
    with transaction():
        ticket = ledger.locked(ticket)
        set_tags(ticket, actor, [*ticket.tags, *texts])


def set_priority(ticket: Ticket, actor: Actor, priority: str) -> None:
    if priority not in PRIORITIES:
        raise Invalid(fields={"priority": [f"One of {', '.join(PRIORITIES)}."]})
    with transaction():
        ticket = ledger.locked(ticket)
        if ticket.priority == priority:
            return
        data = {"from": ticket.priority, "to": priority}
        ticket.priority = priority
        ticket.save()
        ledger.record(ticket, actor, "priority", internal=True, data=data)


def _know(site_id: int, tags: list[str]) -> None:
    """Note that a site uses these; a slip of a program must not make thousands."""
    known = set(of_site(site_id)) if tags else set()
    fresh = [tag for tag in tags if tag not in known]
    if fresh and len(known) + len(fresh) > OF_SITE:
        raise Invalid(fields={"tags": [f"A site has at most {OF_SITE} different tags."]})
    for tag in fresh:
        execute(
            "INSERT INTO tag (site_id, name, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            site_id, tag, stamp(),
        )  # fmt: skip
