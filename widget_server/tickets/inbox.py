"""What agents read: the inbox of all sites, how much is open, one ticket whole.

Every query walks one of the inbox indexes and stops; none counts or sorts what is completed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from ..attachments import service as attachments
from ..attachments.models import Attachment
from ..clock import parse, stamp
from ..database import query
from ..errors import Invalid, NotFound
from ..sites import reach
from . import due
from .models import Event, Message, Ticket
from .states import COMPLETED, IN_PROGRESS, WAITING

OPEN = (WAITING, IN_PROGRESS)
PAGE = 40

#: Rows a living list may grow to; beyond it only the first so many stay fresh.
LONGEST = 400

#: Counting stops here: "more than 999" says enough.
COUNTED = 1_000

#: Tickets looked at for the number of unread ones: a new message moves its ticket to the front.
RECENT = 200

#: Tickets a search shows; one more word is quicker than another page.
FOUND = 50

EARLIER = 6

NOBODY = 0

COLUMNS = (
    "SELECT t.site_id, t.id, t.number, t.title, t.state, t.progress, t.updated_at,"
    " t.agent_unread_since, t.assignee_id, coalesce(t.email, r.email), r.name, c.name, s.key,"
    " s.name, s.settings, t.due_at, t.snoozed_until, t.priority, t.tags FROM"
)
JOINS = (
    " JOIN requester r ON r.site_id = t.site_id AND r.id = t.requester_id"
    " JOIN site s ON s.id = t.site_id"
    " LEFT JOIN category c ON c.site_id = t.site_id AND c.id = t.category_id"
)


@dataclass(frozen=True)
class View:
    """A part of the inbox: which states, whose (``NOBODY`` = unassigned), which site."""

    states: tuple[str, ...] = OPEN
    assignee: int | None = None
    site_id: int | None = None
    oldest_first: bool = False
    by_due: bool = False
    asleep: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox."""

    site_id: int
    id: str
    number: int
    title: str
    state: str
    progress: int
    updated_at: str
    unread_since: str | None
    assignee_id: int | None
    email: str | None
    requester_name: str | None
    category: dict[str, str] | None
    site_key: str
    site_name: str
    accent: str | None
    due_at: str | None
    snoozed_until: str | None
    priority: str
    tags: list[str]

    def cursor(self, by: str = "updated_at") -> str:
        return f"{getattr(self, by)}~{self.id}"


def rows(view: View, *, after: str | None = None, most: int = PAGE) -> tuple[list[Row], str | None]:
    """Return up to ``most`` rows and the cursor of the next page, if there is one."""
    if view.by_due or view.asleep:
        return _by_time("snoozed_until" if view.asleep else "due_at", view, after, most)
    order = "ASC" if view.oldest_first else "DESC"
    parts: list[str] = []
    params: list[Any] = []
    for state, site_id in product(view.states, reach.each(view.site_id)):
        where, values = _where(view, state, site_id, after)
        parts.append(
            f"SELECT * FROM (SELECT site_id, id FROM ticket WHERE {where}"
            f" ORDER BY updated_at {order}, id {order} LIMIT ?) part_{len(parts)}"
        )
        params += [*values, most + 1]
    sql = (
        f"{COLUMNS} ({' UNION ALL '.join(parts)}) page"
        f" JOIN ticket t ON t.site_id = page.site_id AND t.id = page.id{JOINS}"
        f" ORDER BY t.updated_at {order}, t.id {order} LIMIT ?"
    )
    found = rows_of(sql, *params, most + 1)
    return found[:most], found[most - 1].cursor() if len(found) > most else None


def _by_time(column: str, view: View, after: str | None, most: int) -> tuple[list[Row], str | None]:
    """Return who was promised an answer, or what sleeps: the next first."""
    # The plus keeps to the index that has the order.
    places, sites = reach.among("+site_id", view.site_id)
    terms, values = [f"{column} IS NOT NULL", f"held_at IS NULL{places}"], list[Any](sites)
    if after is not None:
        terms.append(f"({column}, id) > (?, ?)")
        values += _position(after)
    sql = (
        f"{COLUMNS} (SELECT site_id, id FROM ticket WHERE {' AND '.join(terms)}"
        f" ORDER BY {column}, id LIMIT ?) page"
        f" JOIN ticket t ON t.site_id = page.site_id AND t.id = page.id{JOINS}"
        f" ORDER BY t.{column}, t.id LIMIT ?"
    )
    found = rows_of(sql, *values, most + 1, most + 1)
    more = found[most - 1].cursor(column) if len(found) > most else None
    return found[:most], more


def _where(view: View, state: str, site_id: int | None, after: str | None) -> tuple[str, list[Any]]:
    # Held: its address is not proven yet, and the site shows agents only what is.
    terms: list[str] = ["state = ?", "held_at IS NULL", "snoozed_until IS NULL"]
    terms += ["merged_into IS NULL"] if state == COMPLETED else []
    values: list[Any] = [state]
    if state != COMPLETED and (view.assignee is not None or site_id is not None):
        # Named so that the indexes of open tickets, by assignee and by site, can serve it.
        terms.append("completed_at IS NULL")
    if view.assignee is not None:
        terms.append("assignee_id IS NULL" if view.assignee == NOBODY else "assignee_id = ?")
        values += [] if view.assignee == NOBODY else [view.assignee]
    if site_id is not None:
        terms.append("site_id = ?")
        values.append(site_id)
    if after is not None:
        terms.append(f"(updated_at, id) {'>' if view.oldest_first else '<'} (?, ?)")
        values += _position(after)
    return " AND ".join(terms), values


def _position(cursor: str) -> list[str]:
    updated_at, _, ticket_id = cursor.partition("~")
    try:
        parse(updated_at)
    except ValueError as error:
        raise Invalid(fields={"after": ["Send the page's own cursor."]}) from error
    return [updated_at, ticket_id]


