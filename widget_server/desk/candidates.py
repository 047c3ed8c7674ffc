"""What a search comes by on its way through an index, and what of it satisfies the rest."""

from collections.abc import Iterator
from typing import Any

from ..database import query
from ..tickets.search import Walk

#: Entries looked at before all of them are: a page is mostly full by then.
STEPS = (150, 400, 700, 1_200)

#: A candidate: its site, its id, and the place it is listed at.
Hit = tuple[Any, ...]

WHO = ", r.name, coalesce(t.email, r.email)"
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
        sql, values = walk.asked(depth - read, after)
        if walk.several:
            sql = (
                f"SELECT site_id, ticket_id, max(place) AS place FROM ({sql}) entry"
                " GROUP BY site_id, ticket_id"
            )
        for hit in query(
            # SQLite takes the tables of a cross join in this order.
            f"SELECT hit.site_id, hit.ticket_id, hit.place{columns}"
            f" FROM ({sql}) hit CROSS JOIN ticket t{join}"
            f" WHERE t.site_id = hit.site_id AND t.id = hit.ticket_id{his}"
            f" AND {' AND '.join(terms)} ORDER BY hit.place DESC LIMIT ?",
            *values, *params, most + len(seen),
        ):  # fmt: skip
            if hit[:2] not in seen:
                seen.add(hit[:2])
                yield hit
        if depth < deep:
            sql, values = walk.asked(1, after, skip=depth - read - 1)
            ended = query(sql, *values)
            if not ended:
                return
            read, after = depth, ended[0]
