"""The search of the console: words, and operators that narrow them.

``from:ada site:shop category:billing is:open has:file refund``. Whatever is asked, at most
:data:`DEPTH` entries of an index are looked at.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from ..clock import stamp
from ..database import query
from ..sites import reach
from ..sites import service as sites
from ..tickets import inbox, labels, search
from ..tickets.inbox import FOUND, OPEN, Row
from ..tickets.search import DEPTH, fold
from ..tickets.states import COMPLETED, IN_PROGRESS, STATES, WAITING

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
HAS = {
    "file": "EXISTS (SELECT 1 FROM attachment f WHERE f.site_id = t.site_id"
    " AND f.ticket_id = t.id)",
    "note": "EXISTS (SELECT 1 FROM message n WHERE n.site_id = t.site_id AND n.ticket_id = t.id"
    " AND n.internal_at IS NOT NULL)",
    "draft": "EXISTS (SELECT 1 FROM draft d WHERE d.site_id = t.site_id AND d.ticket_id = t.id"
    " AND d.agent_id = :agent)",
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
    terms, params = _terms(asked, agent_id, site_id)
    source, given = _source(asked, agent_id, site_id)
    people = [fold(value) for value in asked.given.get("from", [])]
    # What a line shows is looked up for the lines alone, not for everything that matches.
    sql = (
        f"{inbox.COLUMNS} (SELECT hit.site_id, hit.ticket_id, hit.place FROM {source} hit"
        " JOIN ticket t ON t.site_id = hit.site_id AND t.id = hit.ticket_id"
        f" WHERE {' AND '.join(terms)} ORDER BY hit.place DESC LIMIT ?) page"
        " JOIN ticket t ON t.site_id = page.site_id AND t.id = page.ticket_id"
        f"{inbox.JOINS} ORDER BY page.place DESC"
    )
    rows = inbox.rows_of(sql, *given, *params, COMPARED if people else FOUND)
    if people:
        rows = [row for row in rows if _is_from(row, people)]
    return rows[:FOUND]


def _source(asked: Asked, agent_id: int, site_id: int | None) -> tuple[str, list[Any]]:
    """Return where to look: the words' entries, else the latest tickets."""
    # Who wrote stands in the entries too, so a name alone is found by them.
    words = asked.words or " ".join(asked.given.get("from", []))
    matching = search.matching(words, DEPTH if asked.given else SHALLOW)
    if matching is not None:
        sql, params = matching
        return (
            f"(SELECT site_id, ticket_id, max(place) AS place FROM ({sql}) entry"
            " GROUP BY site_id, ticket_id)",
            params,
        )
    if asked.given.get("tag"):
        place, places = reach.among("site_id", site_id)
        return (
            "(SELECT site_id, ticket_id, ticket_id AS place FROM ticket_tag"
            f" WHERE tag = ?{place} ORDER BY ticket_id DESC LIMIT {DEPTH})",
            [labels.tidy(asked.given["tag"][0]), *places],
        )
    asked_is = {fold(each).replace("-", "_") for each in asked.given.get("is", [])}
    if "mentioned" in asked_is:
        return (
            "(SELECT site_id, ticket_id, at AS place FROM mention WHERE agent_id = ?"
            f" ORDER BY at DESC LIMIT {DEPTH})",
            [agent_id],
        )
    states = asked_is & set(STATES) or set(OPEN if asked_is & {"open", "unassigned"} else ())
    # Each part walks an index from its end: what is rare is found behind what is frequent.
    walks: list[tuple[str, str, list[Any]]] = [
        ("state = ?", "updated_at", [state]) for state in sorted(states)
    ]
    if "late" in asked_is:
        walks = [("due_at < ?", "due_at", [stamp()])]
    elif "snoozed" in asked_is:
        walks = [("snoozed_until IS NOT NULL", "snoozed_until", [])]
    urgency = {fold(each) for each in asked.given.get("priority", [])} - {labels.NORMAL}
    if urgency & set(labels.PRIORITIES) and not walks:
        walks = [
            ("priority = ? AND priority <> 'normal'", "updated_at", [each])
            for each in sorted(urgency & set(labels.PRIORITIES))
        ]
    if not walks:
        places = [one for one in reach.each(site_id) if one is not None]
        walks = [("site_id = ?", "updated_at", [one]) for one in places]
    parts = [
        f"SELECT * FROM (SELECT site_id, id AS ticket_id, {column} AS place FROM ticket"
        f" WHERE {term} ORDER BY {column} DESC, id DESC LIMIT {DEPTH}) part_{number}"
        for number, (term, column, _) in enumerate(walks or [("1 = 1", "updated_at", [])])
    ]
    return f"({' UNION ALL '.join(parts)})", [value for *_, values in walks for value in values]


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


def _is_from(row: Row, people: list[str]) -> bool:
    known = fold(f"{row.requester_name or ''} {row.email or ''}")
    return all(each in known for each in people)
