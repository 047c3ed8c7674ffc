"""Suggestions over HTTP. Whatever goes wrong here, nobody's request waits for it."""

from typing import Any

from flask import current_app
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ..identity.guards import requester_required
from ..identity.service import Caller
from ..limits import limited
from ..sites.service import site_of
from ..wire import Input, Line, Prose
from . import outcomes, service

bp = Blueprint("suggestions", __name__, description="Answers before a request is filed.")

#: A key the browser makes for one request being written.
KEY = validate.Regexp(r"^[A-Za-z0-9_-]{8,64}$")


class AskSuggestions(Input):
    title = Line(most=200, least=0, load_default="")
    body = Prose(most=10_000, least=0, load_default="")
    category = Line(most=60, load_default=None, allow_none=True)
    locale = Line(most=35, load_default=None, allow_none=True)
    showing = fields.String(
        load_default=None, allow_none=True, validate=KEY,
        metadata={"description": "Names the request being written, so that it counts once"},
    )  # fmt: skip


class SuggestionView(Schema):
    id = fields.String()
    title = fields.String()
    text = fields.String(metadata={"description": "The passage that fits"})
    locale = fields.String()
    url = fields.String()


class SuggestionsView(Schema):
    suggestions = fields.List(fields.Nested(SuggestionView))


class Outcome(Input):
    outcome = fields.String(
        required=True, validate=validate.OneOf([outcomes.SOLVED_IT, outcomes.NOT_QUITE])
    )
    article = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))


@bp.post("")
@bp.arguments(AskSuggestions)
@bp.response(200, SuggestionsView)
@requester_required
@limited("60 per minute")
def create(caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
    """Return what may answer the request being written; often nothing."""
    site = site_of(caller.site_id)
    locale = (data["locale"] or "")[:2].lower() or None
    found = service.suggest(site, data["title"], data["body"], locale)
    if data["showing"] and service.is_question(data["title"], data["body"]):
        outcomes.show(
            caller.site_id, caller.id, data["showing"], f"{data['title']}\n{data['body']}",
            data["category"], [each["id"] for each in found],
        )  # fmt: skip
    server = current_app.config["SERVER_URL"]
    return {"suggestions": [each | {"url": server + each["url"]} for each in found]}


@bp.put("/<showing>/outcome")
@bp.arguments(Outcome)
@bp.response(204)
@requester_required
@limited("60 per minute")
def put_outcome(caller: Caller, data: dict[str, Any], showing: str) -> None:
    """Say whether what was shown solved it; said again, the last word counts."""
    outcomes.settle(caller.site_id, caller.id, showing, data["outcome"], data["article"])
