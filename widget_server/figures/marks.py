"""What reaches back: most things count on the day they happen, these change days that are over."""

from collections.abc import Iterable
from typing import Any

from ..clock import stamp, utcnow
from ..database import query
from ..sites import service as sites
from ..tickets import events
from ..tickets.models import Ticket
from . import book
from .counting import of_ticket
from .days import Day, day_of, today

#: Seconds after which a request that opens was filed before: it waited for its address's proof.
HELD = 60


@events.listen
def follow(kind: str, ticket: Ticket, **data: Any) -> None:
    """Mark the days a request counted on before it was merged, sorted anew or let go."""
    if kind == "merged":
        source: Ticket = data["source"]
        turns = query(
            "SELECT at FROM event WHERE site_id = ? AND ticket_id = ?"
            " AND kind IN ('closed', 'reopened')",
            source.site_id, source.id,
        )  # fmt: skip
        own = (source.opened_at, source.answered_at)
        mark(source.site_id, [*filter(None, own), *(at for (at,) in turns)])
    elif kind == "rated":
        mark(ticket.site_id, [data["at"]])
    elif kind == "sorted" or (kind == "opened" and ticket.opened_at < stamp(seconds=-HELD)):
        mark(ticket.site_id, [ticket.opened_at])


def mark(site_id: int, moments: Iterable[str]) -> None:
    """Have the days of these moments counted again, if they are over."""
    zone = sites.zone_of(sites.site_of(site_id))
    now = today(zone, utcnow())
    book.mark(site_id, [day for at in moments if (day := day_of(zone, at)) < now])


def keep(site_id: int, ticket_id: str) -> None:
    """Let what a request added to its days outlive it: called just before it is erased."""
    zone = sites.zone_of(sites.site_of(site_id))
    for day, left in sorted(of_ticket(site_id, ticket_id, zone).items()):
        kept = Day()
        for _, before in book.read(book.ERASED, [site_id], day, day):
            kept.add(before)
        kept.add(left)
        book.write(book.ERASED, site_id, day, kept)
