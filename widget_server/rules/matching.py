"""Is a ticket of the kind a rule is about? Knows rows, changes none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..database import fetch
from ..identity.models import Requester
from ..sites.service import site_of
from ..tickets.models import Message, Ticket
from ..tickets.search import fold
from . import grammar
from .models import Rule


@dataclass(frozen=True, slots=True)
class Facts:
    """What conditions are compared with. ``text``: title and the message at hand, folded."""

    site: str
    category: str
    text: str
    email: str
    priority: str
    tags: tuple[str, ...]
    identified: bool


def facts_of(ticket: Ticket, message: Message | None) -> Facts:
    requester = fetch(Requester, "site_id = ? AND id = ?", ticket.site_id, ticket.requester_id)
    person = requester[0] if requester else None
    site = site_of(ticket.site_id).key
    return Facts(
        site=site,
        category=f"{site}/{ticket.category_id}",
        text=fold(f"{ticket.title}\n{message.body if message else ''}"),
        email=(ticket.email or (person.email if person else None) or "").lower(),
        priority=ticket.priority,
        tags=tuple(ticket.tags),
        identified=person is not None and person.sub is not None,
    )


def matches(rule: Rule, facts: Facts) -> bool:
    """Without conditions a rule is about everything."""
    if not rule.conditions:
        return True
    found = (holds(each, facts) for each in rule.conditions)
    return all(found) if rule.match == grammar.ALL else any(found)


def holds(condition: Mapping[str, Any], facts: Facts) -> bool:
    return _is(condition["field"], condition["value"], facts) != condition["not"]


def _is(field: str, value: str, facts: Facts) -> bool:
    match field:
        case "site":
            return facts.site == value
        case "category":
            return facts.category == value
        case "text":
            return fold(value) in " ".join(facts.text.split())
        case "requester":
            return _from(value, facts.email)
        case "priority":
            return facts.priority == value
        case "tag":
            return value in facts.tags
        case _:
            return facts.identified


def _from(value: str, email: str) -> bool:
    """Is it this address, or one of this domain or below?"""
    name, _, domain = value.rpartition("@")
    if name:
        return email == value
    host = email.rpartition("@")[2]
    return host == domain or host.endswith(f".{domain}")
