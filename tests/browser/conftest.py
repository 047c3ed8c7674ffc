"""A real browser on real host pages, against a real server."""

import threading
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from widget_server import database, migrations, sample
from widget_server.attachments.service import furnish

from ..support.hosts import shop, strict
from ..support.mailserver import Sink
from ..support.servers import ROOT, Ventanilla, free_port

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
AXE = ROOT / "widget_js/node_modules/axe-core/axe.min.js"


@dataclass
class World:
    """A server with sample data, and the shop that embeds it."""

    server: str
    shop: str
    site_key: str
    live: Ventanilla
    sink: Sink


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    sink = Sink().start()
    live = Ventanilla(folder, SMTP_URL=sink.url, MAIL_FROM="Acme <help@acme.example>")
    host_port = free_port()
    migrations.migrate(database.connect(live.settings["DATABASE_URL"]))
    furnish(
        {
            "FILES_DIR": folder / "files",
            "SECRET_KEY": [live.settings["SECRET_KEY"]],
            "SERVER_URL": live.url,
            "FILE_BYTES": 26_214_400,
        }
    )
    origins = [f"http://127.0.0.1:{host_port}", f"http://localhost:{host_port}"]
    site, key = sample.fill(origins)
    database.db.close()
    live.start()
    host: Flask = shop(live.url, site.key, key)
    strict(host, live.url, site.key)
    running = make_server("127.0.0.1", host_port, host, threaded=True)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield World(live.url, origins[0], site.key, live, sink)
    running.shutdown()
    running.server_close()
    live.kill()
    sink.stop()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page_of(chromium):
    """Open a page in a context of its own; whatever it logs as an error fails the test."""
    contexts, troubles = [], []

    def page_of(*, width=1280, height=800, locale="es", scheme="light", quiet=False):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=locale, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if not quiet:
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.on("console", lambda line: line.type == "error" and troubles.append(line.text))
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def axe():
    """Return a check that finds no accessibility violation on what a page shows now."""
    source = AXE.read_text()

    def check(page):
        page.evaluate(source)
        page.evaluate(
            "Promise.all(document.querySelectorAll('ventanilla-widget').length ? [...document"
            ".querySelectorAll('ventanilla-widget')].flatMap(w => w.shadowRoot.getAnimations())"
            # One that is cancelled is over, too.
            ".map(a => a.finished.catch(() => null)) : [])"
        )
        found = page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
            ".then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.flat().join(' ')"
            " + ' :: ' + n.failureSummary)]))"
        )
        assert found == []

    return check
