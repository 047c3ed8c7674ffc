"""Figures for programs: the numbers of the console's pictures, day by day and together."""

from datetime import date, timedelta
from typing import Any

from flask import Response

from ...clock import utcnow
from ...errors import Invalid
from ...figures import service
from ...figures.days import ONE, today
from ...sites import service as sites
from .. import figures
from ..guards import allowed, site_of, visible_sites
from .frame import TOKEN, answer, bp

#: Days told when none are named.
USUAL = 30

#: Nothing was asked before.
FIRST, YEAR = date(2000, 1, 1), timedelta(days=366)


@bp.get("/figures")
@allowed("tickets:read")
@bp.arguments(figures.FiguresQuery(), location="query")
@bp.alt_response(200, schema=figures.Figures)
@bp.doc(**TOKEN)
def agent_figures(args: dict[str, Any]) -> Response:
    """Return what was opened, answered, closed, quoted and paid, day by day and together."""
    chosen = [site_of(args["site"])] if "site" in args else visible_sites()
    now = max((today(sites.zone_of(each), utcnow()) for each in chosen), default=utcnow().date())
    last: date = args.get("until") or now
    if not FIRST <= last <= now + YEAR:
        raise Invalid(fields={"until": [f"A day from {FIRST} to a year from now."]})
    first: date = args.get("from_") or last - (USUAL - 1) * ONE
    if not 0 <= (last - first).days < service.LONGEST:
        raise Invalid(fields={"from": [f"At most {service.LONGEST} days before until."]})
    spans = service.days(chosen, first, last)
    keys = {str(each.id): each.key for each in chosen}
    whole = figures.told(service.together(spans), keys)
    whole["deflection"]["share"] = service.confirmed_share(spans)
    return answer({"total": whole, "days": [figures.told(each, keys) for each in spans]})
