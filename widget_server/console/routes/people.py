"""One requester: who they are, and everything they asked."""

from typing import Any

from flask import request

from ... import persons
from ...desk import merging as desk
from ...sites import service as sites
from ...tickets import inbox, merging
from ...tickets.inbox import PAGE
from ..forms import AddressForm, MergeForm
from ..presenters.people import initials, name_of
from .acts import PATH, done, me
from .frame import bp, page
from .inbox import present, shell
from .ticket import load


@bp.get("/people/<site_key>/<requester_id>")
def person(site_key: str, requester_id: str) -> str:
    """Show a requester with their history, the latest first."""
    site = sites.find_site(site_key)
    found = persons.find(site.id, requester_id)
    rows, after = inbox.of_requester(site.id, found.id, after=request.args.get("after"), most=PAGE)
    name = name_of(found.name, found.email)
    return page(
        "asked.html",
        owner=site,
        person=found,
        name=name,
        mark=initials(name),
        rows=present(rows),
        after=after,
        **shell(),
    )


@bp.post(f"{PATH}/address")
def update_address(site_key: str, number: int) -> Any:
    """Change where a ticket's answers go."""
    site, ticket = load(site_key, number)
    merging.set_address(ticket, me(), AddressForm().load(request.form)["email"])
    return done(site, ticket)


@bp.post(f"{PATH}/merger")
def create_merger(site_key: str, number: int) -> Any:
    """Make this ticket part of another; the other's page comes next."""
    site, ticket = load(site_key, number)
    into = inbox.find_ticket(site.id, MergeForm().load(request.form)["number"])
    desk.merge(ticket, into, me())
    return done(site, into, moved=True)
