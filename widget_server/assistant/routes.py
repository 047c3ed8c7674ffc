"""Suggestions over HTTP."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from ..identity.guards import requester_required
from ..identity.service import Caller
from ..wire import Input, Line, Prose
from . import service

bp = Blueprint("suggestions", __name__, description="Answers before a request is filed.")


class AskSuggestions(Input):
    title = Line(most=200, least=0, load_default="")
    body = Prose(most=10_000, least=0, load_default="")
    category = Line(most=60, load_default=None, allow_none=True)
    locale = Line(most=35, load_default=None, allow_none=True)


class SuggestionsView(Schema):
    suggestions = fields.List(fields.Dict())


@bp.post("")
@bp.arguments(AskSuggestions)
@bp.response(200, SuggestionsView)
@requester_required
def create(caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
    """Return what may answer the request being written; often nothing."""
    return {"suggestions": service.suggest(caller.site_id, data["title"], data["body"])}
