"""Pages that change without loading: React with a router, Turbo, and a static page with a view in it."""

import os
import subprocess
import threading

import pytest
from flask import Flask, send_from_directory
from playwright.sync_api import expect
from werkzeug.serving import make_server

from widget_server import database
from widget_server.sites import service as sites
from widget_server.sites.models import Site, SiteKey

from ..support.nodes import node
from ..support.servers import ROOT, free_port, wait_for

WIDGET = ROOT / "widget_js"


@pytest.fixture
def admit(world):
    """Let pages of another origin use the site; return its signing key."""

    def add(origin):
        database.connect(world.live.settings["DATABASE_URL"])
        site = Site.get(Site.key == world.site_key)
        sites.update_site(site, origins=[*site.origins, origin])
        key = SiteKey.get(SiteKey.site_id == site.id)
        database.db.close()
        return key

    return add


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    """The folder of the example in React, built."""
    out = tmp_path_factory.mktemp("react") / "dist"
    built = subprocess.run(
        [node(), WIDGET / "example.mjs", out], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    return out


@pytest.fixture
def react(world, admit, application, tmp_path):
    """The origin where the example in React runs."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    key = admit(origin)
    given = {
        "VENTANILLA_URL": world.server,
        "SITE_KEY": world.site_key,
        "KEY_ID": key.kid,
        "SECRET": key.secret,
        "PORT": str(port),
        "DIST": str(application),
    }
    log = tmp_path / "host.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [node(), ROOT / "examples/react/host.mjs"],
            env=os.environ | given,
            stdout=stream,
            stderr=stream,
        )
    try:
        wait_for(origin, process, log)
        yield origin
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def static(world, admit):
    """The origin where the static examples lie, with the site's key written into them."""
    app = Flask(__name__)

    @app.get("/turbo.js")
    def turbo():
        return send_from_directory(
            WIDGET / "node_modules/@hotwired/turbo/dist", "turbo.es2017-umd.js"
        )

    @app.get("/<name>.html")
    def page(name):
        folder = ROOT / "examples" if name == "inline" else ROOT / "examples/turbo"
        text = (folder / f"{name}.html").read_text()
        return text.replace("http://127.0.0.1:8700", world.server).replace(
            "SITE_KEY", world.site_key
        )

    port = free_port()
    admit(f"http://127.0.0.1:{port}")
    running = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    running.shutdown()
    running.server_close()


def test_a_single_page_application_has_one_window_through_every_route(react, page_of):
    page = page_of(locale="en-GB")
    page.goto(react)
    page.get_by_role("button", name="ada").click()
    page.get_by_role("button", name="Help").click()
    expect(page.locator(".row").first).to_be_visible()
    page.keyboard.press("Escape")
    for place in ("Order", "Support", "Shop", "Order"):
        page.get_by_role("link", name=place).click()
        expect(page.get_by_role("heading", name=place).first).to_be_visible()
    expect(page.locator("ventanilla-widget:not([site])")).to_have_count(1)
    page.get_by_role("button", name="Something is wrong with it").click()
    page.get_by_text("Request a plugin", exact=True).click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Title")).to_have_value("Order A-10422")


def test_who_signs_out_in_an_application_leaves_nothing_behind(react, page_of):
    page = page_of(locale="en-GB")
    page.goto(react)
    page.get_by_role("button", name="ada").click()
    page.get_by_role("button", name="Help").click()
    expect(page.locator(".row").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="nobody").click()
    page.wait_for_function(
        "!Object.keys(localStorage).some((name) => (localStorage[name] || '').includes('token'))"
    )
    page.get_by_role("button", name="Help").click()
    expect(page.get_by_role("button", name="New request")).to_be_visible()
    expect(page.locator(".row")).to_have_count(0)


def test_a_view_in_a_route_is_there_beside_the_button(react, page_of):
    page = page_of(locale="en-GB")
    page.goto(f"{react}/support")
    expect(page.locator("ventanilla-widget[site]")).to_have_count(1)
    expect(page.get_by_role("button", name="Help")).to_be_visible()
    expect(page.get_by_role("button", name="New request")).to_be_visible()


def test_turbo_leaves_the_open_window_alone(static, page_of):
    page = page_of(locale="en-GB")
    page.goto(f"{static}/one.html")
    page.evaluate("window.same = true")
    page.get_by_role("button", name="Help").click()
    expect(page.get_by_role("button", name="New request")).to_be_visible()
    page.evaluate("Turbo.visit('two.html')")
    expect(page.get_by_role("heading", name="Page two")).to_be_attached()
    assert page.evaluate("window.same")
    expect(page.locator("ventanilla-widget")).to_have_count(1)
    expect(page.get_by_role("button", name="New request")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Page one")).to_be_attached()
    expect(page.locator("ventanilla-widget")).to_have_count(1)
    expect(page.get_by_role("button", name="New request")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_static_page_holds_the_whole_window(static, page_of, axe, width):
    page = page_of(width=width, locale="en-GB")
    page.goto(f"{static}/inline.html")
    expect(page.get_by_role("button", name="New request")).to_be_visible()
    expect(page.locator("ventanilla-widget")).to_have_count(1)
    axe(page)
