"""What a host's server is answered. Knows nothing about HTTP."""

from typing import Any

from .. import __version__, persons
from ..clock import stamp
from ..database import query
from ..sites import environment
from ..sites.models import Site


def connection(site: Site) -> dict[str, Any]:
    """Return what the host's settings page checks itself against."""
    return {
        "name": site.name,
        "version": __version__,
        "origins": site.origins,
        "now": stamp(),
    }


def unread(site_id: int, sub: str) -> int:
    """Count the tickets in which an answer waits for a user."""
    rows = query(
        "SELECT count(*) FROM requester r JOIN ticket t"
        " ON t.site_id = r.site_id AND t.requester_id = r.id AND t.unread_since IS NOT NULL"
        " WHERE r.site_id = ? AND r.sub = ?",
        site_id, sub,
    )  # fmt: skip
    return int(rows[0][0])


def tell_environment(site_id: int, parts: list[dict[str, str]]) -> None:
    """Keep what the site runs on, or take it back."""
    if parts:
        environment.tell(site_id, parts)
    else:
        environment.forget(site_id)


def export(site_id: int, *, sub: str | None, email: str | None) -> list[dict[str, Any]]:
    """Return what is kept of a user, and of visitors who gave their address."""
    found = persons.known_as(site_id, sub=sub, email=email)
    return [persons.export(site_id, each, filed_as=filed_as) for each, filed_as in found]


def erase(site_id: int, *, sub: str | None, email: str | None) -> dict[str, int]:
    """Remove the same, and say how much it was."""
    found = persons.known_as(site_id, sub=sub, email=email)
    tickets = [persons.erase(site_id, each, filed_as=filed_as) for each, filed_as in found]
    return {"people": len(found), "tickets": sum(tickets)}


def former(site_id: int, *, sub: str | None, email: str | None) -> list[str]:
    """Return the other ids under which the host vouched for an address.

    Whether somebody still has one only the host knows: what is theirs it asks for by the id.
    """
    rows = query(
        "SELECT sub FROM requester WHERE site_id = ? AND email = ? AND sub IS NOT NULL"
        " AND sub <> ? ORDER BY sub",
        site_id, email, sub or "",
    )  # fmt: skip
    return [row[0] for row in rows]
