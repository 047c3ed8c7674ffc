"""The days that are not over, in pieces of hours: who looks counts the last minutes only.

The job counts an hour once nothing can be written into it any more. Whatever reaches back notes
the moment in its own transaction, and an hour with such a moment in it is counted as if there were
no piece, until the job has counted it again. So a piece is never needed and never wrong.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from ..clock import parse, stamp, utcnow
from ..database import execute, query, transaction
from ..ids import new_id
from . import book
from .counting import add_others, add_requests
from .days import COUNTS, ONE, SPREADS, Calendar, Day, begin, today

#: Seconds after which an hour is counted: longer than any transaction that still writes into it,
#: and than a request may open before it has to be noted.
GRACE = 300

HOUR = timedelta(hours=1)

#: Hours that become one piece once they are over.
LONG = 4

#: What a piece knows: suggestions are settled later, and erased requests are kept by the day.
KNOWN = tuple(name for name in COUNTS if name not in ("gone", "shown", "solved", "confirmed"))
COLUMNS = ", ".join((*KNOWN, *SPREADS))

Piece = tuple[str, str, Day]


def change(site_id: int, moments: Iterable[str]) -> None:
    """Have the hours of these moments counted again, in the transaction that changed them.

    Each note is a row of its own: nobody waits for another's.
    """
    for at in moments:
        execute(
            "INSERT INTO figure_change (site_id, at, id) VALUES (?, ?, ?)", site_id, at, new_id()
        )


def count(site_id: int, zone: ZoneInfo, first: date, last: date) -> dict[date, Day]:
    """Count days that are not kept: what :func:`.counting.count` returns, from the pieces."""
    calendar = Calendar(zone, first, last)
    days = {day: Day() for day in calendar.days}
    place = calendar.finder()
    at, *_, end = calendar.edges

    def on(moment: str) -> Day:
        return days[place(moment)]

    # What lies before yesterday is not noted, see :func:`.marks.mark`.
    oldest = max(at, begin(zone, today(zone, utcnow()) - ONE))
    for since, until, piece in _valid(site_id, zone, oldest, end):
        if since < at:
            continue  # A round that was late wrote an hour of what is one piece by now.
        if at < since:
            add_requests(site_id, zone, at, since, on)
        on(since).add(piece)
        at = until
    add_requests(site_id, zone, at, end, on)
    add_others(site_id, calendar, days)
    return days


def prepare(site_id: int, zone: ZoneInfo) -> None:
    """Count the hours of today that are over and not counted, or not any more as they stand."""
    now = utcnow()
    first, last = begin(zone, today(zone, now)), stamp(now - timedelta(seconds=GRACE))
    # Read before anything is counted: what is noted later is for the next round.
    noted = query("SELECT at, id FROM figure_change WHERE site_id = ?", site_id)
    known = {(since, until) for since, until, _ in _valid(site_id, zone, first, last)}
    for since, until in spans(first, last):
        if (since, until) not in known:
            _write(site_id, zone, since, until)
    with transaction():
        execute("DELETE FROM figure_piece WHERE site_id = ? AND since < ?", site_id, first)
        for note in noted:
            execute(
                "DELETE FROM figure_change WHERE site_id = ? AND at = ? AND id = ?", site_id, *note
            )


def _write(site_id: int, zone: ZoneInfo, since: str, until: str) -> None:
    piece = Day()
    with transaction():
        # Counted inside, so that of two rounds the one that writes last has counted last.
        book.hold(site_id)
        add_requests(site_id, zone, since, until, lambda _: piece)
        execute(
            "DELETE FROM figure_piece WHERE site_id = ? AND since >= ? AND since < ?",
            site_id, since, until,
        )  # fmt: skip
        names = ("since", "until", "zone", *KNOWN, *SPREADS)
        execute(
            f"INSERT INTO figure_piece (site_id, {', '.join(names)})"
            f" VALUES (?{', ?' * len(names)})",
            site_id, since, until, zone.key, *(getattr(piece, name) for name in KNOWN),
            *piece.spreads(),
        )  # fmt: skip


def forget(site_id: int) -> None:
    execute("DELETE FROM figure_piece WHERE site_id = ?", site_id)


def spans(first: str, last: str) -> Iterator[tuple[str, str]]:
    """Yield what is over by ``last``, by UTC's clocks: :data:`LONG` at a time, then hours.

    Few rows tell a day, and few minutes are counted by who looks.
    """
    since = first
    while (hour := parse(f"{since[:13]}:00:00.000000Z") + HOUR) <= parse(last):
        long = hour + (-hour.hour % LONG) * HOUR
        until = stamp(long if long <= parse(last) else hour)
        yield since, until
        since = until


def _valid(site_id: int, zone: ZoneInfo, first: str, last: str) -> list[Piece]:
    """Return the pieces between two moments in which nothing changed since, the earliest first."""
    rows = query(
        f"SELECT since, until, {COLUMNS} FROM figure_piece p WHERE site_id = ? AND since >= ?"
        " AND since < ? AND zone = ? AND NOT EXISTS (SELECT 1 FROM figure_change c"
        " WHERE c.site_id = p.site_id AND c.at >= p.since AND c.at < p.until) ORDER BY since",
        site_id, first, last, zone.key,
    )  # fmt: skip
    return [(since, until, Day.of_row(row, KNOWN)) for since, until, *row in rows]
