"""Which sites whoever is being served may see: all of them, unless somebody narrowed it.

The guards of the console and of the agents' API narrow it to an agent's own sites; what the room
finds and lists keeps to it, so that a new page cannot forget to ask.
"""

from contextvars import ContextVar

#: No site has this id.
NOWHERE = 0

_reach: ContextVar[frozenset[int] | None] = ContextVar("reach", default=None)


def narrow(site_ids: frozenset[int] | None) -> None:
    """From now on, until :func:`widen`, only these sites exist; ``None``: all do."""
    _reach.set(site_ids)


def widen() -> None:
    _reach.set(None)


def reach() -> frozenset[int] | None:
    """Return the sites that exist for whoever is being served; ``None``: all."""
    return _reach.get()


def within(site_id: int) -> bool:
    sites = _reach.get()
    return sites is None or site_id in sites


def each(site_id: int | None) -> list[int | None]:
    """Return the sites to ask one by one; ``[None]`` where no site needs naming."""
    if site_id is not None or _reach.get() is None:
        return [site_id]
    return [*sorted(_reach.get() or ())] or [NOWHERE]


def among(column: str, site_id: int | None) -> tuple[str, list[int]]:
    """Return what SQL has to say of a site, ``" AND …"`` or nothing, and its parameters."""
    if site_id is None and _reach.get() is None:
        return "", []
    sites = [one for one in each(site_id) if one is not None]
    return f" AND {column} IN ({', '.join('?' * len(sites))})", sites
