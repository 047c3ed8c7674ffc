"""What reaches back: most things count on the day they happen, these change days that are over."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from ..clock import stamp, utcnow
from ..database import query
from ..sites import service as sites
from ..tickets import events
from ..tickets.models import Ticket
from . import book, pieces
from .counting import add_filed, history_of, of_ticket
from .days import ONE, Day, day_of, today

#: Seconds after which a request that opens was filed before: it waited for its address's proof.
HELD = 60


@events.listen
def follow(kind: str, ticket: Ticket, **data: Any) -> None:
    """Mark the days a request counted on before it was merged, sorted anew or let go."""
    if kind == "merged":
        source: Ticket = data["source"]
        if source.emptied_at:
            _keep_filed(source)
        mark(source.site_id, moments(source.site_id, source.id))
    elif kind == "rated":
        mark(ticket.site_id, [data["at"]])
    elif kind == "sorted" or (kind == "opened" and ticket.opened_at < stamp(seconds=-HELD)):
        mark(ticket.site_id, [ticket.opened_at])


def moments(site_id: int, ticket_id: str) -> list[str]:
    """Return when a request was opened, answered, closed, reopened and rated."""
    rows = query(
        "SELECT opened_at, answered_at FROM ticket WHERE site_id = ? AND id = ?"
        " UNION ALL SELECT at, NULL FROM event WHERE site_id = ? AND ticket_id = ?"
        " AND kind IN ('closed', 'reopened')"
        " UNION ALL SELECT at, NULL FROM rating WHERE site_id = ? AND ticket_id = ?",
        *(site_id, ticket_id) * 3,
    )
    return [at for row in rows for at in row if at]


def mark(site_id: int, moments: Iterable[str]) -> None:
    """Have the days of these moments counted again if they are over, else their hours."""
    zone = sites.zone_of(sites.site_of(site_id))
    now = today(zone, utcnow())
    days = {at: day_of(zone, at) for at in moments}
    book.mark(site_id, [day for day in days.values() if day < now])
    # Yesterday too: its hours stand in until the job has counted it whole.
    pieces.change(site_id, [at for at, day in days.items() if day >= now - ONE])


def keep(site_id: int, ticket_id: str) -> None:
    """Let what a request added to its days outlive it: called just before it is erased."""
    zone = sites.zone_of(sites.site_of(site_id))
    _leave(site_id, zone, ticket_id, of_ticket(site_id, ticket_id, zone))


def keep_history(site_id: int, ticket_id: str) -> None:
    """Let a request's completions and its rating be counted on: called just before they go.

    The rest is counted from its row, which stays; whenever that goes, nothing is left of these.
    """
    zone = sites.zone_of(sites.site_of(site_id))
    _leave(site_id, zone, ticket_id, history_of(site_id, ticket_id, zone))


def _keep_filed(ticket: Ticket) -> None:
    """Let it count as filed though it is part of another: that it was completed counts on."""
    zone = sites.zone_of(sites.site_of(ticket.site_id))
    filed: dict[date, Day] = {}
    add_filed(filed, zone, ticket.opened_at, ticket.category_id)
    _leave(ticket.site_id, zone, ticket.id, filed)


def _leave(site_id: int, zone: ZoneInfo, ticket_id: str, left: dict[date, Day]) -> None:
    """Add to what erased requests left behind."""
    for day, more in sorted(left.items()):
        kept = Day()
        for _, before in book.read(book.ERASED, [site_id], day, day):
            kept.add(before)
        kept.add(more)
        book.write(book.ERASED, site_id, day, kept)
    now = today(zone, utcnow())
    pieces.change(
        site_id, [at for at in moments(site_id, ticket_id) if day_of(zone, at) >= now - ONE]
    )
