"""Every request is counted, timed and, past the quickest, logged in one line.

The counters are prometheus-client's. With several processes each keeps its own in a file of the
folder named by ``PROMETHEUS_MULTIPROC_DIR``, and whichever is asked adds them up.
"""

import logging
import os
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.multiprocess import MultiProcessCollector

from ..errors import TROUBLE
from ..ids import REQUEST_ID
from ..logs import HEADER, request_id

#: Where Flask leaves the template of the address it matched.
ROUTE = "ventanilla.route"

METHODS = {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"}

#: From an answer out of memory to what people notice.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)

#: Answered in front of Flask, so that no rule names them.
LOADER, ASSETS, POLLS, UNKNOWN = (
    "/w/<site>.js", "/w/assets/<name>", "/api/v1/updates", "unknown",
)  # fmt: skip

log = logging.getLogger(f"{__package__.partition('.')[0]}.access")

disable_created_metrics()
several = "PROMETHEUS_MULTIPROC_DIR" in os.environ
registry = CollectorRegistry()
if not several:
    ProcessCollector(namespace="", registry=registry)

requests = Counter(
    "ventanilla_requests",
    "Requests answered, by method, route and status.",
    ["method", "route", "status"],
    registry=registry,
)
seconds = Histogram(
    "ventanilla_request_seconds",
    "Seconds until an answer was there, by route.",
    ["route"],
    buckets=BUCKETS,
    registry=registry,
)
troubles = Counter(
    "ventanilla_database_errors",
    "Requests the database could not serve: away, busy or full.",
    ["kind"],
    registry=registry,
)


def counted() -> CollectorRegistry:
    """Return what was counted: here, or by all processes together."""
    if not several:
        return registry
    everywhere = CollectorRegistry()
    MultiProcessCollector(everywhere)
    return everywhere


class Watch:
    """WSGI middleware around all others."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        # Finding a metric by its labels costs more than counting; each is found once.
        self._meters: dict[tuple[str, str, str], tuple[Any, Any]] = {}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        began = perf_counter()
        status = "500"
        named = not environ["PATH_INFO"].startswith("/w/")
        if named:
            request_id(environ)

        def answer(line: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            nonlocal status
            status = line[:3]
            if named:
                headers = [*headers, (HEADER, environ[REQUEST_ID])]
            return start(line, headers, *failure)

        try:
            return self._app(environ, answer)
        finally:
            self._note(environ, status, perf_counter() - began)

    def _note(self, environ: dict[str, Any], status: str, took: float) -> None:
        method, matched = environ["REQUEST_METHOD"], environ.get(ROUTE)
        route = matched or _in_front(environ["PATH_INFO"])
        known = self._meters.get((method, route, status))
        if known is None:
            name = method if method in METHODS else "other"
            known = requests.labels(name, route, status), seconds.labels(route)
            if name == method:
                self._meters[method, route, status] = known
        known[0].inc()
        known[1].observe(took)
        trouble = environ.get(TROUBLE)
        if trouble:
            troubles.labels(trouble).inc()
        # Loaders and quiet polls are nearly all requests; whoever wants them asks for debug.
        level = logging.INFO if matched or route == UNKNOWN else logging.DEBUG
        if log.isEnabledFor(level):
            ms = round(took * 1000, 1)
            shown = method if method in METHODS else "other"
            line = {"request": environ.get(REQUEST_ID), "method": shown, "route": route,
                    "status": int(status), "ms": ms}  # fmt: skip
            log.log(level, "%s %s %s %s ms", shown, route, status, ms, extra={"access": line})


def _in_front(path: str) -> str:
    if path.startswith("/w/"):
        return ASSETS if path.startswith("/w/assets/") else LOADER
    return POLLS if path == POLLS else UNKNOWN
