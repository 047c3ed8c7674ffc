"""A help desk, and WordPress sites that embed it by the plugin."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest
import requests

from ..support.packing import packer
from ..support.sampled import with_sample
from ..support.servers import Ventanilla
from ..support.wordpress import PLUGIN, MariaDB, WordPress
from .orders import sign

#: How a page of the site asks who is signed in.
ASK = {"X-Ventanilla": "1"}


def identity(site: WordPress) -> str:
    return f"{site.url}/wp-admin/admin-ajax.php?action=ventanilla_identity"


@dataclass
class Desk:
    """A running server, its site's key, and the secret as WordPress is given it."""

    live: Ventanilla
    site_key: str
    secret: str

    @property
    def url(self) -> str:
        return self.live.url


@pytest.fixture(scope="session")
def maria(tmp_path_factory) -> Iterator[MariaDB]:
    # The path of a socket has at most 107 characters.
    server = MariaDB(tmp_path_factory.mktemp("m")).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def running_desk(tmp_path_factory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    live, site, key = with_sample(folder, ["*"])
    yield Desk(live, site.key, f"{key.kid}.{key.secret}")
    live.kill()


@pytest.fixture
def desk(running_desk) -> Desk:
    """The help desk, knowing nobody of WordPress yet."""
    kid, secret = running_desk.secret.split(".", 1)
    now = int(time.time())
    claims = {"aud": "ventanilla:host", "iat": now, "exp": now + 60}
    token = jwt.encode(claims, secret, algorithm="HS256", headers={"kid": kid})
    for number, name in enumerate(("admin", "alice", "bob"), 1):
        requests.post(
            f"{running_desk.url}/api/v1/hosts/{running_desk.site_key}/erasures",
            json={"sub": f"wp-1-{number}", "email": f"{name}@shop.example"},
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
        ).raise_for_status()
    return running_desk


@pytest.fixture(scope="session")
def build(tmp_path_factory, maria) -> Iterator[Any]:
    """Build sites once for all tests of this process."""
    packer().compile_translations(PLUGIN / "languages")
    built: dict[tuple[Any, ...], WordPress] = {}

    def site(version: str, **environment: str) -> WordPress:
        name = (version, *environment.items())
        if name not in built:
            folder = tmp_path_factory.mktemp("w")
            built[name] = WordPress(version, folder, maria, environment=environment).build()
            built[name].start()
        return built[name]

    yield site
    for each in built.values():
        each.stop()


@pytest.fixture
def connect(desk) -> Any:
    """Give a site the values its owner would paste."""

    def connect(site: WordPress, **chosen: Any) -> None:
        options = {"server": desk.url, "site_key": desk.site_key, "front": True, "admin": True}
        code = f"update_option('ventanilla', json_decode('{json.dumps(options | chosen)}', true));"
        site.evaluate(f"{code} update_option('ventanilla_secret', '{desk.secret}');")

    return connect


@pytest.fixture
def blank(build, version) -> Iterator[WordPress]:
    """A site with the plugin active, as it is after installing; nothing of ours in its log."""
    site = build(version)
    site.reset()
    yield site
    assert site.complaints() == []


@pytest.fixture
def shop(blank, connect) -> WordPress:
    """The same, connected to the help desk."""
    connect(blank)
    return blank


@pytest.fixture
def heard():
    """Another server where the help desk would be: what it was told, and how it answers."""
    calls, answers = [], [200]

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            calls.append((self.path, self.headers["Ventanilla-Signature"], body))
            self.send_response(answers[0])
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    Thread(target=server.serve_forever, daemon=True).start()
    server.calls, server.answers = calls, answers
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def store(build, version, connect, heard):
    site = build(version, WP_TEST_SHOP="1")
    site.reset()
    connect(site, server=heard.url)
    yield site
    assert site.complaints() == []


@pytest.fixture
def ask(store, desk):
    def ask(path, body, *, at=None, secret=desk.secret):
        raw = json.dumps(body).encode()
        headers = {
            "Content-Type": "application/json",
            "Ventanilla-Signature": sign(raw, secret, at),
        }
        url = f"{store.url}/?rest_route=/ventanilla/v1/orders{path}"
        return requests.post(url, data=raw, headers=headers, timeout=20)

    return ask
