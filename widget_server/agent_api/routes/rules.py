"""Rules as programs read them; they are written, and rehearsed, in the console."""

from flask import Response

from ...rules import schemas, service
from .. import reading
from ..guards import allowed, everywhere
from .frame import TOKEN, answer, bp

READ = "settings:read"


@bp.get("/rules")
@allowed(READ)
@bp.alt_response(200, schema=schemas.Rules)
@bp.doc(**TOKEN)
def agent_rules() -> Response:
    """List the rules in the order they act; `runs` counts the last 30 days."""
    everywhere()
    runs = service.runs()
    shown = [reading.rule(each, runs.get(each.id, 0)) for each in service.all_rules()]
    return answer({"rules": shown})


@bp.get("/rules/<rule_id>")
@allowed(READ)
@bp.alt_response(200, schema=schemas.RuleView)
@bp.doc(**TOKEN)
def agent_rule(rule_id: str) -> Response:
    """Return one rule."""
    everywhere()
    return answer(reading.rule(service.find(rule_id), service.runs().get(rule_id, 0)))
