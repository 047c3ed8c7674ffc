"""The inbox: all sites in one list that keeps itself up to date."""

from typing import Any

from flask import Response, g, redirect, request, url_for

from ...agents import service as agents
from ...desk import finding, mentions, views
from ...sites import service as sites
from ...sites.models import Site
from ...tickets import inbox as tickets
from ..forms import SavedViewForm
from ..live import unchanged
from ..presenters import inbox as presenter
from ..views import VIEWS, view_of
from .frame import bp, is_part, page, words

DEFAULT = "open"


@bp.get("/")
def inbox() -> Any:
    """Show a view of the inbox, or what a search finds; a bare number opens its ticket."""
    if is_part() and request.args.get("after"):
        return more()
    shown = listing()
    if is_part():
        return page("_list.html", saved_views=views.of(g.agent.id), **shown)
    if shown["q"] and _number(shown["q"]) and len(shown["rows"]) == 1:
        return redirect(ticket_url(shown["rows"][0]), 303)
    return page("inbox.html", **shown, **shell(shown))


def more() -> str:
    """Return the next rows of the list."""
    view, site = _asked()
    rows, after = tickets.rows(view, after=request.args["after"])
    return page(
        "_more.html",
        rows=present(rows),
        next=after,
        mark="",
        shown=_shown() + len(rows),
        **_names(site),
    )


@bp.get("/pulse")
def pulse() -> Any:
    """Return the list again if anything in it changed, else nothing."""
    if unchanged("desk"):
        return Response(status=204)
    shown = listing()
    if shown["mark"] == request.args.get("mark"):
        return Response(status=204)
    return page("_pulse.html", **shown, **shell(shown))


def listing() -> dict[str, Any]:
    """Return the list the address asks for."""
    view, site = _asked()
    names = _names(site)
    if names["q"]:
        rows, after = _found(names["q"], site), None
    else:
        rows, after = tickets.rows(view, most=_shown())
    counts = tickets.counts(g.agent.id, site.id if site else None)
    presented = present(rows)
    return names | {
        "rows": presented,
        "next": after,
        "team": [(each.id, each.name) for each in agents.all_agents()],
        "shown": _shown(),
        "counts": counts,
        "mark": presenter.mark(presented, counts),
    }


def shell(listing: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the frame around every page shows: views with counts, and sites."""
    shown: dict[str, Any] = {
        "all_sites": [_site(site) for site in sites.open_sites()],
        "saved_views": views.of(g.agent.id),
        "mentions": mentions.unseen(g.agent.id),
    }
    if listing is None:
        shown |= {"counts": tickets.counts(g.agent.id), "view": None, "site": None, "q": ""}
    return shown


def ticket_url(row: dict[str, Any]) -> str:
    return url_for("console.ticket", site_key=row["site_key"], number=row["number"])


@bp.post("/views")
def create_view() -> Any:
    """Keep a search beside the views."""
    data = SavedViewForm().load(request.form)
    views.save(g.agent.id, name=data["name"], text=data["q"])
    return redirect(url_for("console.inbox", q=data["q"]), 303)


@bp.post("/views/<view_id>/removal")
def remove_view(view_id: str) -> Any:
    views.remove(g.agent.id, view_id)
    return redirect(url_for("console.inbox"), 303)


def _asked() -> tuple[tickets.View, Site | None]:
    site_key = request.args.get("site")
    site = sites.find_site(site_key) if site_key else None
    return view_of(_view_name(), g.agent.id, site.id if site else None), site


def _view_name() -> str:
    name = request.args.get("view", DEFAULT)
    return name if name in VIEWS else DEFAULT


def _names(site: Site | None) -> dict[str, Any]:
    return {
        "view": _view_name(),
        "site": site.key if site else None,
        "q": " ".join(request.args.get("q", "").split())[:100],
        "current": request.args.get("current", ""),
    }


def _shown() -> int:
    asked = request.args.get("shown", tickets.PAGE, type=int)
    return max(tickets.PAGE, min(asked, tickets.LONGEST))


def _found(text: str, site: Site | None) -> list[tickets.Row]:
    number = _number(text)
    ids = [site.id] if site else [each.id for each in sites.all_sites()]
    rows = tickets.find_by_number(number, ids) if number else []
    if text.startswith("#") and number:
        return rows
    known = {row.id for row in rows}
    by_text = finding.find(text, g.agent.id, site.id if site else None)
    return rows + [row for row in by_text if row.id not in known]


def _number(text: str) -> int | None:
    digits = text.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def present(rows: list[tickets.Row]) -> list[dict[str, Any]]:
    names = agents.names()
    return [presenter.row(row, words(), names) for row in rows]


def _site(site: Site) -> dict[str, Any]:
    return {"key": site.key, "name": site.name, "accent": presenter.accent_of(site)}
