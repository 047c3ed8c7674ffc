"""What every endpoint of the agents' API shares."""

from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint

from ... import audit
from ...sites import reach

bp = Blueprint(
    "agent", __name__, description="What agents do, for programs: with an API token of the console."
)

#: Documented of every endpoint.
TOKEN: dict[str, Any] = {"security": [{"token": []}]}


@bp.teardown_request
def unwatch(_: Any) -> None:
    audit.leave()
    reach.widen()


def answer(data: Any, status: int = 200) -> Response:
    response = current_app.json.response(data)
    response.status_code = status
    return response  # type: ignore[return-value]
