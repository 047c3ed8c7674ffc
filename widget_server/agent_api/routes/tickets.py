"""Tickets: the inbox, one whole, and everything an agent does to it."""

from typing import Any

from flask import Response, g, request

from ...agents import service as agents
from ...attachments import service as attachments
from ...attachments.routes import file_name
from ...attachments.schemas import AttachmentView
from ...desk import mentions
from ...errors import Invalid
from ...identity import service as identity
from ...sites.models import Site
from ...tickets import inbox, labels, service
from ...tickets.models import Ticket
from ...tickets.routes import KEY
from .. import answers, reading, schemas
from ..guards import actor, allowed, site_of, visible_sites
from .frame import BYTES, TOKEN, answer, bp, once

ONE = "/tickets/<site_key>/<int:number>"
READ, WRITE = "tickets:read", "tickets:write"


@bp.get("/tickets")
@allowed(READ)
@bp.arguments(schemas.TicketsQuery(), location="query")
@bp.alt_response(200, schema=schemas.Page)
@bp.doc(**TOKEN)
def agent_index(args: dict[str, Any]) -> Response:
    """List a view of the inbox, or what a search finds."""
    site_id = site_of(args["site"]).id if "site" in args else None
    if "q" in args:
        places = [site for site in visible_sites() if site_id in (None, site.id)]
        found, after = reading.search(args["q"], g.agent.id, places)[: args["limit"]], None
    else:
        asked = reading.view(args["view"], g.agent.id, site_id)
        found, after = inbox.rows(asked, after=args.get("after"), most=args["limit"])
    return answer({"tickets": reading.rows(found), "next": after})


@bp.get("/counts")
@allowed(READ)
@bp.arguments(schemas.CountsQuery(), location="query")
@bp.alt_response(200, schema=answers.Counts)
@bp.doc(**TOKEN)
def agent_counts(args: dict[str, Any]) -> Response:
    """Count what is open in each view, up to 1000."""
    site_id = site_of(args["site"]).id if "site" in args else None
    return answer({"counts": inbox.counts(g.agent.id, site_id)})


@bp.post("/tickets")
@allowed(WRITE)
@bp.arguments(schemas.NewTicket())
@bp.alt_response(201, schema=schemas.Detail)
@bp.doc(**TOKEN, **KEY)
def agent_create(data: dict[str, Any]) -> Response:
    """File a request for somebody, who is not written to about it."""
    site = site_of(data["site"])

    def act() -> dict[str, int]:
        owner = identity.owner_of(site.id, data["email"])
        caller = identity.caller_for(site.id, owner, email=data["email"], name=data["name"])
        ticket = service.open_ticket(
            caller,
            title=data["title"],
            body=data["body"],
            locale=data["locale"][:2] or "es",
            category=data["category"] or service.default_category(site.id, None),
            email=data["email"],
            notify=data["notify"],
            filed_by=actor(),
        )
        return {"number": ticket.number}

    made = once(site.id, "open", data, act)
    return shown(site, made["number"], 201)


@bp.get(ONE)
@allowed(READ)
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_show(site_key: str, number: int) -> Response:
    """Return a ticket with its thread, notes included; it stays as unread as it was."""
    return shown(site_of(site_key), number)


