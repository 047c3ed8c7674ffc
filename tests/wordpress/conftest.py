"""A help desk, and WordPress sites that embed it by the plugin."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jwt
import pytest
import requests

from ..support.packing import packer
from ..support.sampled import with_sample
from ..support.servers import Ventanilla
from ..support.wordpress import PLUGIN, MariaDB, WordPress


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
