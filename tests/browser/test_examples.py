"""The example hosts run as printed, and the server believes what they sign."""

import os
import subprocess
import sys
from pathlib import Path

import jwt
import pytest
import requests
from playwright.sync_api import expect

from widget_server import database
from widget_server.sites import service as sites
from widget_server.sites.models import Site, SiteKey

from ..support.nodes import node
from ..support.servers import ROOT, free_port, wait_for


def command(language, port):
    if language == "python":
        return [sys.executable, "examples/flask_host.py"]
    if language == "php":
        return ["php", "-S", f"127.0.0.1:{port}", "examples/php_host.php"]
    return [node(), "examples/node_host.mjs"]


@pytest.fixture(params=["python", "node", "php"])
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
            command(request.param, port),
            cwd=ROOT,
            env=os.environ | given,
            stdout=stream,
            stderr=stream,
        )
    try:
        wait_for(origin, process, log)
        yield request.param, origin, key.secret
    finally:
        process.kill()
        process.wait()


def test_it_vouches_for_its_user(example, page_of):
    language, origin, _ = example
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
    language, origin, secret = example
    with requests.Session() as ada:
        if language == "node":
            ada.get(f"{origin}/as/ada", timeout=20)
        else:
            ada.post(f"{origin}/sign-in", data={"user": "ada"}, timeout=20)
        assert ada.post(f"{origin}/identity", timeout=20).json() == {"anonymous": True}
        told = ada.post(f"{origin}/identity", headers={"X-Ventanilla": "1"}, timeout=20)
    assert told.headers["Cache-Control"] == "no-store"
    claims = jwt.decode(told.json()["token"], secret, algorithms=["HS256"])
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("ada", 300)
    nobody = requests.post(f"{origin}/identity", headers={"X-Ventanilla": "1"}, timeout=20)
    assert nobody.json() == {"anonymous": True}


def test_the_plain_page_holds_one_script_and_nothing_else():
    html = Path(ROOT / "examples/plain.html").read_text()
    assert html.count("<script") == 1
    assert "/w/SITE_KEY.js" in html
