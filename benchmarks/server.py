"""What is measured, and what it is measured against: `python -m benchmarks.server app|bare PORT
[PROCESSES]`.

Both run under the settings of `ventanilla serve`. The limits stay in the path but let all through:
one caller sends more in a second here than people do in an hour.
"""

import sys
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from widget_server import config

#: As many as `ventanilla serve` has.
THREADS = next(setting.default for setting in config.SETTINGS if setting.name == "THREADS")


def app() -> Any:
    from widget_server import counting, limits, wsgi

    limits.WIDE = counting.Bound(1_000_000_000, 60)
    built = wsgi.application()
    limits.Limiter.hit = lambda *_: 0  # type: ignore
    return built


def bare() -> Any:
    """Flask saying hello in JSON: what one request costs before anything is done."""
    from flask import Flask

    flask = Flask(__name__)
    flask.add_url_rule("/hello", "hello", lambda: {"hello": "world"})
    return flask


if __name__ == "__main__":
    Server(
        f"benchmarks.server:{sys.argv[1]}",
        address="127.0.0.1",
        port=int(sys.argv[2]),
        interface=Interfaces.WSGI,
        workers=int(sys.argv[3]) if len(sys.argv) > 3 else 1,
        blocking_threads=THREADS,
        factory=True,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()
