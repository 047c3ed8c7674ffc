"""The rehearsal: what a rule would have done to the last hundred tickets. Changes nothing."""

from dataclasses import dataclass
from typing import Any

from ..database import fetch, query
from ..sites import service as sites
from ..tickets.models import Message, Ticket
from . import acting, grammar, matching
from .models import Rule
from .running import message_of

#: Tickets that are looked at.
LOOKED_AT = 100

#: Occasions that leave an event of their own in a ticket's history.
RECORDED = {grammar.PAID: "paid", grammar.RATED: "rated"}


@dataclass(frozen=True, slots=True)
class Scene:
    """A ticket a rule would act on, and each act with whether it would change anything."""

    ticket: Ticket
    acts: tuple[tuple[dict[str, Any], bool], ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """``looked_at`` tickets, on ``happened`` of which the occasion came about, and the matches."""

    looked_at: int
    happened: int
    scenes: tuple[Scene, ...]


def rehearse(rule: Rule) -> Rehearsal:
    """Return what would have come of a rule, by the tickets as they are now."""
    tickets, happened, scenes = _latest(), 0, []
    for ticket in tickets:
        came, message = _occasion(rule.occasion, ticket)
        if not came:
            continue
        happened += 1
        if matching.matches(rule, matching.facts_of(ticket, message)):
            acts = tuple((act, not acting.idle(ticket, act, rule.acts)) for act in rule.acts)
            scenes.append(Scene(ticket, acts))
    return Rehearsal(len(tickets), happened, tuple(scenes))


def _latest() -> list[Ticket]:
    """Return the newest tickets of all sites; ids are in the order they were made."""
    found = [
        ticket
        for site in sites.all_sites()
        for ticket in fetch(
            Ticket,
            "site_id = ? AND held_at IS NULL AND merged_into IS NULL ORDER BY id DESC LIMIT ?",
            site.id, LOOKED_AT,
        )
    ]  # fmt: skip
    return sorted(found, key=lambda ticket: str(ticket.id), reverse=True)[:LOOKED_AT]


def _occasion(occasion: str, ticket: Ticket) -> tuple[bool, Message | None]:
    """Did it come about on a ticket, and with which message at hand?"""
    first = message_of(ticket, None)
    match occasion:
        case "opened":
            return True, first
        case "closed":
            return ticket.completed_at is not None, first
        case "soon_late":
            return ticket.due_told is not None, first
        case "late":
            return ticket.due_told == "late", first
        case "requester_replied" | "agent_replied":
            said = _last(ticket, "requester" if occasion == "requester_replied" else "agent")
            came = said is not None and (first is None or said.id != first.id)
            return came, said
    own = (ticket.site_id, ticket.id, RECORDED[occasion])
    rows = query(
        "SELECT 1 FROM event WHERE site_id = ? AND ticket_id = ? AND kind = ? LIMIT 1", *own
    )
    return bool(rows), first


def _last(ticket: Ticket, author: str) -> Message | None:
    found = fetch(
        Message,
        "site_id = ? AND ticket_id = ? AND author = ? AND internal_at IS NULL"
        " AND author_id NOT LIKE ? ORDER BY sent_at DESC, id DESC LIMIT 1",
        ticket.site_id, ticket.id, author, "rule:%",
    )  # fmt: skip
    return found[0] if found else None
