"""Rules: listed in their order, written in a form, rehearsed before they act. Administrators."""

from typing import Any

from flask import redirect, request, url_for

from ...agents.guards import administrators
from ...errors import Conflict, Invalid
from ...rules import grammar, rehearsing, service
from ...sites import service as sites
from ...tickets import labels
from ..presenters import rules as presenter
from .frame import bp, page, words
from .inbox import shell

ONE = "/rules/<rule_id>"

#: What a rehearsal shows of what it found.
SHOWN = 100


@bp.get("/rules")
@administrators
def rules() -> str:
    """List the rules as they act: from the top."""
    names, counts = presenter.Names(words()), service.runs()
    shown = [
        {
            "rule": each,
            "conditions": presenter.conditions(each, names),
            "acts": presenter.acts(each, names),
            "runs": counts.get(each.id, 0),
        }
        for each in service.all_rules()
    ]
    removed = "removed" in request.args
    return page("rules.html", shown=shown, most=grammar.MOST, removed=removed, **shell())


@bp.get("/rules/new")
@administrators
def new_rule() -> str:
    return _form(None, presenter.NEW)


@bp.post("/rules/new")
@administrators
def create_rule() -> Any:
    """Write a rule, or show the form with the row its button adds or takes away."""
    return _save(None)


@bp.get(ONE)
@administrators
def rule(rule_id: str) -> str:
    return _form(rule_id, presenter.form(service.find(rule_id)))


@bp.post(ONE)
@administrators
def update_rule(rule_id: str) -> Any:
    service.find(rule_id)
    return _save(rule_id)


@bp.get(f"{ONE}/rehearsal")
@administrators
def rehearsal(rule_id: str) -> str:
    """Show what a rule would have done to the last hundred tickets."""
    return _rehearsal(rule_id)


@bp.post(f"{ONE}/activation")
@administrators
def create_activation(rule_id: str) -> Any:
    """Switch a rule on whose rehearsal was looked at."""
    try:
        service.switch_on(rule_id, request.form.get("seen", ""))
    except service.RuleChanged:
        return _rehearsal(rule_id, changed=True), 409
    return redirect(url_for("console.rules", _anchor=f"rule-{rule_id}"), 303)


@bp.post(f"{ONE}/deactivation")
@administrators
def create_deactivation(rule_id: str) -> Any:
    service.switch_off(rule_id)
    return redirect(url_for("console.rules", _anchor=f"rule-{rule_id}"), 303)


@bp.post(f"{ONE}/move")
@administrators
def move_rule(rule_id: str) -> Any:
    """Let a rule act before the one above it, or after the one below."""
    service.move(rule_id, up=request.form.get("way") == "up")
    return redirect(url_for("console.rules", _anchor=f"rule-{rule_id}"), 303)


@bp.post(f"{ONE}/removal")
@administrators
def remove_rule(rule_id: str) -> Any:
    service.remove(rule_id)
    return redirect(url_for("console.rules", removed=1), 303)


def _save(rule_id: str | None) -> Any:
    given = presenter.typed(request.form)
    if request.form.get("do", "save") != "save":
        added = request.form["do"] if request.form["do"].startswith("add-") else ""
        return _form(rule_id, given, added=added)
    try:
        saved = service.save(rule_id, given)
    except Invalid as error:
        return _form(rule_id, given, faults=error.details["fields"]), 422
    except Conflict:
        return _form(rule_id, given, faults={"": [""]}), 422
    return redirect(url_for("console.rehearsal", rule_id=saved), 303)


def _form(rule_id: str | None, given: dict[str, Any], **values: Any) -> str:
    names = presenter.Names(words())
    tags = {tag for site in sites.all_sites() for tag in labels.of_site(site.id)}
    return page(
        "rule.html",
        rule_id=rule_id,
        given=given,
        names=names,
        grammar=grammar,
        known_tags=sorted(tags),
        known=service.find(rule_id) if rule_id else None,
        **{"faults": {}, "added": ""} | values,
        **shell(),
    )


def _rehearsal(rule_id: str, **values: Any) -> str:
    found = service.find(rule_id)
    names = presenter.Names(words())
    result = rehearsing.rehearse(found)
    keys = {site.id: site for site in sites.all_sites()}
    return page(
        "rehearsal.html",
        rule=found,
        conditions=presenter.conditions(found, names),
        acts=presenter.acts(found, names),
        result=result,
        scenes=[
            {
                "ticket": scene.ticket,
                "owner": keys[scene.ticket.site_id],
                "acts": [(presenter.act(act, names), would) for act, would in scene.acts],
            }
            for scene in result.scenes[:SHOWN]
        ],
        **values,
        **shell(),
    )
