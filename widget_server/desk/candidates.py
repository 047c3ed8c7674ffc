"""What a search comes by on its way through an index, and what of it satisfies the rest."""

import json
from collections.abc import Iterator
from typing import Any

from ..database import is_sqlite, query
from ..tickets.search import Walk

#: Entries looked at before all of them are: a page is mostly full by then.
STEPS = (150, 700)

#: Candidates looked up at once, the latest first.
AT_ONCE = 250

#: A candidate: its site, its id, and the place it is listed at.
Hit = tuple[Any, ...]

#: Candidates handed over as they are: the statement is the same for any number.
HITS_SQLITE = (
    "SELECT key AS nth, json_extract(value, '$[0]') AS site_id,"
    " json_extract(value, '$[1]') AS ticket_id FROM json_each(?)"
)
HITS_POSTGRESQL = (
    "SELECT nth - 1 AS nth, site_id, ticket_id"
    " FROM unnest(?::bigint[], ?::text[]) WITH ORDINALITY given (site_id, ticket_id, nth)"
)

WHO = ", r.name, coalesce(t.email, r.email)"
REQUESTER = " CROSS JOIN requester r"
HIS = " AND r.site_id = t.site_id AND r.id = t.requester_id"


def walked(walk: Walk, deep: int) -> Iterator[list[Hit]]:
    """Yield each ticket of a walk once, some at a time; ``deep`` entries are read at most."""
    seen: set[Hit] = set()
    read, last = 0, None
    for depth in [step for step in STEPS if walk.stops and step < deep] + [deep]:
        sql, params = walk.asked(depth - read, last)
        entries = query(sql, *params)
        fresh = []
        for entry in entries:
            if entry[:2] not in seen:
                seen.add(entry[:2])
                fresh.append(entry)
        yield from (fresh[nth : nth + AT_ONCE] for nth in range(0, len(fresh), AT_ONCE))
        if len(entries) < depth - read:
            return
        read, last = depth, entries[-1]


def satisfying(
    hits: list[Hit], terms: list[str], params: list[Any], *, who: bool
) -> list[tuple[Any, ...]]:
    """Return the candidates that satisfy all terms, in their order; ``who``: with who asked."""
    if is_sqlite():
        given = HITS_SQLITE
        values: list[Any] = [json.dumps([hit[:2] for hit in hits])]
    else:
        given, values = HITS_POSTGRESQL, [[hit[nth] for hit in hits] for nth in (0, 1)]
    columns, join, his = (WHO, REQUESTER, HIS) if who else ("", "", "")
    rows = query(
        # SQLite takes the tables of a cross join in this order.
        f"WITH hit AS MATERIALIZED ({given}) SELECT hit.nth{columns}"
        f" FROM hit CROSS JOIN ticket t{join}"
        f" WHERE t.site_id = hit.site_id AND t.id = hit.ticket_id{his}"
        f" AND {' AND '.join(terms)} ORDER BY hit.nth",
        *values, *params,
    )  # fmt: skip
    return [(hits[nth], *told) for nth, *told in rows]
