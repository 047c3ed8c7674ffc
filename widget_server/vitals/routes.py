"""`/health`, `/ready` and `/metrics`: for load balancers, supervisors and Prometheus."""

import hmac
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Flask, Response, current_app, has_request_context, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import CollectorRegistry

from .. import logs
from ..errors import Forbidden, Unauthenticated
from .gauges import Gauges
from .readiness import Readiness
from .traffic import ROUTE, counted

bp = Blueprint("vitals", __name__)


@bp.get("/health")
def health() -> Any:
    """Say that this process answers."""
    return {"status": "ok"}


@bp.get("/ready")
def ready() -> Any:
    """Say whether requests should be sent here, and if not, why."""
    well, checks = current_app.extensions["readiness"].ask()
    answer = jsonify(status="ready" if well else "not_ready", checks=checks)
    answer.status_code = 200 if well else 503
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/metrics")
def metrics() -> Response:
    """Return all figures in Prometheus' text form, to whoever may have them."""
    _guard()
    known = CollectorRegistry()
    known.register(Gauges())  # type: ignore[arg-type]
    text = generate_latest(counted()) + generate_latest(known)
    headers = {"Cache-Control": "no-store"}
    return Response(text, content_type=CONTENT_TYPE_LATEST, headers=headers)


def _guard() -> None:
    token = current_app.config["METRICS_TOKEN"]
    if token:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        same = hmac.compare_digest(given.encode(), token.encode())
        if scheme.lower() != "bearer" or not same:
            raise Unauthenticated("Metrics take the bearer token in VENTANILLA_METRICS_TOKEN.")
        return
    # Behind a proxy on the same machine everybody would come from it.
    through = {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & set(request.headers.keys())
    if through or not _here(request.remote_addr or ""):
        raise Forbidden("Metrics are for this machine; set VENTANILLA_METRICS_TOKEN for others.")


def _here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _note_route() -> None:
    if request.url_rule is not None:
        request.environ[ROUTE] = request.url_rule.rule


def _running() -> dict[str, str]:
    """Return the running request's id and the template of its address, without what fills it."""
    if not has_request_context():
        return {}
    rule = request.url_rule.rule if request.url_rule else "unknown"
    return {"request": logs.request_id(request.environ), "route": rule}


def init_app(app: Flask) -> None:
    logs.tell(_running)
    app.extensions["readiness"] = Readiness()
    app.before_request(_note_route)
    app.register_blueprint(bp)
