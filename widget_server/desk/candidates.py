"""What a search comes by on its way through an index, and what of it satisfies the rest."""

from collections.abc import Iterator
from typing import Any

from ..database import query
from ..tickets.search import Walk

#: Entries looked at before all of them are: a page is mostly full by then, and people are compared.
#: A step looks up all it comes by, so the later ones are short.
STEPS = (150, 600, 750)

#: A candidate: its site, its id, and the place it is listed at.
Hit = tuple[Any, ...]

FOLDED = "(SELECT site_id, ticket_id, max(place) AS place FROM walk GROUP BY site_id, ticket_id)"

#: Who asked, how that is looked up, and what stands in its place where nobody is meant.
WHO, NOBODY = ", r.name, coalesce(t.email, r.email)", ", NULL, NULL"
REQUESTER = " CROSS JOIN requester r"
HIS = " AND r.site_id = t.site_id AND r.id = t.requester_id"


def satisfying(
    walk: Walk, deep: int, terms: list[str], params: list[Any], *, most: int, who: bool
) -> Iterator[Hit]:
    """Yield the latest of a walk's candidates that satisfy all terms, ``most`` at most.

    Each step begins where the last one ended, and is taken only if somebody wants more; ``deep``
    entries are looked at. ``who``: each with the name and address of who asked.
    """
    columns, join, his = (WHO, REQUESTER, HIS) if who else ("", "", "")
    seen: set[Hit] = set()
    read, after = 0, None
    for depth in [step for step in STEPS if walk.stops and step < deep] + [deep]:
        way, values = walk.asked(depth - read, after)
        sql = (
            # SQLite takes the tables of a cross join in this order.
            f"SELECT hit.site_id, hit.ticket_id, hit.place{columns}"
            f" FROM {FOLDED if walk.several else 'walk'} hit CROSS JOIN ticket t{join}"
            f" WHERE t.site_id = hit.site_id AND t.id = hit.ticket_id{his}"
            f" AND {' AND '.join(terms)} ORDER BY hit.place DESC, hit.ticket_id DESC LIMIT ?"
        )
        if depth < deep:
            sql = f"SELECT * FROM ({sql}) met UNION ALL SELECT * FROM ({_end(who=who)}) ended"
        hits = query(f"WITH walk AS ({way}) {sql}", *values, *params, most + len(seen))
        ended = hits.pop() if depth < deep and hits else None
        for hit in hits:
            if hit[:2] not in seen:
                seen.add(hit[:2])
                yield hit
        if ended is None or ended[0] < depth - read:
            return
        read, after = depth, ended


def _end(*, who: bool) -> str:
    """Return the query of how many entries a step came by, and of the last one."""
    return (
        f"SELECT (SELECT count(*) FROM walk), ticket_id, place{NOBODY if who else ''}"
        " FROM walk ORDER BY place, ticket_id LIMIT 1"
    )
