"""Counting days from what is kept: every query reads one index between two moments."""

from datetime import date
from zoneinfo import ZoneInfo

from ..assistant import outcomes
from ..clock import utcnow
from ..database import query
from . import book
from .days import ONE, Calendar, Day, day_of, hour_of, rough, today

#: Held, or part of another: not a request of its own.
OWN = "t.held_at IS NULL AND t.merged_into IS NULL"

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
    span = (site_id, calendar.edges[0], calendar.edges[-1])
    place = calendar.finder()
    for at, category in query(
        "SELECT t.opened_at, t.category_id FROM ticket t"
        f" WHERE t.site_id = ? AND t.opened_at >= ? AND t.opened_at < ? AND {OWN}",
        *span,
    ):
        _open(days[place(at)], zone, at, category)
    for opened_at, at in query(
        "SELECT t.opened_at, t.answered_at FROM ticket t"
        f" WHERE t.site_id = ? AND t.answered_at >= ? AND t.answered_at < ? AND {OWN}",
        *span,
    ):
        days[place(at)].waits[rough(opened_at, at)] += 1
    for at, kind in query(
        "SELECT e.at, e.kind FROM event e"
        " JOIN ticket t ON t.site_id = e.site_id AND t.id = e.ticket_id"
        " WHERE e.site_id = ? AND e.at >= ? AND e.at < ? AND e.kind IN ('closed', 'reopened')"
        f" AND {OWN}",
        *span,
    ):
        _turn(days[place(at)], kind)
    for at, good in query(
        "SELECT at, good FROM rating WHERE site_id = ? AND at >= ? AND at < ?", *span
    ):
        _rate(days[place(at)], good)
    _add_suggestions(site_id, calendar, days)
    for day, erased in book.read(book.ERASED, [site_id], first, last):
        days[day].add(erased)
    return days


def of_ticket(site_id: int, ticket_id: str, zone: ZoneInfo) -> dict[date, Day]:
    """Count what one request adds to each day, if it is erased now."""
    days: dict[date, Day] = {}

    def on(at: str) -> Day:
        return days.setdefault(day_of(zone, at), Day())

    own = (site_id, ticket_id)
    for opened_at, category, answered_at, completed_at in query(
        "SELECT t.opened_at, t.category_id, t.answered_at, t.completed_at FROM ticket t"
        f" WHERE t.site_id = ? AND t.id = ? AND {OWN}",
        *own,
    ):
        _open(on(opened_at), zone, opened_at, category)
        if answered_at:
            on(answered_at).waits[rough(opened_at, answered_at)] += 1
        for at, kind in query(
            "SELECT at, kind FROM event WHERE site_id = ? AND ticket_id = ?"
            " AND kind IN ('closed', 'reopened')",
            *own,
        ):
            _turn(on(at), kind)
        if completed_at is None:
            days.setdefault(today(zone, utcnow()), Day()).gone += 1
    for at, good in query("SELECT at, good FROM rating WHERE site_id = ? AND ticket_id = ?", *own):
        _rate(on(at), good)
    return days


def _open(day: Day, zone: ZoneInfo, at: str, category: str | None) -> None:
    day.opened += 1
    day.hours[hour_of(zone, at)] += 1
    day.categories[category or ""] += 1


def _turn(day: Day, kind: str) -> None:
    if kind == "closed":
        day.closed += 1
    else:
        day.reopened += 1


def _rate(day: Day, good: int) -> None:
    if good:
        day.pleased += 1
    else:
        day.displeased += 1


def _add_suggestions(site_id: int, calendar: Calendar, days: dict[date, Day]) -> None:
    """Take the assistant's own figures for each day on which it was asked."""
    edges, place, now = calendar.edges, calendar.finder(), today(calendar.zone, utcnow())
    asked = query(
        "SELECT at FROM suggestion_showing WHERE site_id = ? AND at >= ? AND at < ?",
        site_id, edges[0], edges[-1],
    )  # fmt: skip
    for day in sorted({place(at) for (at,) in asked}):
        nth = (day - calendar.first).days
        told = outcomes.figures(site_id, edges[nth], edges[nth + 1])
        days[day].shown, days[day].solved = told["shown"], told["solved"]
        days[day].confirmed = told["confirmed"] if settled(day, now) else 0
