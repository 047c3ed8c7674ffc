"""Challenges over HTTP."""

from typing import Any

from flask_smorest import Blueprint

from ..identity.guards import requester_required
from ..identity.service import Caller
from ..limits import limited
from .guards import proofs
from .schemas import ChallengeView

bp = Blueprint("challenges", __name__, description="Proof of work.")


@bp.post("")
@bp.alt_response(201, schema=ChallengeView)
@limited("60 per minute")
@requester_required
def create(caller: Caller) -> tuple[dict[str, Any], int]:
    """Return a challenge a visitor's request is filed with; nothing is stored."""
    return proofs().challenge(caller), 201
