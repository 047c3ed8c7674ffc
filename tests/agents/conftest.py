"""Browsers at the console's door, and programs with tokens."""

import itertools
import re
from typing import Any

import pyotp
import pytest

from widget_server.agents import api_tokens, people, second_factor, tries
from widget_server.agents import service as agents
from widget_server.jobs import run_due

EMAIL = "boss@team.example"
PASSWORD = "correct horse battery"

_keys = itertools.count(1)


class Browser:
    """Someone at the door, from an address of their own, with or without cookies."""

    def __init__(self, app: Any, address: str = "192.0.2.1") -> None:
        self.client, self.address = app.test_client(), address

    def get(self, path: str) -> Any:
        return self.client.get(f"/console{path}", environ_overrides={"REMOTE_ADDR": self.address})

    def post(self, path: str, **form: Any) -> Any:
        return self.client.post(
            f"/console{path}", data=form, environ_overrides={"REMOTE_ADDR": self.address}
        )

    def sign_in(self, email: str, password: str = PASSWORD) -> Any:
        return self.post("/sign-in", email=email, password=password)

    @property
    def inside(self) -> bool:
        return self.get("/").status_code == 200

    def code(self, page: Any, code: str) -> Any:
        """Answer the second step that ``page`` asks for."""
        (second,) = re.findall(r'name="second" value="([\w-]+)"', page.text)
        return self.post("/sign-in/code", second=second, code=code)


class Program:
    """Sends requests with an API token."""

    def __init__(self, app: Any, secret: str) -> None:
        self.client, self.secret = app.test_client(), secret

    def send(self, method: str, path: str, key: str | None = None, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.secret}"}
        if method == "POST":
            headers["Idempotency-Key"] = key or f"program-{next(_keys):06}"
        return self.client.open(f"/api/v1/agent{path}", method=method, headers=headers, **options)

    def get(self, path: str) -> Any:
        return self.send("GET", path)

    def put(self, path: str, **body: Any) -> Any:
        return self.send("PUT", path, json=body)

    def post(self, path: str, key: str | None = None, **body: Any) -> Any:
        return self.send("POST", path, key, json=body)


def guess_from_everywhere(email):
    for number in range(tries.MANY[0]):
        tries.spend(tries.keys("password", email, address=f"198.51.100.{number}", browser=None))


@pytest.fixture
def boss(app):
    return agents.add_agent(email=EMAIL, name="Berta", password=PASSWORD)


@pytest.fixture
def authenticator(boss):
    """Switch the boss's second factor on; return the phone and the recovery codes."""
    phone = pyotp.TOTP(second_factor.begin(boss))
    codes = second_factor.confirm(people.find(boss.id), phone.now())
    return phone, codes


@pytest.fixture
def clerk(app, boss):
    return agents.add_agent(
        email="clerk@team.example", name="Carlos", password=PASSWORD, role="agent"
    )


@pytest.fixture
def browser(app):
    def open_browser(address: str = "192.0.2.1") -> Browser:
        return Browser(app, address)

    return open_browser


@pytest.fixture
def program(app, boss):
    """Give a program a token of the administrator's, or of another agent."""

    def make(*scopes: str, agent: Any = None, **options: Any) -> Program:
        chosen = list(scopes or api_tokens.SCOPES)
        _, secret = api_tokens.create(agent or boss, name="Program", scopes=chosen, **options)
        return Program(app, secret)

    return make


@pytest.fixture
def letters(tmp_path):
    """Send what is due and return the texts of all letters so far."""

    def read() -> list[str]:
        run_due()
        return [
            path.read_text().replace("=\n", "").replace("=3D", "=")
            for path in sorted((tmp_path / "post").glob("**/*"))
            if path.is_file()
        ]

    return read
