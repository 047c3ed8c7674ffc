"""The example hosts run as printed, and the server believes what they sign."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from widget_server import database
from widget_server.sites import service as sites
from widget_server.sites.models import Site, SiteKey

from ..support.nodes import node
from ..support.servers import ROOT, free_port, wait_for


def interpreter(language):
    if language == "python":
        return [sys.executable, "examples/flask_host.py"]
    return [node(), "examples/node_host.mjs"]


@pytest.fixture(params=["python", "node"])
def example(request, world, tmp_path):
    """The origin of an example host, started the way its first lines say."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    database.connect(world.live.settings["DATABASE_URL"])
    site = Site.get(Site.key == world.site_key)
    sites.update_site(site, origins=[*site.origins, origin])
    key = SiteKey.get(SiteKey.site_id == site.id)
    database.db.close()
    given = {
        "VENTANILLA_URL": world.server,
        "SITE_KEY": site.key,
        "KEY_ID": key.kid,
        "SECRET": key.secret,
        "PORT": str(port),
    }
    log = tmp_path / "host.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            interpreter(request.param),
            cwd=ROOT,
            env=os.environ | given,
            stdout=stream,
            stderr=stream,
        )
    try:
        wait_for(origin, process, log)
        yield request.param, origin
    finally:
        process.kill()
        process.wait()


def test_it_vouches_for_its_user(example, page_of):
    language, origin = example
    page = page_of()
    page.goto(origin)
    if language == "node":
        page.get_by_role("link", name="Ada").click()
    else:
        page.get_by_role("button", name="Ada Ferrer").click()
    page.get_by_role("button", name="Ayuda").click()
    expect(page.locator(".row").first).to_be_visible()


def test_a_request_without_our_header_learns_nothing(example):
    """A form on another site can send the user's cookies here, but not this header."""
    _, origin = example
    asked = Request(f"{origin}/identity", method="POST", headers={"Cookie": "shop_user=ada"})
    with urlopen(asked) as answer:
        assert json.load(answer) == {"anonymous": True}


def test_the_plain_page_holds_one_script_and_nothing_else():
    html = Path(ROOT / "examples/plain.html").read_text()
    assert html.count("<script") == 1
    assert "/w/SITE_KEY.js" in html
