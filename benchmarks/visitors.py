"""What Lighthouse thinks of a page with the button and of the same page without it.

Lighthouse looks as a middling phone on a slow line would. It comes from the npm registry, with a
lock file of its own beside this one: nobody but this benchmark needs it.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from widget_server import database, migrations
from widget_server.sites import service as sites

from .browser import CHROMIUM, FLAGS, host
from .figures import Figure, at_least, at_most, report
from .processes import ROOT, free_port, running, settings

HERE = Path(__file__).parent
LIGHTHOUSE = HERE / "lighthouse/node_modules/.bin/lighthouse"

#: How often each page is looked at, in turn.
ROUNDS = 5

#: What is scored, out of a hundred.
SCORES = ("performance", "accessibility", "best-practices", "seo")

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="description" content="Kettles that last, mended for life.">
<title>Kettles</title>
<link rel="icon" href="data:,">
<style>body { max-width: 40rem; margin: 2rem auto; font: 1.1rem/1.6 sans-serif }</style>
<h1>Kettles that last</h1>
<p>Every kettle we sell is mended for life.</p>
<ul>%s</ul>
%s
"""
ROWS = "".join(f"<li>Kettle number {nth}, of steel, for {nth} cups</li>" for nth in range(2, 80))


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="ventanilla-bench-") as name:
        met = report(measure(Path(name)), HERE / "visitors.json")
    return 0 if met else 1


def measure(folder: Path) -> Iterator[Figure]:
    port, host_port = free_port(), free_port()
    url, origin = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{host_port}"
    environment = settings(folder, port)
    script = f'<script async src="{url}/w/{_site(environment, origin)}.js"></script>'
    pages = {"/with": PAGE % (ROWS, script), "/without": PAGE % (ROWS, "")}
    with (
        running("widget_server.cli", "serve", url=f"{url}/health", environment=environment),
        host(pages, host_port),
    ):
        pairs = [
            [_look(f"{origin}/{page}", url, folder) for page in ("with", "without")]
            for _ in range(ROUNDS)
        ]

    def added(name: str) -> float:
        """Return what the button adds, the median of all pairs."""
        return statistics.median(ours[name] - bare[name] for ours, bare in pairs)

    for name in SCORES:
        yield at_least(f"Lighthouse, {name}: with the button minus without", added(name), "", -1)
    yield at_most("layout shift added", added("shift"), "", 0)
    # Those of the page itself are around the limit of 50 ms, now above it and now below.
    yield at_most("long tasks of the button's script, on a phone", added("long"), "", 0)


def _look(url: str, server: str, folder: Path) -> dict[str, float]:
    kept = folder / "looked.json"
    subprocess.run(
        [
            ROOT / "scripts/with-node", LIGHTHOUSE, url, "--quiet", "--output=json",
            f"--output-path={kept}", f"--only-categories={','.join(SCORES)}",
            "--no-enable-error-reporting", f"--chrome-flags={' '.join(FLAGS)}",
        ],
        env=os.environ | {"CHROME_PATH": CHROMIUM}, cwd=ROOT, check=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(kept.read_text())
    audits = told["audits"]
    return {name: 100 * told["categories"][name]["score"] for name in SCORES} | {
        "shift": audits["cumulative-layout-shift"]["numericValue"],
        "long": sum(
            task["url"].startswith(server) for task in audits["long-tasks"]["details"]["items"]
        ),
    }


def _site(environment: dict[str, str], origin: str) -> str:
    opened = database.connect(environment["VENTANILLA_DATABASE_URL"])
    migrations.migrate(opened)
    site, _ = sites.add_site(name="Kettles", origins=[origin])
    opened.close()
    return site.key


if __name__ == "__main__":
    sys.exit(main())