#: Rows share what their few sites and categories look like and are called.
_read = lru_cache(maxsize=200)(json.loads)


def _row(row: tuple[Any, ...]) -> Row:
    category = _read(row[11]) if row[11] else None
    accent = _read(row[14]).get("look", {}).get("accent")
    told: list[Any] = [*row[:11], category, *row[12:14], accent, *row[15:18], json.loads(row[18])]
    return Row(*told)


def counts(agent_id: int, site_id: int | None = None) -> dict[str, int]:
    """Count open tickets per view, each up to :data:`COUNTED`, and the unread among the latest."""
    # The plus keeps the site's own index out of it: that one also holds what is completed.
    site, values = reach.among("+site_id", site_id)

    awake = " AND snoozed_until IS NULL"

    def count(term: str, *params: Any) -> int:
        rows = query(
            "SELECT count(*) FROM (SELECT 1 FROM ticket WHERE completed_at IS NULL"
            f" AND held_at IS NULL{awake if 'due_at' not in term and 'snoozed' not in term else ''}"
            f" AND {term}{site} LIMIT ?) counted",
            *params, *values, COUNTED,
        )  # fmt: skip
        return int(rows[0][0])

    states = "state IN ('waiting', 'in_progress')"
    waiting, started = count("state = 'waiting'"), count("state = 'in_progress'")
    return {
        "open": min(waiting + started, COUNTED),
        "mine": count(f"{states} AND assignee_id = ?", agent_id),
        "unassigned": count(f"{states} AND assignee_id IS NULL"),
        "waiting": waiting,
        "due": count("due_at IS NOT NULL AND due_at <= ?", stamp(seconds=due.SOON.total_seconds())),
        "in_progress": started,
        # Later than nothing: the index of what sleeps is walked, not that of all that is open.
        "snoozed": count("snoozed_until > ''"),
        "unread": _unread() if reach.reach() is None else count("agent_unread_since IS NOT NULL"),
    }


def _unread() -> int:
    rows = query(
        "SELECT count(*) FROM (SELECT agent_unread_since, completed_at, held_at FROM ticket"
        " ORDER BY updated_at DESC LIMIT ?) latest WHERE agent_unread_since IS NOT NULL"
        " AND completed_at IS NULL AND held_at IS NULL",
        RECENT,
    )
    return int(rows[0][0])


def rows_of(sql: str, *params: Any) -> list[Row]:
    """Return the rows of a query that selects :data:`COLUMNS`."""
    return [_row(row) for row in query(sql, *params)]


def find_by_number(number: int, site_ids: Iterable[int]) -> list[Row]:
    """Return the tickets called ``#number``: at most one a site."""
    if not 0 < number < 2**62:
        return []
    return _listed([("t.site_id = ? AND t.number = ?", (site_id, number)) for site_id in site_ids])


def _listed(terms: list[tuple[str, tuple[Any, ...]]]) -> list[Row]:
    if not terms:
        return []
    where = " OR ".join(f"({term})" for term, _ in terms)
    params = [value for _, values in terms for value in values]
    sql = f"{COLUMNS} ticket t{JOINS} WHERE t.held_at IS NULL AND ({where})"
    return [_row(row) for row in query(sql, *params)]


def find_ticket(site_id: int, number: int) -> Ticket:
    """Return any requester's ticket: for agents only."""
    ticket: Ticket | None = Ticket.get_or_none(
        Ticket.site_id == site_id, Ticket.number == min(number, 2**62)
    )
    if ticket is None or ticket.held_at is not None:
        raise NotFound("No such ticket.")
    if ticket.merged_into:
        return Ticket.get(Ticket.site_id == site_id, Ticket.id == ticket.merged_into)
    return ticket


def of_requester(
    site_id: int, requester_id: str, *, after: str | None = None, most: int = PAGE
) -> tuple[list[Row], str | None]:
    """Return what a requester asked, the latest first."""
    terms, values = "site_id = ? AND requester_id = ?", [site_id, requester_id]
    if after is not None:
        terms, values = f"{terms} AND (updated_at, id) < (?, ?)", [*values, *_position(after)]
    found = rows_of(
        f"{COLUMNS} (SELECT site_id, id FROM ticket WHERE {terms} AND held_at IS NULL"
        " AND merged_into IS NULL ORDER BY updated_at DESC, id DESC LIMIT ?) page"
        f" JOIN ticket t ON t.site_id = page.site_id AND t.id = page.id{JOINS}"
        " ORDER BY t.updated_at DESC, t.id DESC",
        *values, most + 1,
    )  # fmt: skip
    return found[:most], found[most - 1].cursor() if len(found) > most else None


def earlier(ticket: Ticket) -> list[Ticket]:
    """Return what else the same requester asked, the latest first."""
    return list(
        Ticket.select()
        .where(
            Ticket.site_id == ticket.site_id,
            Ticket.requester_id == ticket.requester_id,
            Ticket.id != ticket.id,
            Ticket.held_at.is_null(),
            Ticket.merged_into.is_null(),
        )
        .order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        .limit(EARLIER)
    )


def conversation(ticket: Ticket) -> tuple[list[Message], list[Event], list[Attachment]]:
    """Return everything said and done, notes included, oldest first."""
    messages = (
        Message.select()
        .where(Message.site_id == ticket.site_id, Message.ticket_id == ticket.id)
        .order_by(Message.sent_at, Message.id)
    )
    happened = (
        Event.select()
        .where(Event.site_id == ticket.site_id, Event.ticket_id == ticket.id)
        .order_by(Event.at, Event.id)
    )
    return list(messages), list(happened), attachments.of_ticket(ticket.site_id, ticket.id)
