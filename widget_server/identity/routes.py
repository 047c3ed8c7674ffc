"""Sessions over HTTP."""

from typing import Any

from flask import current_app, request
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from ..errors import BadRequest
from ..limits import address_key, limited
from ..sites.service import find_open_site
from . import service
from .greeting import compose
from .guards import requester_required, session_tokens
from .schemas import OpenSession

bp = Blueprint("sessions", __name__, description="Who is asking.")


class RequesterView(Schema):
    id = fields.String()
    kind = fields.String()
    name = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    email_verified = fields.Boolean()


class SessionView(Schema):
    token = fields.String()
    expires_at = fields.String(metadata={"format": "date-time"})
    requester = fields.Nested(RequesterView)
    home = fields.Dict()
    updates = fields.String()


@bp.post("")
@bp.alt_response(201, schema=SessionView)
@bp.doc(
    security=[],
    requestBody={"required": True, "content": {"application/json": {"schema": OpenSession}}},
)
@limited("60 per minute", by=address_key)
def create() -> tuple[dict[str, Any], int]:
    """Exchange a site key, and optionally the host's word for its user, for a session token.

    The body is read as JSON whatever its Content-Type: as ``text/plain`` a page of another origin
    may send it without asking first, which saves a round trip at the click.
    """
    data = OpenSession().load(_body())
    config = current_app.config
    site = find_open_site(data["site_key"])
    caller, claims, expires_at = service.open_session(
        site,
        origin=request.headers.get("Origin"),
        identity_token=data["identity_token"],
        locale=data["locale"],
        ttl=config["SESSION_TTL"],
        visitor_ttl=config["VISITOR_TTL"],
    )
    return answer(caller, claims, expires_at, language=data["locale"]), 201


def answer(
    caller: service.Caller, claims: dict[str, Any], expires_at: str, language: str | None = None
) -> dict[str, Any]:
    """Return what a page is told of a session that was just started."""
    return {
        "token": session_tokens().issue(claims),
        "expires_at": expires_at,
        "requester": {
            "id": caller.id,
            "kind": caller.kind,
            "name": caller.name,
            "email": caller.email,
            "email_verified": caller.email_verified_at is not None,
        },
        "updates": str(caller.cursor),
        **compose(caller, (language or caller.locale or "")[:2].lower()),
    }


@bp.delete("/current")
@bp.response(204)
@requester_required
def destroy(caller: service.Caller) -> None:
    """End this session."""
    service.revoke(caller, ttl=current_app.config["VISITOR_TTL"])


def _body() -> dict[str, Any]:
    data = request.get_json(force=True, silent=True)
    if not isinstance(data, dict):
        raise BadRequest("The body must be a JSON object.")
    return data
