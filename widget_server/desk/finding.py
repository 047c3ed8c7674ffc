"""The search of the console: words, and operators that narrow them.

``from:ada site:shop category:billing is:open has:file refund``. Whatever is asked, at most
:data:`DEPTH` entries of an index are looked at.
"""

import json
import re
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from ..clock import stamp
from ..database import query
from ..sites import reach
from ..sites import service as sites
from ..tickets import inbox, labels, search
from ..tickets.inbox import FOUND, OPEN, Row
from ..tickets.search import DEPTH, Walk, fold
from ..tickets.states import COMPLETED, IN_PROGRESS, STATES, WAITING
from . import candidates
from .candidates import Hit

OPERATORS = ("from", "site", "category", "is", "has", "tag", "priority")

#: Entries looked at for words alone: nothing narrows them further, and a page is soon full.
SHALLOW = 500

#: Candidates whose requester is compared by name, which no index folds.
COMPARED = 500

IS = {
    "open": "t.completed_at IS NULL",
    "waiting": f"t.state = '{WAITING}'",
    "in_progress": f"t.state = '{IN_PROGRESS}'",
    "completed": f"t.state = '{COMPLETED}'",
    "unread": "t.agent_unread_since IS NOT NULL",
    "unassigned": "t.assignee_id IS NULL AND t.completed_at IS NULL",
    "mine": "t.assignee_id = :agent",
    "late": "t.due_at < :now",
    "snoozed": "t.snoozed_until IS NOT NULL",
    "mentioned": "EXISTS (SELECT 1 FROM mention m WHERE m.site_id = t.site_id"
    " AND m.ticket_id = t.id AND m.agent_id = :agent)",
}
#: Asked of a candidate before its ticket is looked up. With a limit it is asked of each by itself:
#: PostgreSQL would rather read all notes there are and join them.
HAS = {
    "file": "EXISTS (SELECT 1 FROM attachment f WHERE f.site_id = hit.site_id"
    " AND f.ticket_id = hit.ticket_id LIMIT 1 OFFSET 0)",
    "note": "EXISTS (SELECT 1 FROM message n WHERE n.site_id = hit.site_id"
    " AND n.ticket_id = hit.ticket_id AND n.internal_at IS NOT NULL LIMIT 1 OFFSET 0)",
    "draft": "EXISTS (SELECT 1 FROM draft d WHERE d.site_id = hit.site_id"
    " AND d.ticket_id = hit.ticket_id AND d.agent_id = :agent LIMIT 1 OFFSET 0)",
}


TAGGED = (
    "EXISTS (SELECT 1 FROM ticket_tag g WHERE g.site_id = t.site_id AND g.ticket_id = t.id"
    " AND g.tag = ?)"
)


@dataclass(slots=True)
class Asked:
    """A search taken apart: bare words, and what each operator was given."""

    words: str = ""
    given: dict[str, list[str]] = field(default_factory=dict)


def read(text: str) -> Asked:
    """Take a search apart; an operator we do not know is a word like any other."""
    asked, words = Asked(), []
    for name, quoted, plain, word in re.findall(r'(\w+):(?:"([^"]*)"|(\S+))|(\S+)', text):
        value = (quoted or plain).strip()
        if name.lower() in OPERATORS and value:
            asked.given.setdefault(name.lower(), []).append(value)
        else:
            words.append(word or f"{name}:{value}")
    asked.words = " ".join(words)
    return asked


def find(text: str, agent_id: int, site_id: int | None = None) -> list[Row]:
    """Return what a search finds, the latest first."""
    asked = read(text)
    if not asked.given and not re.search(r"\w", asked.words):
        return []
    deep = DEPTH if asked.given else SHALLOW
    terms, params = _terms(asked, agent_id, site_id)
    people = [fold(value) for value in asked.given.get("from", [])]
    hits = [
        hit
        for walk in _walks(asked, deep, agent_id, site_id)
        for hit in _walked(walk, deep, terms, params, people)
    ]
    hits.sort(key=lambda hit: (hit[2], hit[1]), reverse=True)
    return _rows([(site, ticket) for site, ticket, *_ in hits[:FOUND]])


def _walked(
    walk: Walk, deep: int, terms: list[str], params: list[Any], people: list[str]
) -> list[Hit]:
    """Return the latest of a walk's candidates that satisfy everything, :data:`FOUND` at most.

    Most searches fill their page with what a short walk comes by; longer ones are for the others.
    """
    found: list[Hit] = []
    most = COMPARED if people else FOUND
    hits = candidates.satisfying(walk, deep, terms, params, most=most, who=bool(people))
    for hit in islice(hits, most):
        *key, name, email = hit if people else (*hit, None, None)
        if _is_from(f"{name or ''} {email or ''}", people):
            found.append((*key,))
        if len(found) == FOUND:
            break
    return found


def _rows(keys: list[tuple[int, str]]) -> list[Row]:
    """Return the rows of tickets in the order they are named.

    What a line shows is looked up for the lines alone, not for everything that matches.
    """
    if not keys:
        return []
    rows = inbox.rows_of(
        f"WITH page (site_id, id) AS (VALUES {', '.join(['(?, ?)'] * len(keys))})"
        f" {inbox.COLUMNS} page JOIN ticket t ON t.site_id = page.site_id AND t.id = page.id"
        f"{inbox.JOINS}",
        *chain.from_iterable(keys),
    )
    place = {key: nth for nth, key in enumerate(keys)}
    return sorted(rows, key=lambda row: place[row.site_id, row.id])


