"""Saved replies: texts that are sent often, with places for what differs."""

import re

from ..clock import stamp
from ..database import execute, fetch, insert
from ..errors import Invalid, NotFound
from ..ids import new_id
from ..sites import reach
from ..tickets.models import Ticket
from .models import SavedReply

#: The places a text may have, ``{name}`` in it.
PLACES = ("name", "first_name", "number", "title", "site", "agent")

NAME, BODY, MOST = 60, 10_000, 500


def offered(site_id: int) -> list[SavedReply]:
    """Return what can be used on a site: its own and those for all."""
    return fetch(SavedReply, "site_id = ? OR site_id IS NULL ORDER BY name, id", site_id)


def all_replies() -> list[SavedReply]:
    """Return the saved replies for all sites and for those within reach."""
    found = fetch(SavedReply, "1 = 1 ORDER BY name, id")
    return [reply for reply in found if reply.site_id is None or reach.within(reply.site_id)]


def find(reply_id: str) -> SavedReply:
    found = fetch(SavedReply, "id = ?", reply_id)
    if not found or not (found[0].site_id is None or reach.within(found[0].site_id)):
        raise NotFound("No such saved reply.")
    return found[0]


def save(reply_id: str | None, *, name: str, body: str, site_id: int | None) -> str:
    """Write a saved reply and return its id. Raises :exc:`Invalid` or :exc:`NotFound`."""
    wrong = {
        field: [f"Write 1 to {most} characters."]
        for field, text, most in (("name", name, NAME), ("body", body, BODY))
        if not 0 < len(text) <= most
    }
    if wrong:
        raise Invalid(fields=wrong)
    if reply_id is not None:
        find(reply_id)
        execute(
            "UPDATE saved_reply SET name = ?, body = ?, site_id = ?, updated_at = ? WHERE id = ?",
            name, body, site_id, stamp(), reply_id,
        )  # fmt: skip
        return reply_id
    if len(all_replies()) >= MOST:
        raise Invalid(fields={"name": [f"At most {MOST} saved replies."]})
    reply_id, now = new_id(), stamp()
    insert(
        SavedReply,
        id=reply_id,
        site_id=site_id,
        name=name,
        body=body,
        created_at=now,
        updated_at=now,
    )
    return reply_id


def remove(reply_id: str) -> SavedReply:
    """Remove a saved reply and return what it was, so that it can be put back."""
    reply = find(reply_id)
    execute("DELETE FROM saved_reply WHERE id = ?", reply_id)
    return reply


def filled(body: str, ticket: Ticket, *, name: str, site: str, agent: str) -> str:
    """Return a text with its places filled; a place nobody knows stays as it is."""
    values = {
        "name": name,
        "first_name": name.split("@")[0].split(" ")[0],
        "number": f"#{ticket.number}",
        "title": ticket.title,
        "site": site,
        "agent": agent,
    }
    return re.sub(r"\{(\w+)\}", lambda place: values.get(place[1], place[0]), body)
