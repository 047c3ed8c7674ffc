"""The job that counts days: each once it is over, again while it may change, and when marked.

Counting is repeatable: a day counted twice, or all of them from nothing, gives the same rows.
"""

import time
from collections.abc import Iterable
from datetime import date
from math import inf
from zoneinfo import ZoneInfo

from ..clock import stamp, utcnow
from ..database import query, transaction
from ..jobs import enqueue, handler
from ..sites import service as sites
from ..sites.models import Site
from . import book, joined, pieces
from .counting import AT_ONCE, SETTLED, count
from .days import ONE, chunks, day_of, today

#: Seconds between two rounds. Whoever reads counts the minutes since the last one.
EVERY = 900

#: Seconds of one round; what is left is a job of its own, well within its lease.
PATIENCE = 40


@handler("figures.roll", every=EVERY)
def roll() -> None:
    """Bring every site's days up to date."""
    deadline = time.monotonic() + PATIENCE
    if not all(roll_site(site, deadline) for site in sites.all_sites()):
        enqueue("figures.roll", unique_key=f"figures.rest:{stamp()}")


def recount(site: Site) -> None:
    """Count all days of a site from nothing."""
    zone = sites.zone_of(site)
    book.forget(site.id, today(zone, utcnow()))
    joined.forget(site.id, today(zone, utcnow()))
    pieces.forget(site.id)
    _begin(site.id, zone, _first(site.id, zone))
    roll_site(site)


def roll_site(site: Site, deadline: float = inf) -> bool:
    """Count what is due; return whether time sufficed."""
    zone = sites.zone_of(site)
    now, reached = today(zone, utcnow()), next_day(site.id, zone)
    known = book.progress(site.id)
    if known is None or known[0] != zone.key:
        _begin(site.id, zone, reached)
    due = {day for day in book.stale(site.id) if day < reached}
    due |= {reached - nth * ONE for nth in range(1, SETTLED + 2)}
    due |= {day for day, _ in chunks(reached, now - ONE, 1)}
    # The earliest first: whoever stops in between has not gone past what is to be settled.
    for first, last in spans(due):
        if time.monotonic() > deadline:
            return False
        _count(site.id, zone, first, last)
    joined.join(site.id, now)
    pieces.prepare(site.id, zone)
    return True


def _begin(site_id: int, zone: ZoneInfo, first: date) -> None:
    """Count from ``first`` on; what was kept of later days stands in until then."""
    with transaction():
        book.forget(site_id, first)
        joined.forget(site_id, first)
        book.set_progress(site_id, zone, first)


def _count(site_id: int, zone: ZoneInfo, first: date, last: date) -> None:
    marks = book.stale(site_id)
    counted = count(site_id, zone, first, last)
    known = book.progress(site_id)
    # Counted before and outside the transaction, so that nobody waits for it.
    with transaction():
        book.hold(site_id)
        joined.part(site_id, counted)
        for day, told in counted.items():
            book.write(book.DAYS, site_id, day, told)
            if day in marks:
                book.unmark(site_id, day, marks[day])
        if known is None or last >= known[1]:
            book.set_progress(site_id, zone, last + ONE)


def next_day(site_id: int, zone: ZoneInfo) -> date:
    """Return the first day that is not kept; after a change of zone, the first there is."""
    known = book.progress(site_id)
    return known[1] if known and known[0] == zone.key else _first(site_id, zone)


def _first(site_id: int, zone: ZoneInfo) -> date:
    """Return the first day there is anything to count of."""
    rows = query(
        "SELECT (SELECT min(opened_at) FROM ticket WHERE site_id = ?),"
        " (SELECT min(at) FROM suggestion_showing WHERE site_id = ?),"
        " (SELECT min(day) FROM figure_erased WHERE site_id = ?)",
        site_id, site_id, site_id,
    )  # fmt: skip
    *moments, erased = rows[0]
    days = [day_of(zone, at) for at in moments if at]
    days += [date.fromisoformat(erased)] if erased else []
    return min(days, default=today(zone, utcnow()))


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return days as spans of neighbours, none too long to be counted at once."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == ONE and (day - found[-1][0]).days < AT_ONCE:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
