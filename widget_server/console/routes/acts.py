"""What an agent does to a ticket beside writing: state, progress, checklist, category, assignee."""

import json
from datetime import datetime, timedelta
from itertools import chain, repeat
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, make_response, redirect, request, url_for

from ...agents import service as agents
from ...clock import stamp, utcnow
from ...errors import Invalid
from ...ids import new_id
from ...sites.models import Site
from ...tickets import labels, service, snoozing
from ...tickets.ledger import Actor
from ...tickets.models import Ticket
from ...tickets.states import COMPLETED
from .. import forms
from .frame import bp, is_part, page
from .ticket import load, parts

PATH = "/tickets/<site_key>/<int:number>"


def me() -> Actor:
    return Actor("agent", str(g.agent.id), g.agent.name)


def done(site: Site, ticket: Ticket, **values: Any) -> Any:
    """Answer an act with what it changed: the ticket's parts, a word in the inbox, or the page."""
    ticket = load(site.key, ticket.number)[1]
    if values.get("moved") and is_part():
        there = url_for("console.ticket", site_key=site.key, number=ticket.number)
        return Response(status=204, headers={"HX-Redirect": there})
    if not is_part():
        undo = values.get("undo")
        place = url_for("console.ticket", site_key=site.key, number=ticket.number, undo=undo)
        return redirect(place, 303)
    if request.form.get("from") == "inbox":
        response = make_response(page("_toast.html", ticket=ticket, owner=site, **values))
        response.headers["HX-Reswap"] = "none"
    else:
        response = make_response(parts(site, ticket, acted=True, **values))
    news: dict[str, Any] = {"inbox-changed": {}}
    if values.get("sent"):
        news["message-sent"] = {"key": new_id()}
    response.headers["HX-Trigger"] = json.dumps(news)
    return response


@bp.post(f"{PATH}/state")
def update_state(site_key: str, number: int) -> Any:
    """Set where the ticket stands; completing it can be undone, until somebody else acts on it."""
    site, ticket = load(site_key, number)
    data = forms.StateForm().load(request.form)
    before = ticket.state
    service.set_state(ticket, me(), data["state"], since=data["since"])
    completed = data["state"] == COMPLETED != before
    return done(site, ticket, undo=before if completed else None)


@bp.post(f"{PATH}/progress")
def update_progress(site_key: str, number: int) -> Any:
    site, ticket = load(site_key, number)
    service.set_progress(ticket, me(), forms.ProgressForm().load(request.form)["progress"])
    return done(site, ticket)


@bp.post(f"{PATH}/checklist")
def update_checklist(site_key: str, number: int) -> Any:
    """Change the steps: an emptied label or the pressed "remove" drops one, ``new`` adds one."""
    site, ticket = load(site_key, number)
    steps = _steps(ticket.checklist)
    if len(steps) > forms.STEPS:
        raise Invalid(fields={"new": [f"At most {forms.STEPS} steps."]})
    if steps != ticket.checklist:
        service.set_checklist(ticket, me(), steps)
    return done(site, ticket)


def _steps(current: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps with what was changed on the page; what others did since it was made stays.

    ``was`` is what stood there, each step's label after a 1 if it was done, else after a 0.
    """
    given, field = request.form, forms.Step()
    finished, removed = set(given.getlist("done")), given.get("remove")
    stood = chain(given.getlist("was"), repeat(""))
    shown = zip(given.getlist("step"), given.getlist("label"), stood, strict=False)
    told = {step: (field.deserialize(label), step in finished, was) for step, label, was in shown}
    steps = []
    for step in current:
        label, done, was = told.get(step["id"], (step["label"], step["done"], ""))
        if label and step["id"] != removed:
            label = step["label"] if was[1:] == label else label
            done = step["done"] if was[:1] == str(int(done)) else done
            steps.append({"id": step["id"], "label": label, "done": done})
    added = field.deserialize(given.get("new", ""))
    return [*steps, {"id": new_id()[-8:], "label": added, "done": False}] if added else steps


@bp.post(f"{PATH}/category")
def update_category(site_key: str, number: int) -> Any:
    site, ticket = load(site_key, number)
    service.set_category(ticket, me(), forms.CategoryForm().load(request.form)["category"])
    return done(site, ticket)


@bp.post(f"{PATH}/priority")
def update_priority(site_key: str, number: int) -> Any:
    site, ticket = load(site_key, number)
    labels.set_priority(ticket, me(), request.form.get("priority", ""))
    return done(site, ticket)


@bp.post(f"{PATH}/tags")
def update_tags(site_key: str, number: int) -> Any:
    """Take the pressed tag off, or add what was typed."""
    site, ticket = load(site_key, number)
    off = request.form.get("remove")
    if off is not None:
        labels.set_tags(ticket, me(), [tag for tag in ticket.tags if tag != off])
    else:
        labels.add_tags(ticket, me(), request.form.get("tag", "").split(","))
    return done(site, ticket)


@bp.post(f"{PATH}/assignee")
def update_assignee(site_key: str, number: int) -> Any:
    """Hand the ticket to an agent, to oneself ("me") or to nobody."""
    site, ticket = load(site_key, number)
    chosen = forms.AssigneeForm().load(request.form)["assignee"]
    names = {str(agent.id): agent.name for agent in agents.agents_of(site.id)}
    chosen = str(g.agent.id) if chosen == "me" else chosen
    if chosen and chosen not in names:
        raise Invalid(fields={"assignee": ["No such agent."]})
    service.assign(ticket, me(), agent_id=int(chosen) if chosen else None, name=names.get(chosen))
    return done(site, ticket, taken=bool(chosen) and chosen == str(g.agent.id))


@bp.post(f"{PATH}/snooze")
def update_snooze(site_key: str, number: int) -> Any:
    """Let the ticket sleep, or wake it."""
    site, ticket = load(site_key, number)
    until = snooze_time(site, forms.SnoozeForm().load(request.form)["until"])
    if until is None:
        snoozing.wake(ticket, me())
    else:
        snoozing.snooze(ticket, me(), until)
    return done(site, ticket, slept=until is not None)


def snooze_time(site: Site, chosen: str) -> str | None:
    """Return the moment a choice means where the site is; ``None`` for none."""
    zone = ZoneInfo(next((each["zone"] for each in site.settings.get("calendars") or []), "UTC"))
    now = utcnow().astimezone(zone)
    morning = now.replace(hour=9, minute=0, second=0, microsecond=0)
    match chosen:
        case "":
            return None
        case "reply":
            return snoozing.FOR_A_REPLY
        case "hours":
            return stamp(seconds=3 * 3_600)
        case "tomorrow":
            return stamp(morning + timedelta(days=1))
        case "monday":
            return stamp(morning + timedelta(days=7 - now.weekday()))
        case "week":
            return stamp(morning + timedelta(days=7))
    try:
        return stamp(datetime.fromisoformat(chosen).replace(tzinfo=zone))
    except ValueError as error:
        raise Invalid(fields={"until": ["A date and time."]}) from error
