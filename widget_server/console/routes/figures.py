"""How the team is doing, as pictures, tables and files."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, request

from ...clock import utcnow
from ...errors import NotFound
from ...figures import service
from ...figures.days import ONE, today
from ...figures.service import LONGEST, Span
from ...sites import service as sites
from ...sites.models import Site
from ..presenters import busiest
from ..presenters import figures as presenter
from .frame import bp, page, words
from .inbox import shell

#: Days back that are one click away.
PRESETS = (7, 30, 90, 365)
USUAL = 30

#: What a spreadsheet would take for a formula begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Asked:
    """The days and the site an address asks for; ``preset``: days back, if it was one of them."""

    first: date
    last: date
    preset: int | None
    site: Site | None
    fault: bool = False

    @property
    def sites(self) -> list[Site]:
        return [self.site] if self.site else sites.all_sites()

    @property
    def spans(self) -> list[Span]:
        return service.days(self.sites, self.first, self.last)

    @property
    def query(self) -> dict[str, Any]:
        """Return what of the address the files of the page repeat."""
        days = {"days": self.preset} if self.preset else {"from": self.first, "until": self.last}
        return days | {"site": self.site.key if self.site else None}


@bp.get("/figures")
def figures() -> str:
    """Show every figure of some days."""
    asked = _asked()
    step = presenter.step_of((asked.last - asked.first).days + 1)
    spans, grouped = service.grouped(asked.sites, asked.first, asked.last, step)
    whole = service.together(grouped)
    return page(
        "figures.html",
        **shell() | {"site": None},
        place="figures",
        asked=asked,
        presets=PRESETS,
        chosen=asked.site.key if asked.site else "",
        said=presenter.span_said(asked.first, asked.last, words()),
        shown=presenter.shown(spans, grouped, whole, words()),
        busy=[
            busiest.busiest_hours(whole, words()),
            busiest.busiest_categories(whole, _categories(asked.sites), words()),
        ],
    )


@bp.get("/figures/<name>.csv")
def figures_file(name: str) -> Response:
    """Send one figure as a file: a row a day."""
    asked = _asked()
    spans = asked.spans
    if name in ("hours", "categories"):
        names = _categories(asked.sites)
        told: Any = getattr(service.together(spans).told, name)
        head = [{"hours": "hour", "categories": "category"}[name], "opened"]
        rows = [[names.get(key, key), count] for key, count in sorted(told.items())]
    else:
        found = [kind for kind in presenter.kinds(spans) if kind.id == name]
        if not found:
            raise NotFound("No such figure.")
        head, rows = presenter.sheet(found[0], spans)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    span = f"{asked.first}-{asked.last}"
    return Response(
        text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}-{span}.csv"'},
    )


def _asked() -> Asked:
    key = request.args.get("site")
    site = sites.find_site(key) if key else None
    now = _now([site] if site else sites.all_sites())
    first, last = _day("from"), _day("until")
    if first and last and first <= last and (last - first).days < LONGEST:
        return Asked(first, last, None, site)
    wished = request.args.get("days", type=int)
    days = wished if wished in PRESETS else USUAL
    fault = bool(request.args.get("from") or request.args.get("until"))
    return Asked(now - (days - 1) * ONE, now, days, site, fault)


def _now(chosen: list[Site]) -> date:
    """Return today, by the first of the sites' clocks to begin it."""
    days = [today(sites.zone_of(each), utcnow()) for each in chosen]
    return max(days, default=utcnow().date())


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= utcnow().date() + timedelta(days=366) else None


def _categories(chosen: list[Site]) -> dict[str, str]:
    named = {
        f"{site.id}:{each.id}": words().of(each.name)
        for site in chosen
        for each in sites.categories(site.id, retired=True)
    }
    return named | {f"{site.id}:": words()("figures.no_category") for site in chosen}


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
