"""Agents, teams, people's data and the log, as programs see them."""

from typing import Any

from flask import Response, current_app, g, url_for

from ... import audit, persons
from ...agents import people, teams
from ...sites.reach import reach
from ...tickets import inbox
from .. import answers, reading, schemas
from ..guards import allowed, everywhere, site_keys, site_of, visible_sites
from .frame import TOKEN, answer, bp

READ, WRITE = "agents:read", "agents:write"


@bp.get("/me")
@allowed("tickets:read")
@bp.alt_response(200, schema=answers.Me)
@bp.doc(**TOKEN)
def agent_me() -> Response:
    """Return whose token this is and what it may do."""
    only = [site.key for site in visible_sites()] if reach() is not None else None
    token = {"name": g.token.name, "scopes": g.token.scopes, "sites": only}
    return answer({"agent": reading.agent(g.agent, people.limits()), "token": token})


@bp.get("/agents")
@allowed(READ)
@bp.alt_response(200, schema=answers.Agents)
@bp.doc(**TOKEN)
def agent_agents() -> Response:
    """List agents, those who left last."""
    limits = people.limits()
    return answer({"agents": [reading.agent(each, limits) for each in people.everyone()]})


@bp.post("/agents")
@allowed(WRITE)
@bp.arguments(schemas.Invitation())
@bp.alt_response(201, schema=schemas.AgentView)
@bp.doc(**TOKEN)
def agent_invite(data: dict[str, Any]) -> Response:
    """Invite somebody; the link is in the answer only where mail is off."""
    everywhere()
    places = [site_of(key).id for key in data.pop("sites")]
    made, secret = people.invite(**data, site_ids=places)
    path = url_for("console.choose_password", token=secret) if secret else None
    link = current_app.config["SERVER_URL"] + path if path else None
    return answer(reading.agent(made, people.limits(), link), 201)


@bp.patch("/agents/<int:agent_id>")
@allowed(WRITE)
@bp.arguments(schemas.AgentChange())
@bp.alt_response(200, schema=schemas.AgentView)
@bp.doc(**TOKEN)
def agent_change(data: dict[str, Any], agent_id: int) -> Response:
    """Change name, role, which sites they see, or whether they may sign in."""
    everywhere()
    if "sites" in data:
        data["site_ids"] = [site_of(key).id for key in data.pop("sites")]
    people.change(people.find(min(agent_id, 2**62)), **data)
    return answer(reading.agent(people.find(agent_id), people.limits()))


@bp.get("/teams")
@allowed(READ)
@bp.alt_response(200, schema=answers.Teams)
@bp.doc(**TOKEN)
def agent_teams() -> Response:
    """List teams with their members and what they take."""
    return answer({"teams": reading.all_teams(visible_sites())})


@bp.post("/teams")
@allowed(WRITE)
@bp.arguments(schemas.TeamInput())
@bp.alt_response(201, schema=answers.TeamView)
@bp.doc(**TOKEN)
def agent_create_team(data: dict[str, Any]) -> Response:
    """Make a team."""
    return _saved(None, data, 201)


@bp.put("/teams/<int:team_id>")
@allowed(WRITE)
@bp.arguments(schemas.TeamInput())
@bp.alt_response(200, schema=answers.TeamView)
@bp.doc(**TOKEN)
def agent_update_team(data: dict[str, Any], team_id: int) -> Response:
    """Change a team."""
    return _saved(min(team_id, 2**62), data, 200)


@bp.delete("/teams/<int:team_id>")
@allowed(WRITE)
@bp.response(204)
@bp.doc(**TOKEN)
def agent_remove_team(team_id: int) -> None:
    """Remove a team; its tickets stay with whom they are."""
    everywhere()
    teams.remove(min(team_id, 2**62))


@bp.get("/tickets/<site_key>/<int:number>/requester")
@allowed("settings:write")
@bp.alt_response(200, schema=answers.Kept)
@bp.doc(**TOKEN)
def agent_export_person(site_key: str, number: int) -> Response:
    """Return everything kept of a ticket's requester."""
    ticket = inbox.find_ticket(site_of(site_key).id, number)
    return answer(persons.export(ticket.site_id, ticket.requester_id))


@bp.delete("/tickets/<site_key>/<int:number>/requester")
@allowed("settings:write")
@bp.response(204)
@bp.doc(**TOKEN)
def agent_erase_person(site_key: str, number: int) -> None:
    """Erase a ticket's requester and everything they sent, for good."""
    ticket = inbox.find_ticket(site_of(site_key).id, number)
    persons.erase(ticket.site_id, ticket.requester_id)


@bp.get("/audit")
@allowed("audit:read")
@bp.arguments(schemas.AuditQuery(), location="query")
@bp.alt_response(200, schema=answers.Acts)
@bp.doc(**TOKEN)
def agent_audit(args: dict[str, Any]) -> Response:
    """List what agents did, the latest first; ``act`` ending in a dot is a whole group."""
    site_id = site_of(args["site"]).id if "site" in args else g.token.only_site
    found, more = audit.rows(
        agent_id=args.get("agent"), site_id=site_id, act=args.get("act"), before=args.get("before")
    )
    shown = [reading.logged(each, site_keys()) for each in found]
    return answer({"acts": shown, "next": more})


def _saved(team_id: int | None, data: dict[str, Any], status: int) -> Response:
    everywhere()
    duties = [(site_of(each["site"]).id, each["category"]) for each in data.pop("duties")]
    saved = teams.save(team_id, duties=duties, **data)
    shown = next(each for each in reading.all_teams(visible_sites()) if each["id"] == saved)
    return answer(shown, status)
