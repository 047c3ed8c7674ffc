"""Counting days from what is kept: every query reads one index between two moments."""

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from ..assistant import outcomes
from ..clock import utcnow
from ..database import query
from . import book
from .days import ONE, Calendar, Day, day_of, hour_of, rough, today

#: Held, or part of another: not a request of its own.
OWN = "t.held_at IS NULL AND t.merged_into IS NULL"

#: The quarter of an hour a moment lies in, without what :data:`SHARP` adds. Days and hours begin
#: with one wherever people live, so the database counts by them.
QUARTER = (
    "substr({0}, 1, 14) || CASE WHEN substr({0}, 15, 2) < '15' THEN '00'"
    " WHEN substr({0}, 15, 2) < '30' THEN '15' WHEN substr({0}, 15, 2) < '45' THEN '30'"
    " ELSE '45' END"
)
SHARP = ":00.000000Z"

#: Days until what the assistant solved is confirmed or not: a week, and one for changing clocks.
SETTLED = 8

#: Days counted in one go: so many fit in memory at the busiest sites.
AT_ONCE = 15


def settled(day: date, now: date) -> bool:
    """Is it known what became of a day's suggestions?"""
    return day + SETTLED * ONE < now


def count(site_id: int, zone: ZoneInfo, first: date, last: date) -> dict[date, Day]:
    """Count the days of a span from requests, their history, ratings and suggestions."""
    calendar = Calendar(zone, first, last)
    days = {day: Day() for day in calendar.days}
    place = calendar.finder()
    since, *_, until = calendar.edges
    add_requests(site_id, zone, since, until, lambda at: days[place(at)])
    add_others(site_id, calendar, days)
    return days


def add_requests(
    site_id: int, zone: ZoneInfo, since: str, until: str, on: Callable[[str], Day]
) -> None:
    """Count requests, their history and ratings between two moments, each on its day."""
    span = (site_id, since, until)
    for quarter, category, many in query(
        f"SELECT {QUARTER.format('t.opened_at')}, t.category_id, count(*) FROM ticket t"
        f" WHERE t.site_id = ? AND t.opened_at >= ? AND t.opened_at < ? AND {OWN}"
        " GROUP BY 1, 2",
        *span,
    ):
        at = f"{quarter}{SHARP}"
        _open(on(at), zone, at, category, many)
    for opened_at, at in query(
        "SELECT t.opened_at, t.answered_at FROM ticket t"
        f" WHERE t.site_id = ? AND t.answered_at >= ? AND t.answered_at < ? AND {OWN}",
        *span,
    ):
        on(at).waits[rough(opened_at, at)] += 1
    for quarter, kind, many in query(
        f"SELECT {QUARTER.format('e.at')}, e.kind, count(*) FROM event e"
        " JOIN ticket t ON t.site_id = e.site_id AND t.id = e.ticket_id"
        " WHERE e.site_id = ? AND e.at >= ? AND e.at < ? AND e.kind IN ('closed', 'reopened')"
        f" AND {OWN} GROUP BY 1, 2",
        *span,
    ):
        _turn(on(f"{quarter}{SHARP}"), kind, many)
    for at, good in query(
        "SELECT at, good FROM rating WHERE site_id = ? AND at >= ? AND at < ?", *span
    ):
        _rate(on(at), good)


def add_others(site_id: int, calendar: Calendar, days: dict[date, Day]) -> None:
    """Add to the days of a calendar what is of no request, or no longer."""
    _add_suggestions(site_id, calendar, days)
    for day, erased in book.read(book.ERASED, [site_id], calendar.first, calendar.last):
        days[day].add(erased)


def of_ticket(site_id: int, ticket_id: str, zone: ZoneInfo) -> dict[date, Day]:
    """Count what one request adds to each day, if it is erased now."""
    own = (site_id, ticket_id)
    days = history_of(site_id, ticket_id, zone)
    for opened_at, category, answered_at, completed_at in query(
        "SELECT t.opened_at, t.category_id, t.answered_at, t.completed_at FROM ticket t"
        f" WHERE t.site_id = ? AND t.id = ? AND {OWN}",
        *own,
    ):
        add_filed(days, zone, opened_at, category)
        if answered_at:
            _on(days, zone, answered_at).waits[rough(opened_at, answered_at)] += 1
        if completed_at is None:
            days.setdefault(today(zone, utcnow()), Day()).gone += 1
    return days


def history_of(site_id: int, ticket_id: str, zone: ZoneInfo) -> dict[date, Day]:
    """Count what the history and the rating of one request add to each day."""
    days: dict[date, Day] = {}
    own = (site_id, ticket_id)
    for at, kind in query(
        "SELECT e.at, e.kind FROM event e"
        " JOIN ticket t ON t.site_id = e.site_id AND t.id = e.ticket_id"
        " WHERE e.site_id = ? AND e.ticket_id = ? AND e.kind IN ('closed', 'reopened')"
        f" AND {OWN}",
        *own,
    ):
        _turn(_on(days, zone, at), kind)
    for at, good in query("SELECT at, good FROM rating WHERE site_id = ? AND ticket_id = ?", *own):
        _rate(_on(days, zone, at), good)
    return days


def add_filed(days: dict[date, Day], zone: ZoneInfo, at: str, category: str | None) -> None:
    """Count that a request was filed."""
    _open(_on(days, zone, at), zone, at, category)


def _on(days: dict[date, Day], zone: ZoneInfo, at: str) -> Day:
    return days.setdefault(day_of(zone, at), Day())


def _open(day: Day, zone: ZoneInfo, at: str, category: str | None, many: int = 1) -> None:
    day.opened += many
    day.hours[hour_of(zone, at)] += many
    day.categories[category or ""] += many


def _turn(day: Day, kind: str, many: int = 1) -> None:
    if kind == "closed":
        day.closed += many
    else:
        day.reopened += many


def _rate(day: Day, good: int) -> None:
    if good:
        day.pleased += 1
    else:
        day.displeased += 1


def _add_suggestions(site_id: int, calendar: Calendar, days: dict[date, Day]) -> None:
    """Take the assistant's own figures for each day on which it was asked."""
    edges, now = calendar.edges, today(calendar.zone, utcnow())
    for day in [calendar.first] if calendar.first == calendar.last else _asked(site_id, calendar):
        nth = (day - calendar.first).days
        told = outcomes.figures(site_id, edges[nth], edges[nth + 1])
        days[day].shown, days[day].solved = told["shown"], told["solved"]
        days[day].confirmed = told["confirmed"] if settled(day, now) else 0


def _asked(site_id: int, calendar: Calendar) -> list[date]:
    """Return the days on which the assistant was asked."""
    edges, place = calendar.edges, calendar.finder()
    asked = query(
        "SELECT at FROM suggestion_showing WHERE site_id = ? AND at >= ? AND at < ?",
        site_id, edges[0], edges[-1],
    )  # fmt: skip
    return sorted({place(at) for (at,) in asked})
