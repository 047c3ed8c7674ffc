"""The days that are kept: counted ones, what erased requests left behind, which are out of date."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from ..database import execute, query
from ..ids import new_id
from .days import COLUMNS, COUNTS, SPREADS, Day

DAYS, ERASED = "figure_day", "figure_erased"


def write(table: str, site_id: int, day: date, counted: Day) -> None:
    """Keep a day, in place of what was kept of it before."""
    names = (*COUNTS, *SPREADS)
    execute(
        f"INSERT INTO {table} (site_id, day, {COLUMNS}) VALUES (?, ?{', ?' * len(names)})"
        " ON CONFLICT (site_id, day) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in names),
        site_id, day.isoformat(), *counted.row(),
    )  # fmt: skip


def read(
    table: str, site_ids: Iterable[int], first: date, last: date
) -> Iterator[tuple[date, Day]]:
    """Yield the days of a span that are kept, those of each site on their own."""
    for site_id in site_ids:
        for day, row in rows(table, COLUMNS, site_id, first, last):
            yield day, Day.of_row(row)


def rows(
    table: str, columns: str, site_id: int, first: date, last: date
) -> Iterator[tuple[date, tuple[Any, ...]]]:
    """Yield the days of a span that are kept, as they stand in the table."""
    for day, *row in query(
        f"SELECT day, {columns} FROM {table} WHERE site_id = ? AND day >= ? AND day <= ?",
        site_id, first.isoformat(), last.isoformat(),
    ):  # fmt: skip
        yield date.fromisoformat(day), tuple(row)


def growth(site_id: int, before: date) -> int:
    """Return how many requests were open when a day began, by all the days before it."""
    rows = query(
        f"SELECT coalesce(sum(opened + reopened - closed - gone), 0) FROM {DAYS}"
        " WHERE site_id = ? AND day < ?",
        site_id, before.isoformat(),
    )  # fmt: skip
    return int(rows[0][0])


def progress(site_id: int) -> tuple[str, date] | None:
    """Return the zone a site's days were counted in, and the first that is not kept yet."""
    rows = query("SELECT zone, next_day FROM figure_progress WHERE site_id = ?", site_id)
    return (rows[0][0], date.fromisoformat(rows[0][1])) if rows else None


def set_progress(site_id: int, zone: ZoneInfo, next_day: date) -> None:
    execute(
        "INSERT INTO figure_progress (site_id, zone, next_day) VALUES (?, ?, ?)"
        " ON CONFLICT (site_id) DO UPDATE SET zone = excluded.zone, next_day = excluded.next_day",
        site_id, zone.key, next_day.isoformat(),
    )  # fmt: skip


def hold(site_id: int) -> None:
    """Have whoever else changes a site's days, or adds them up, wait for this transaction."""
    execute("UPDATE figure_progress SET zone = zone WHERE site_id = ?", site_id)


def mark(site_id: int, days: Iterable[date]) -> None:
    """Have days counted again, in the transaction that changed what they are counted from."""
    for day in sorted(set(days)):
        execute(
            "INSERT INTO figure_stale (site_id, day, mark) VALUES (?, ?, ?)"
            " ON CONFLICT (site_id, day) DO UPDATE SET mark = excluded.mark",
            site_id, day.isoformat(), new_id(),
        )  # fmt: skip


def stale(site_id: int) -> dict[date, str]:
    """Return the days that changed since they were counted, each with its latest mark."""
    rows: list[Any] = query("SELECT day, mark FROM figure_stale WHERE site_id = ?", site_id)
    return {date.fromisoformat(day): made for day, made in rows}


def unmark(site_id: int, day: date, made: str) -> None:
    """Take a mark away, unless another was made meanwhile: that change is not counted yet."""
    execute(
        "DELETE FROM figure_stale WHERE site_id = ? AND day = ? AND mark = ?",
        site_id, day.isoformat(), made,
    )  # fmt: skip


def forget(site_id: int, before: date) -> None:
    execute(f"DELETE FROM {DAYS} WHERE site_id = ? AND day < ?", site_id, before.isoformat())