@bp.post(f"{ONE}/messages")
@allowed(WRITE)
@bp.arguments(schemas.NewMessage())
@bp.alt_response(201, schema=schemas.Detail)
@bp.doc(**TOKEN, **KEY)
def agent_create_message(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Reply in Markdown, or leave a note for the team."""
    site, ticket = load(site_key, number)

    def act() -> dict[str, str]:
        message = service.post_message(
            ticket,
            actor(),
            body=data["body"],
            files=data["attachments"],
            internal=data["kind"] == "note",
        )
        if data["kind"] == "note":
            mentions.note(ticket, data["body"], by=g.agent.id)
        return {"message": message}

    once(site.id, ticket.id, data, act)
    return shown(site, number, 201)


@bp.post("/sites/<site_key>/attachments")
@allowed(WRITE)
@bp.response(201, AttachmentView)
@bp.doc(
    **TOKEN,
    **BYTES,
    parameters=[
        {"in": "header", "name": "X-File-Name", "required": True, "schema": {"type": "string"}}
    ],
)
def agent_create_attachment(site_key: str) -> dict[str, Any]:
    """Send one file, its name percent-encoded in X-File-Name; a message takes it by its id."""
    site = site_of(site_key)
    kept = attachments.receive(site.id, actor().owner, name=file_name(), source=request.stream)
    return attachments.view(kept)


@bp.put(f"{ONE}/state")
@allowed(WRITE)
@bp.arguments(schemas.NewState())
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_update_state(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Set where it stands."""
    site, ticket = load(site_key, number)
    service.set_state(ticket, actor(), data["state"])
    return shown(site, number)


@bp.put(f"{ONE}/closure")
@allowed(WRITE)
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_create_closure(site_key: str, number: int) -> Response:
    """Complete it."""
    site, ticket = load(site_key, number)
    service.close(ticket, actor())
    return shown(site, number)


@bp.delete(f"{ONE}/closure")
@allowed(WRITE)
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_destroy_closure(site_key: str, number: int) -> Response:
    """Reopen it."""
    site, ticket = load(site_key, number)
    service.reopen(ticket, actor())
    return shown(site, number)


@bp.put(f"{ONE}/progress")
@allowed(WRITE)
@bp.arguments(schemas.NewProgress())
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_update_progress(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Set the progress by hand; with a checklist it follows its steps."""
    site, ticket = load(site_key, number)
    service.set_progress(ticket, actor(), data["progress"])
    return shown(site, number)


@bp.put(f"{ONE}/checklist")
@allowed(WRITE)
@bp.arguments(schemas.NewChecklist())
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_update_checklist(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Replace the steps the requester sees."""
    site, ticket = load(site_key, number)
    service.set_checklist(ticket, actor(), data["steps"])
    return shown(site, number)


@bp.put(f"{ONE}/category")
@allowed(WRITE)
@bp.arguments(schemas.NewCategory())
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_update_category(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Move it to another category of its site."""
    site, ticket = load(site_key, number)
    service.set_category(ticket, actor(), data["category"])
    return shown(site, number)


@bp.put(f"{ONE}/assignee")
@allowed(WRITE)
@bp.arguments(schemas.NewAssignee())
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_update_assignee(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Hand it to an agent, or with null to nobody."""
    site, ticket = load(site_key, number)
    names = {each.id: each.name for each in agents.agents_of(site.id)}
    if data["agent"] is not None and data["agent"] not in names:
        raise Invalid(fields={"agent": ["No such agent."]})
    service.assign(ticket, actor(), agent_id=data["agent"], name=names.get(data["agent"]))
    return shown(site, number)


@bp.put(f"{ONE}/priority")
@allowed(WRITE)
@bp.arguments(schemas.NewPriority())
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_update_priority(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Set how urgent it is; requesters do not see it."""
    site, ticket = load(site_key, number)
    labels.set_priority(ticket, actor(), data["priority"])
    return shown(site, number)


@bp.put(f"{ONE}/tags")
@allowed(WRITE)
@bp.arguments(schemas.NewTags())
@bp.alt_response(200, schema=schemas.Detail)
@bp.doc(**TOKEN)
def agent_update_tags(data: dict[str, Any], site_key: str, number: int) -> Response:
    """Replace its tags; requesters do not see them."""
    site, ticket = load(site_key, number)
    labels.set_tags(ticket, actor(), data["tags"])
    return shown(site, number)


def load(site_key: str, number: int) -> tuple[Site, Ticket]:
    site = site_of(site_key)
    return site, inbox.find_ticket(site.id, number)


def shown(site: Site, number: int, status: int = 200) -> Response:
    return answer(reading.detail(site, inbox.find_ticket(site.id, number)), status)
