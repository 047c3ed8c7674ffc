"""Weeks and months whose days are over, their spreads added up beside the days themselves.

Whatever changes a day removes the spans it lies in, in its own transaction; the job adds them up
again. Who reads takes the days where a span is missing, so a span is never needed and never wrong.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from ..database import execute, query, transaction
from . import book
from .days import ONE, SPREADS, Day

DAY, WEEK, MONTH = "day", "week", "month"
STEPS = (WEEK, MONTH)

Spread = tuple[str, ...]


def first_of(step: str, day: date) -> date:
    """Return the day the span around ``day`` begins with."""
    if step == WEEK:
        return day - day.weekday() * ONE
    return day.replace(day=1) if step == MONTH else day


def last_of(step: str, first: date) -> date:
    """Return the day a span that begins with ``first`` ends with."""
    if step == WEEK:
        return first + 6 * ONE
    return (first + 31 * ONE).replace(day=1) - ONE if step == MONTH else first


def part(site_id: int, days: Iterable[date]) -> None:
    """Remove the spans that days lie in, in the transaction that changes the days."""
    for step, first in sorted({(step, first_of(step, day)) for day in days for step in STEPS}):
        execute(
            "DELETE FROM figure_span WHERE site_id = ? AND step = ? AND first = ?",
            site_id, step, first.isoformat(),
        )  # fmt: skip


def forget(site_id: int, before: date) -> None:
    execute("DELETE FROM figure_span WHERE site_id = ? AND first < ?", site_id, before.isoformat())


def join(site_id: int, until: date) -> None:
    """Add up the spans that are missing and end before ``until``, a transaction each."""
    ((begun,),) = query(f"SELECT min(day) FROM {book.DAYS} WHERE site_id = ?", site_id)
    for step in STEPS if begun else ():
        first = first_of(step, date.fromisoformat(begun))
        known = set(read(site_id, step, first, until))
        while (last := last_of(step, first)) < until:
            if first not in known:
                _write(site_id, step, first, last)
            first = last + ONE


def _write(site_id: int, step: str, first: date, last: date) -> None:
    with transaction():
        book.hold(site_id)
        whole = Day()
        for _, day in book.read(book.DAYS, [site_id], first, last):
            whole.add(day)
        execute(
            f"INSERT INTO figure_span (site_id, step, first, {', '.join(SPREADS)})"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (site_id, step, first) DO NOTHING",
            site_id, step, first.isoformat(), *whole.spreads(),
        )  # fmt: skip


def read(site_id: int, step: str, first: date, last: date) -> dict[date, Spread]:
    """Return the spreads of the spans that lie within two days, by the day they begin with."""
    rows: list[Any] = query(
        f"SELECT first, {', '.join(SPREADS)} FROM figure_span"
        " WHERE site_id = ? AND step = ? AND first >= ? AND first <= ?",
        site_id, step, first.isoformat(), last.isoformat(),
    )  # fmt: skip
    found = {date.fromisoformat(day): tuple(spreads) for day, *spreads in rows}
    return {day: spreads for day, spreads in found.items() if last_of(step, day) <= last}
