"""Several tickets at once: completed, handed over, put to sleep; and all of it undone."""

import json
from typing import Any

from flask import g, make_response, redirect, request, url_for

from ...agents import service as agents
from ...desk import bulk
from ...errors import Invalid, NotFound
from ...tickets.models import Ticket
from .acts import me, snooze_time
from .frame import bp, is_part, page
from .ticket import load


@bp.post("/bulk")
def act_on_many() -> Any:
    """Do one act to the chosen tickets."""
    chosen = _chosen()
    before = {key: bulk.standing(ticket) for key, (_, ticket) in chosen.items()}
    tickets = [ticket for _, ticket in chosen.values()]
    act, _, value = request.form.get("act", "").partition(":")
    match act:
        case "complete":
            touched = bulk.complete(tickets, me())
        case "assign":
            agent_id = g.agent.id if value == "me" else int(value) if value.isdigit() else None
            names = _names({ticket.site_id for ticket in tickets})
            if agent_id is not None and agent_id not in names:
                raise Invalid(fields={"act": ["Choose an agent who sees all of these sites."]})
            touched = bulk.assign(tickets, me(), agent_id=agent_id, name=names.get(agent_id or 0))
        case "snooze":
            touched = _snooze(list(chosen.values()), value)
        case "priority":
            touched = bulk.prioritise(tickets, me(), value)
        case "tag":
            touched = bulk.tag(tickets, me(), request.form.get("tag", ""))
        case _:
            raise Invalid(fields={"act": ["complete, assign, snooze, priority or tag."]})
    after = _chosen()
    undo = [
        f"{key}={before[key]}={bulk.standing(after[key][1])}"
        for key, (_, ticket) in chosen.items()
        if ticket in touched and key in after
    ]
    return _answer(act=act, count=len(touched), undo=undo)


@bp.post("/bulk/undo")
def undo_many() -> Any:
    """Put the tickets of an act back to how they stood."""
    for each in request.form.getlist("was"):
        key, _, stood = each.partition("=")
        before, _, after = stood.partition("=")
        found = _named(key)
        if found is not None:
            site, ticket = found
            bulk.restore(ticket, me(), before, _names({site.id}), after)
    return _answer(act="undone", count=0, undo=[])


def _names(site_ids: set[int]) -> dict[int, str]:
    """Return the names of the agents who see all of these sites."""
    seen = [{each.id: each.name for each in agents.agents_of(site_id)} for site_id in site_ids]
    return {key: name for key, name in seen[0].items() if all(key in other for other in seen)} \
        if seen else {}  # fmt: skip


def _snooze(chosen: list[tuple[Any, Ticket]], value: str) -> list[Ticket]:
    touched = []
    for site, ticket in chosen:
        until = snooze_time(site, value)
        if until is None:
            raise Invalid(fields={"act": ["A time to come."]})
        touched += bulk.snooze([ticket], me(), until)
    return touched


def _chosen() -> dict[str, tuple[Any, Ticket]]:
    """Return the tickets that were ticked; one that is gone meanwhile is left out."""
    keys = request.form.getlist("ticket")
    if len(keys) > bulk.MOST:
        raise Invalid(fields={"ticket": [f"At most {bulk.MOST} at once."]})
    return {key: found for key in keys if (found := _named(key)) is not None}


def _named(key: str) -> tuple[Any, Ticket] | None:
    """Return the ticket ``site:number``, unless it is gone or part of another meanwhile."""
    site_key, _, number = key.partition(":")
    if not number.isdecimal():
        return None
    try:
        site, ticket = load(site_key, int(number[:15]))
    except NotFound:
        return None
    return (site, ticket) if ticket.number == int(number[:15]) else None


def _answer(**values: Any) -> Any:
    if not is_part():
        return redirect(url_for("console.inbox"), 303)
    response = make_response(page("_bulk_toast.html", **values))
    response.headers["HX-Reswap"] = "none"
    response.headers["HX-Trigger"] = json.dumps({"inbox-changed": {}, "bulk-done": {}})
    return response
