"""Agents and teams, as administrators keep them."""

from typing import Any

from flask import current_app, g, redirect, request, url_for
from marshmallow import ValidationError, fields, validate

from ...agents import people, teams
from ...agents.guards import administrators, confirmed
from ...agents.models import AGENT, ROLES, Agent
from ...errors import Conflict, Invalid
from ...limits import limited
from ...sites import service as sites
from ...wire import Email, Line
from ..forms import Form
from ..language import LANGUAGES
from .frame import bp, page, words
from .inbox import shell


class InvitationForm(Form):
    email = Email(required=True)
    name = Line(most=80, required=True)
    role = fields.String(load_default=AGENT, validate=validate.OneOf(ROLES))
    locale = fields.String(load_default="es", validate=validate.OneOf(LANGUAGES))


class AgentForm(Form):
    name = Line(most=80, required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))


def _ticked() -> list[int]:
    """Return the sites an agent is to be limited to."""
    return [sites.find_site(key).id for key in request.form.getlist("sees")]


@bp.get("/agents")
def team() -> str:
    """Show who answers, and which teams they are in."""
    return _team()


@bp.post("/agents")
@administrators
@confirmed
@limited("30 per hour", by=lambda: f"agent {g.agent.id}")
def create_agent() -> Any:
    """Invite somebody; without mail, the link is shown to be handed over."""
    try:
        data = InvitationForm().load(request.form)
        made, secret = people.invite(**data, site_ids=_ticked())
    except (ValidationError, Invalid):
        return _team(typed=request.form, fault="team.fault.invitation"), 422
    except Conflict:
        return _team(typed=request.form, fault="team.fault.known"), 422
    return _invited(made, secret)


@bp.post("/agents/<int:agent_id>")
@administrators
@confirmed
def update_agent(agent_id: int) -> Any:
    """Change name and role, or what the pressed button says."""
    found = people.find(agent_id)
    try:
        match request.form.get("act"):
            case "deactivate":
                people.change(found, active=False)
            case "activate":
                people.change(found, active=True)
            case "lift":
                people.lift_second_factor(found)
            case "invite":
                return _invited(found, people.invite_again(found))
            case _:
                data = AgentForm().load(request.form)
                people.change(found, **data, site_ids=_ticked())
    except Conflict:
        return _team(fault="team.fault.last"), 422
    return redirect(url_for("console.team", saved=agent_id), 303)


@bp.post("/teams/<team_id>")
@administrators
def update_team(team_id: str) -> Any:
    """Change a team, make one under "new", or remove it."""
    known = None if team_id == "new" else _number(team_id)
    if "remove" in request.form and known is not None:
        teams.remove(known)
        return redirect(url_for("console.team", saved="teams"), 303)
    by_key = {site.key: site.id for site in sites.all_sites()}
    duties = []
    for duty in request.form.getlist("duty"):
        key, _, category = duty.partition("/")
        if key not in by_key:
            raise Invalid(fields={"duties": ["No such site or category."]})
        duties.append((by_key[key], category))
    try:
        teams.save(
            known,
            name=Line(most=60).deserialize(request.form.get("name", "")),
            mode=request.form.get("mode", ""),
            members=[_number(each) for each in request.form.getlist("member")],
            duties=duties,
        )
    except ValidationError:
        return _team(fault="team.fault.name"), 422
    return redirect(url_for("console.team", saved="teams"), 303)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Invalid(fields={"id": ["A number."]})
    return int(text)


def _invited(made: Agent, secret: str | None) -> Any:
    if secret is None:
        return redirect(url_for("console.team", saved=made.id), 303)
    path = url_for("console.choose_password", token=secret)
    return _team(invited=made, link=current_app.config["SERVER_URL"] + path)


def _team(**values: Any) -> str:
    everyone = people.everyone()
    places = []
    for site in sites.all_sites():
        said = words()
        offered = [(each.id, said.of(each.name)) for each in sites.categories(site.id)]
        places.append({"id": site.id, "key": site.key, "name": site.name, "categories": offered})
    return page(
        "team.html",
        everyone=everyone,
        limits=people.limits(),
        active=[each for each in everyone if not each.disabled_at],
        teams=teams.all_teams(),
        places=places,
        modes=teams.MODES,
        roles=ROLES,
        saved=request.args.get("saved"),
        **values,
        **shell(),
    )
