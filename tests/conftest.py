"""What every test may ask for: an application on either database, people, a clock, a server."""

import gc
import signal
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import time_machine

from widget_server.agents import service as agents
from widget_server.app import create_app
from widget_server.sites import service as sites

from .support.browser import axe, chromium, page_of
from .support.clock import START, Clock
from .support.console import AgentBrowser
from .support.databases import PostgresSupply, SqliteSupply, disconnect
from .support.mailserver import Sink
from .support.postgres import cluster
from .support.servers import Ventanilla
from .support.visitor import ORIGIN, Visitor, open_session, sign

#: Chromium starts once for each process, whoever asks for a page.
__all__ = ["axe", "chromium", "page_of"]

#: An example may take its time: how long one takes is the machine's affair, not a fact about us.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

#: Signs of a parameter that stand in the name of its test.
SHOWN = 40


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a long text by its beginning: processes tell each other the name of every test."""
    if isinstance(val, str | bytes) and len(val) > 2 * SHOWN:
        return f"{ascii(val[:SHOWN])}+{len(val)}"
    return None


def pytest_collection_finish() -> None:
    """Leave what was imported out of every full collection, which were a quarter of all time."""
    gc.collect()
    gc.freeze()


SECRET = "test-secret-test-secret-test-secret-0"


@pytest.fixture(scope="session")
def sqlite_supply(tmp_path_factory):
    return SqliteSupply(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_supply() -> Iterator[PostgresSupply]:
    with cluster() as server:
        yield PostgresSupply(server)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path) -> Iterator[str]:
    """An empty, migrated database; every test that needs one runs on both engines."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_supply").fresh(tmp_path)
    else:
        yield request.getfixturevalue("postgres_supply").fresh()
    disconnect()


@pytest.fixture
def settings() -> dict[str, Any]:
    """Override to change settings for a module or class: names without their prefix."""
    return {}


@pytest.fixture
def app(database_url, settings, tmp_path):
    return create_app(
        {
            "SECRET_KEY": [SECRET],
            "DATABASE_URL": database_url,
            "FILES_DIR": tmp_path / "files",
            "SERVER_URL": "https://help.example",
            "PROOF_COST": 8,
            "PROOF_SECONDS": 0,
            "UNDO_SECONDS": 0,
        }
        | settings
    )


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def add_site(app):
    """Register a site; it carries its signing key as ``.signing``."""

    def add(name: str = "Shop", origins: list[str] | None = None, **options: Any):
        site, key = sites.add_site(name=name, origins=origins or [ORIGIN], **options)
        site.signing = key
        return site

    return add


@pytest.fixture
def site(add_site):
    return add_site()


@pytest.fixture
def visit(app, request):
    """Open the panel on a page: as somebody the host vouches for, or, without ``sub``, nobody."""

    def open_panel(sub: str | None = None, *, at: Any = None, **claims: Any) -> Visitor:
        place = at or request.getfixturevalue("site")
        token = sign(place.signing, sub=sub, **claims) if sub is not None else None
        client = app.test_client()
        answer = open_session(client, place, token)
        assert answer.status_code == 201, answer.json
        return Visitor(client, answer.json)

    return open_panel


@pytest.fixture
def ada(visit):
    return visit("ada", name="Ada Ferrer", email="ada@customers.example", email_verified=True)


@pytest.fixture
def bruno(visit):
    return visit("bruno", name="Bruno Conti", email="bruno@customers.example", email_verified=True)


@pytest.fixture
def visitor(visit):
    return visit()


@pytest.fixture
def agent(app):
    """Inés, signed in to the console."""
    password = "correct horse battery"
    record = agents.add_agent(email="ines@team.example", name="Inés", password=password)
    client = app.test_client()
    answer = client.post(
        "/console/sign-in",
        data={"email": record.email, "password": password},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 303
    return AgentBrowser(client, record)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock standing at a Monday morning; tests move it, nothing waits."""
    with time_machine.travel(START, tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def start_server(tmp_path) -> Iterator[Any]:
    """Start servers of one's own; each is gone with its whole process group afterwards."""
    started: list[Ventanilla] = []

    def start(**given: str) -> Ventanilla:
        folder = tmp_path / f"server-{len(started)}"
        folder.mkdir()
        server = Ventanilla(folder, **given)
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.kill(signal.SIGTERM)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server that takes everything and remembers it."""
    server = Sink().start()
    yield server
    server.stop()


@pytest.fixture
def live_server(start_server) -> Ventanilla:
    return start_server()


def pytest_terminal_summary(terminalreporter):
    """Print the figures that tests measured, and what only informs, before the closing line."""
    for report in terminalreporter.stats.get("xfailed", []):
        crash = getattr(report.longrepr, "reprcrash", None)
        terminalreporter.write_line(f"{report.nodeid}: {crash.message[:500] if crash else ''}")
    stats = terminalreporter.stats
    for report in stats.get("passed", []) + stats.get("xpassed", []):
        for name, value in report.user_properties:
            if name == "figure":
                terminalreporter.write_line(value)
