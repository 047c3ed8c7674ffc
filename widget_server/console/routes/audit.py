"""The audit log: who changed what, when and from where."""

from typing import Any

from flask import g, request

from ... import audit
from ...agents import people
from ...agents.models import ADMINISTRATOR
from ...errors import Forbidden
from ...sites import service as sites
from ...tickets import inbox as tickets
from ..presenters import audit as presenter
from .frame import bp, page, words
from .inbox import shell


@bp.get("/audit")
def audit_log() -> str:
    """Show the log; agents see that of one ticket, administrators all of it."""
    asked = request.args
    site = sites.find_site(asked["site"]) if asked.get("site") else None
    ticket = None
    if site and asked.get("ticket", "").isdecimal():
        ticket = tickets.find_ticket(site.id, int(asked["ticket"][:18]))
    if ticket is None and g.agent.role != ADMINISTRATOR:
        raise Forbidden("Only administrators read the whole log.")
    group = asked.get("group") if asked.get("group") in presenter.GROUPS else None
    chosen = asked.get("agent", "")
    found, more = audit.rows(
        agent_id=int(chosen) if chosen.isascii() and chosen.isdecimal() else None,
        site_id=site.id if site else None,
        ticket_id=ticket.id if ticket else None,
        act=f"{group}." if group else None,
        before=asked.get("before"),
    )
    everywhere = {each.id: each for each in sites.all_sites()}
    shown: dict[str, Any] = {
        "rows": [presenter.row(each, everywhere, words()) for each in found],
        "more": more,
        "groups": presenter.GROUPS,
        "everyone": people.everyone(),
        "asked": {name: asked.get(name, "") for name in ("agent", "group", "site", "ticket")},
        "about": ticket,
    }
    return page("audit.html", **shown, **shell())
