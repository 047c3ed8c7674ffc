"""What is kept of a person, to take along or to remove."""

import json
from typing import Any

from flask import Response, g, redirect, url_for

from ... import persons
from ...agents.models import ADMINISTRATOR
from ...errors import Forbidden
from ...tickets import service
from .frame import bp, page
from .inbox import shell
from .ticket import load

PATH = "/tickets/<site_key>/<int:number>/requester"


@bp.get(f"{PATH}/export")
def export_person(site_key: str, number: int) -> Response:
    """Return everything kept of the ticket's requester."""
    _administrators_only()
    _, ticket = load(site_key, number)
    data = persons.export(ticket.site_id, ticket.requester_id)
    return Response(
        json.dumps(data, ensure_ascii=False, indent=2),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="person-{number}.json"'},
    )


@bp.get(f"{PATH}/erasure")
def confirm_erasure(site_key: str, number: int) -> str:
    """Ask once more, saying what will be gone."""
    _administrators_only()
    site, ticket = load(site_key, number)
    return page(
        "erasure.html",
        owner=site,
        ticket=ticket,
        requester=service.requester_of(ticket),
        **shell(),
    )


@bp.post(f"{PATH}/erasure")
def create_erasure(site_key: str, number: int) -> Any:
    """Remove the ticket's requester and everything they sent."""
    _administrators_only()
    _, ticket = load(site_key, number)
    persons.erase(ticket.site_id, ticket.requester_id)
    return redirect(url_for("console.inbox"), 303)


def _administrators_only() -> None:
    if g.agent.role != ADMINISTRATOR:
        raise Forbidden("Only administrators export and erase people.")