def _walks(asked: Asked, deep: int, agent_id: int, site_id: int | None) -> list[Walk]:
    """Return where to look: the words' entries, else the latest tickets."""
    # Who wrote stands in the entries too, so a name alone is found by them.
    words = asked.words or " ".join(asked.given.get("from", []))
    entries = search.walk(words, deep)
    if entries is not None:
        return [entries]
    if asked.given.get("tag"):
        place, places = reach.among("site_id", site_id)
        tag = labels.tidy(asked.given["tag"][0])
        return [
            Walk(
                "SELECT site_id, ticket_id, ticket_id AS place FROM ticket_tag"
                f" WHERE {{below}}tag = ?{place} ORDER BY ticket_id DESC LIMIT ?",
                [tag, *places],
                "ticket_id < ?",
                stops=True,
            )
        ]
    asked_is = {fold(each).replace("-", "_") for each in asked.given.get("is", [])}
    if "mentioned" in asked_is:
        return [
            Walk(
                "SELECT site_id, ticket_id, at AS place FROM mention WHERE {below}agent_id = ?"
                " ORDER BY at DESC LIMIT ?",
                [agent_id],
                "at < ?",
                stops=True,
            )
        ]
    return [
        Walk(
            f"SELECT site_id, id AS ticket_id, {column} AS place FROM ticket"
            f" WHERE {{below}}{term} ORDER BY {column} DESC, id DESC LIMIT ?",
            params,
            f"({column}, id) < (?, ?)",
            # What a ticket has says nothing of when it changed: one walk, as long as it may be.
            stops="has" not in asked.given,
        )
        for term, column, params in _indexed(asked, asked_is, agent_id, site_id)
    ]


def _indexed(
    asked: Asked, asked_is: set[str], agent_id: int, site_id: int | None
) -> list[tuple[str, str, list[Any]]]:
    """Return the parts of the tickets to walk, each as its term, its order and its parameters.

    Each follows an index from its end: what is rare is found behind what is frequent.
    """
    if "late" in asked_is:
        return [("due_at < ?", "due_at", [stamp()])]
    if "snoozed" in asked_is:
        return [("snoozed_until IS NOT NULL", "snoozed_until", [])]
    states = asked_is & set(STATES) or set(OPEN if asked_is & {"open", "unassigned"} else ())
    if states:
        whose, params = "", list[Any]()
        if "unassigned" in asked_is:
            whose = " AND completed_at IS NULL AND assignee_id IS NULL"
        elif "mine" in asked_is and COMPLETED not in states:
            whose, params = " AND completed_at IS NULL AND assignee_id = ?", [agent_id]
        return [(f"state = ?{whose}", "updated_at", [state, *params]) for state in sorted(states)]
    urgency = {fold(each) for each in asked.given.get("priority", [])} & set(labels.PRIORITIES)
    if urgency - {labels.NORMAL}:
        return [
            ("priority = ? AND priority <> 'normal'", "updated_at", [each])
            for each in sorted(urgency - {labels.NORMAL})
        ]
    places = [one for one in reach.each(site_id) if one is not None]
    return [("site_id = ?", "updated_at", [one]) for one in places] or [("1 = 1", "updated_at", [])]


def _terms(asked: Asked, agent_id: int, site_id: int | None) -> tuple[list[str], list[Any]]:
    terms, params = ["t.held_at IS NULL", "t.merged_into IS NULL"], list[Any]()
    places, ids = reach.among("+t.site_id", site_id)
    terms[-1] += places
    params += ids
    for name in asked.given.get("site", []):
        ids = [each.id for each in sites.all_sites() if _called(name, each.key, each.name)]
        terms.append(_among("+t.site_id", ids))
        params += ids
    for name in asked.given.get("category", []):
        pairs = [
            (owner, category)
            for owner, category, texts in query("SELECT site_id, id, name FROM category")
            if _called(name, category, *json.loads(texts).values())
        ]
        # The plus keeps to what was found; an index of the site would lead through all of it.
        one = "(+t.site_id = ? AND t.category_id = ?)"
        terms.append(f"({' OR '.join([one] * len(pairs))})" if pairs else "1 = 0")
        params += [value for pair in pairs for value in pair]
    for name in asked.given.get("tag", []):
        terms.append(TAGGED)
        params.append(labels.tidy(name))
    if asked.given.get("priority"):
        wanted = [fold(each) for each in asked.given["priority"]]
        terms.append(_among("t.priority", wanted))
        params += wanted
    for name, known in (("is", IS), ("has", HAS)):
        for value in asked.given.get(name, []):
            term = known.get(fold(value).replace("-", "_"), "1 = 0")
            params += [agent_id] * term.count(":agent") + [stamp()] * term.count(":now")
            terms.append(re.sub(r":(agent|now)", "?", term))
    return terms, params


def _among(column: str, values: list[Any]) -> str:
    return f"{column} IN ({', '.join('?' * len(values))})" if values else "1 = 0"


def _called(name: str, key: str, *names: str) -> bool:
    wanted = fold(name)
    return wanted == fold(key) or any(wanted in fold(each) for each in names)


def _is_from(who: str, people: list[str]) -> bool:
    return not people or all(each in fold(who) for each in people)
