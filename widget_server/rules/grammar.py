"""What a rule can say. Conditions: ``{"field", "not", "value"}``; acts: ``{"act", "value"}``."""

from collections.abc import Mapping
from typing import Any

from ..agents import service as agents
from ..agents import teams
from ..database import query
from ..desk import replies
from ..errors import Invalid, NotFound
from ..tickets.labels import LONGEST, PRIORITIES, tidy
from ..webhooks import service as webhooks
from ..wire import UNUSABLE

OPENED, REQUESTER_REPLIED, AGENT_REPLIED = "opened", "requester_replied", "agent_replied"
SOON_LATE, LATE, PAID, CLOSED, RATED = "soon_late", "late", "paid", "closed", "rated"
OCCASIONS = (
    OPENED, REQUESTER_REPLIED, AGENT_REPLIED, SOON_LATE, LATE, PAID, CLOSED, RATED,
)  # fmt: skip

ALL, ANY = "all", "any"
MATCHES = (ALL, ANY)

SITE, CATEGORY, TEXT, REQUESTER = "site", "category", "text", "requester"
PRIORITY, TAG, IDENTIFIED = "priority", "tag", "identified"
FIELDS = (SITE, CATEGORY, TEXT, REQUESTER, PRIORITY, TAG, IDENTIFIED)

ASSIGN, ADD_TAG, SET_PRIORITY = "assign", "tag", "priority"
REPLY, NOTE, NOTIFY, WEBHOOK = "reply", "note", "notify", "webhook"
ACTS = (ASSIGN, ADD_TAG, SET_PRIORITY, REPLY, NOTE, NOTIFY, WEBHOOK)

#: Whoever has the ticket.
ASSIGNEE = "assignee"

#: Rules, conditions and acts of one; characters of a name, of a condition's text and of a note.
MOST, CONDITIONS, MOST_ACTS = 50, 10, 8
NAME, TEXT_LENGTH, NOTE_LENGTH = 60, 200, 2_000


def check(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule's name, occasion, match, conditions and acts as they are kept.

    Raises :exc:`Invalid` naming what is wrong: ``conditions.1``, ``acts.0`` …
    """
    faults: dict[str, list[str]] = {}
    name = " ".join(str(given["name"]).split())
    if not 0 < len(name) <= NAME or UNUSABLE.search(name):
        faults["name"] = [f"Write 1 to {NAME} characters."]
    for field, known in (("occasion", OCCASIONS), ("match", MATCHES)):
        if given[field] not in known:
            faults[field] = [f"One of {', '.join(known)}."]
    conditions = _each(given["conditions"], "conditions", CONDITIONS, _condition, faults)
    acts = _each(given["acts"], "acts", MOST_ACTS, _act, faults)
    if not given["acts"]:
        faults["acts"] = ["Say what is to be done."]
    if faults:
        raise Invalid(fields=faults)
    kept = {"occasion": given["occasion"], "match": given["match"]}
    return {"name": name, **kept, "conditions": conditions, "acts": acts}


def _each(given: Any, name: str, most: int, read: Any, faults: dict[str, list[str]]) -> list[Any]:
    if len(given) > most:
        faults[name] = [f"At most {most}."]
        return []
    kept = []
    for number, each in enumerate(given):
        try:
            kept.append(read(each))
        except ValueError as error:
            faults[f"{name}.{number}"] = [str(error)]
    return kept


def _condition(given: Mapping[str, Any]) -> dict[str, Any]:
    field, value = given["field"], _tidied(str(given.get("value") or ""), TEXT_LENGTH)
    match field:
        case "site":
            _known(value, {key for (key,) in query("SELECT key FROM site")}, "No such site.")
        case "category":
            rows = query("SELECT s.key, c.id FROM category c JOIN site s ON s.id = c.site_id")
            _known(value, {f"{key}/{category}" for key, category in rows}, "No such category.")
        case "priority":
            _known(value, PRIORITIES, f"One of {', '.join(PRIORITIES)}.")
        case "tag":
            value = _tag(value)
        case "identified":
            value = ""
        case "requester":
            value = value.lower()
            if "." not in value.rpartition("@")[2]:
                raise ValueError("Write an address, or a domain such as @example.com.")
        case "text":
            if not value:
                raise ValueError("Write what the text contains.")
        case _:
            raise ValueError(f"One of {', '.join(FIELDS)}.")
    return {"field": field, "not": bool(given.get("not")), "value": value}


def _act(given: Mapping[str, Any]) -> dict[str, Any]:
    act, value = given["act"], str(given.get("value") or "").strip()
    match act:
        case "assign":
            _somebody(value)
        case "notify":
            if value != ASSIGNEE:
                _somebody(value)
        case "tag":
            value = _tag(value)
        case "priority":
            _known(value, PRIORITIES, f"One of {', '.join(PRIORITIES)}.")
        case "reply":
            try:
                replies.find(value)
            except NotFound as error:
                raise ValueError("Pick a saved reply.") from error
        case "note":
            value = value.replace("\r\n", "\n")
            if not 0 < len(value) <= NOTE_LENGTH or UNUSABLE.search(value):
                raise ValueError(f"Write 1 to {NOTE_LENGTH} characters.")
        case "webhook":
            _known(value, {each.id for each in webhooks.everywhere()}, "Pick a webhook.")
        case _:
            raise ValueError(f"One of {', '.join(ACTS)}.")
    return {"act": act, "value": value}


def _somebody(value: str) -> None:
    """Check ``agent:3`` or ``team:2``."""
    known = {f"agent:{agent.id}" for agent in agents.all_agents()}
    known |= {f"team:{team['id']}" for team in teams.all_teams()}
    _known(value, known, "Pick an agent or a team.")


def _tag(value: str) -> str:
    tag = tidy(value)
    if not 0 < len(tag) <= LONGEST:
        raise ValueError(f"A tag has 1 to {LONGEST} letters and digits.")
    return tag


def _known(value: str, known: Any, fault: str) -> None:
    if value not in known:
        raise ValueError(fault)


def _tidied(text: str, most: int) -> str:
    text = " ".join(text.split())
    if len(text) > most or UNUSABLE.search(text):
        raise ValueError(f"At most {most} characters.")
    return text
