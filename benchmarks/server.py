"""What is measured, and what it is measured against: `python -m benchmarks.server app|bare PORT
[PROCESSES]`.

Both run under the settings of `ventanilla serve`. The limits stay in the path but let all through:
one caller sends more in a second here than people do in an hour.
"""

import sys
from typing import Any

from widget_server import config, server


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
    kind, port, *processes = sys.argv[1:]
    server.run(
        {setting.name: setting.default for setting in config.SETTINGS}
        | {"PORT": int(port), "PROCESSES": int(processes[0]) if processes else 1},
        f"benchmarks.server:{kind}",
    )
