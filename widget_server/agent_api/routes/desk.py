"""The desk for programs: sleep, addresses, mergers, many tickets at once, saved texts, people."""

from typing import Any

from flask import Response, g

from ... import persons
from ...agents import service as agents
from ...database import transaction
from ...desk import bulk, merging, replies, views
from ...errors import Conflict, Invalid
from ...sites.models import Site
from ...tickets import inbox, service, snoozing
from ...tickets import merging as moving
from ...tickets.routes import KEY
from .. import desk, reading, schemas
from ..guards import actor, allowed, everywhere, site_keys, site_of
from .frame import TOKEN, answer, bp, once
from .tickets import ONE, READ, WRITE, load, shown


@bp.put(f"{ONE}/snooze")
@allowed(WRITE)
@bp.arguments(desk.NewSnooze())
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_update_snooze(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Let it sleep until a moment, or with null until its requester writes."""
    site, ticket = load(site_key, number)
    snoozing.snooze(ticket, actor(), desk.until(data["until"]))
    return shown(site, number)


@bp.delete(f"{ONE}/snooze")
@allowed(WRITE)
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_destroy_snooze(site_key: str, number: int) -> Response:
    """Wake it."""
    site, ticket = load(site_key, number)
    if ticket.snoozed_until:
        snoozing.wake(ticket, actor())
    return shown(site, number)


@bp.put(f"{ONE}/address")
@allowed(WRITE)
@bp.arguments(desk.NewAddress())
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_update_address(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Send its answers to another address from now on."""
    site, ticket = load(site_key, number)
    moving.set_address(ticket, actor(), data["email"])
    return shown(site, number)


@bp.post(f"{ONE}/merger")
@allowed(WRITE)
@bp.arguments(desk.NewMerger())
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_create_merger(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Make it part of another ticket of its site, which is the answer."""
    site, ticket = load(site_key, number)
    into = inbox.find_ticket(site.id, data["into"])
    merging.merge(ticket, into, actor())
    return shown(site, into.number)


@bp.post("/bulk")
@allowed(WRITE)
@bp.arguments(desk.Bulk())
@bp.alt_response(200, schema=desk.Touched)
@bp.doc(**TOKEN)
def agent_act_on_many(data: dict[str, Any]) -> Response:
    """Do one act to many tickets; the answer is what an undo takes."""
    chosen = [load(each["site"], each["number"]) for each in data["tickets"]]
    before: dict[str, dict[str, Any]] = {
        ticket.id: {"site": site.key, "number": ticket.number} | desk.standing(ticket)
        for site, ticket in chosen
    }
    tickets = list({ticket.id: ticket for _, ticket in chosen}.values())
    match data["act"]:
        case "complete":
            touched = bulk.complete(tickets, actor())
        case "assign":
            name = _name(data["agent"], {site.id for site, _ in chosen})
            touched = bulk.assign(tickets, actor(), agent_id=data["agent"], name=name)
        case "snooze":
            touched = bulk.snooze(tickets, actor(), desk.until(data["until"]))
        case "priority":
            touched = bulk.prioritise(tickets, actor(), data["priority"])
        case _:
            touched = bulk.tag(tickets, actor(), ",".join(data["tags"]))
    undo = []
    for was in (before[ticket.id] for ticket in touched):
        left = load(was["site"], was["number"])[1]
        undo.append(was | {"left": desk.standing(left)})
    return answer({"tickets": undo})


@bp.post("/bulk/undo")
@allowed(WRITE)
@bp.arguments(desk.Undo())
@bp.response(204)
@bp.doc(**TOKEN)
def agent_undo_many(data: dict[str, Any]) -> None:
    """Put tickets back to how they stood; what others changed since, or merged, stays."""
    chosen = [(each, *load(each["site"], each["number"])) for each in data["tickets"]]
    with transaction():
        for each, site, ticket in sorted(chosen, key=lambda row: row[2].id):
            if ticket.number != each["number"]:
                continue
            names = {agent.id: agent.name for agent in agents.agents_of(site.id)}
            before, left = desk.stood(each), each["left"] and desk.stood(each["left"])
            after = bulk.standing(left) if left else None
            bulk.restore(ticket, actor(), bulk.standing(before), names, after)


@bp.get("/replies")
@allowed(READ)
@bp.alt_response(200, schema=desk.Replies)
@bp.doc(**TOKEN)
def agent_replies() -> Response:
    """List the saved replies, with the places in their texts."""
    return answer({"replies": [desk.reply(each, site_keys()) for each in replies.all_replies()]})


@bp.post("/replies")
@allowed(WRITE)
@bp.arguments(desk.ReplyInput())
@bp.alt_response(201, schema=desk.ReplyView)
@bp.doc(**TOKEN, **KEY)
def agent_create_reply(data: dict[str, Any]) -> Response:
    """Save a reply for one site or for all."""
    site = _only(data["site"])
    # A key has to be some site's; of a reply for all it is the oldest's.
    owner = site.id if site else min(site_keys(), default=None)
    if owner is None:
        raise Conflict("Add a site first.")
    made = once(owner, "reply", data, lambda: _save(None, data, site))
    return answer(desk.reply(replies.find(made), site_keys()), 201)


@bp.put("/replies/<reply_id>")
@allowed(WRITE)
@bp.arguments(desk.ReplyInput())
@bp.alt_response(200, schema=desk.ReplyView)
@bp.doc(**TOKEN)
def agent_update_reply(data: dict[str, Any], reply_id: str) -> Response:
    """Change a saved reply."""
    _own(reply_id)
    _save(reply_id, data, _only(data["site"]))
    return answer(desk.reply(replies.find(reply_id), site_keys()))


@bp.delete("/replies/<reply_id>")
@allowed(WRITE)
@bp.response(204)
@bp.doc(**TOKEN)
def agent_remove_reply(reply_id: str) -> None:
    """Remove a saved reply."""
    _own(reply_id)
    replies.remove(reply_id)


@bp.get(f"{ONE}/replies")
@allowed(READ)
@bp.alt_response(200, schema=desk.Replies)
@bp.doc(**TOKEN)
def agent_offered_replies(site_key: str, number: int) -> Response:
    """List what could be answered to a ticket, the places in the texts filled."""
    site, ticket = load(site_key, number)
    requester = service.requester_of(ticket)
    name = requester.name or (ticket.email or requester.email or "").split("@")[0]
    known = {"name": name, "site": site.name, "agent": g.agent.name}
    filled = [
        desk.reply(each, site_keys()) | {"body": replies.filled(each.body, ticket, **known)}
        for each in replies.offered(site.id)
    ]
    return answer({"replies": filled})


@bp.get("/views")
@allowed(READ)
@bp.alt_response(200, schema=desk.Views)
@bp.doc(**TOKEN)
def agent_views() -> Response:
    """List the searches the token's agent keeps beside the inbox."""
    return answer({"views": [desk.view(each) for each in views.of(g.agent.id)]})


@bp.post("/views")
@allowed(WRITE)
@bp.arguments(desk.ViewInput())
@bp.alt_response(201, schema=desk.Views)
@bp.doc(**TOKEN)
def agent_create_view(data: dict[str, Any]) -> Response:
    """Keep a search; the same name is replaced. The answer lists them all."""
    views.save(g.agent.id, name=data["name"], text=data["q"])
    return answer({"views": [desk.view(each) for each in views.of(g.agent.id)]}, 201)


@bp.delete("/views/<view_id>")
@allowed(WRITE)
@bp.response(204)
@bp.doc(**TOKEN)
def agent_remove_view(view_id: str) -> None:
    """Keep a search no longer."""
    views.remove(g.agent.id, view_id)


@bp.get("/sites/<site_key>/people/<requester_id>")
@allowed(READ)
@bp.arguments(desk.PersonQuery(), location="query")
@bp.alt_response(200, schema=desk.AskedBy)
@bp.doc(**TOKEN)
def agent_person(args: dict[str, Any], site_key: str, requester_id: str) -> Response:
    """Return a requester and what they asked, the latest first."""
    found = persons.find(site_of(site_key).id, requester_id)
    rows, after = inbox.of_requester(found.site_id, found.id, after=args.get("after"))
    told = {"person": desk.person(found), "tickets": reading.rows(rows), "next": after}
    return answer(told)


def _name(agent_id: int | None, site_ids: set[int]) -> str | None:
    """Return an agent's name. Raises :exc:`Invalid` for one who does not see all these sites."""
    if agent_id is None:
        return None
    seen = [{each.id: each.name for each in agents.agents_of(site_id)} for site_id in site_ids]
    if not all(agent_id in names for names in seen):
        raise Invalid(fields={"agent": ["Choose an agent who sees all of these sites."]})
    return seen[0][agent_id]


def _only(site_key: str | None) -> Site | None:
    """Return the site a reply is for; one for all is not for who sees some of the sites only."""
    if site_key is None:
        everywhere()
        return None
    return site_of(site_key)


def _own(reply_id: str) -> None:
    if replies.find(reply_id).site_id is None:
        everywhere()


def _save(reply_id: str | None, data: dict[str, Any], site: Site | None) -> str:
    name, body = data["name"], data["body"]
    return replies.save(reply_id, name=name, body=body, site_id=site.id if site else None)
