"""What every endpoint of the agents' API shares."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, g, request
from flask_smorest import Blueprint

from ... import audit, idempotency
from ...limits import limited
from ...sites import reach

bp = Blueprint(
    "agent", __name__, description="What agents do, for programs: with an API token of the console."
)

#: Documented of every endpoint.
TOKEN: dict[str, Any] = {"security": [{"token": []}]}

#: Documented of those that take a file.
BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def seldom(view: Any) -> Any:
    """What reaches out, or makes what is kept for good, is not for loops."""
    return limited("60 per hour", by=lambda: f"agent {g.agent.id}")(view)


@bp.teardown_request
def unwatch(_: Any) -> None:
    audit.leave()
    reach.widen()


def once(site_id: int, name: str, data: Any, act: Callable[[], Any]) -> Any:
    """Act once for each Idempotency-Key; sent again, return what it did the first time."""
    key = request.headers.get("Idempotency-Key")
    made, _ = idempotency.once(site_id, f"api:{g.agent.id}:{name}", key, data, act)
    return made


def answer(data: Any, status: int = 200) -> Response:
    response = current_app.json.response(data)
    response.status_code = status
    return response  # type: ignore[return-value]
