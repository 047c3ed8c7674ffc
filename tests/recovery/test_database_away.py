"""The database is away: callers are told to come again, pages keep their button, and it passes."""

import pytest
from peewee import OperationalError

from widget_server import database, errors
from widget_server.console.language import Words

from ..support.databases import disconnect
from ..support.servers import free_port


@pytest.fixture
def away(app, database_url):
    """Send the application to a database where nobody listens, and back."""

    def leave():
        disconnect()
        database.connect(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing?connect_timeout=2")

    yield leave
    disconnect()
    database.connect(database_url)


def test_requests_are_answered_503_with_a_time_to_come_again(
    away, ada, agent, client, database_url
):
    away()
    answer = ada.get("/tickets")
    assert answer.status_code == 503
    assert answer.json["error"]["code"] == "unavailable"
    assert answer.headers["Retry-After"] == "2"
    assert ada.get("/updates?since=1").status_code == 503
    assert agent.get("/mail").status_code == 503
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 503
    assert client.get("/ready").json["checks"]["database"]["ok"] is False
    database.connect(database_url)
    assert ada.get("/tickets").status_code == 200


def test_pages_keep_the_button_they_have(away, site, client, app, monkeypatch):
    loader = client.get(f"/w/{site.key}.js")
    assert loader.status_code == 200
    away()
    monkeypatch.setattr("widget_server.edge.time.monotonic", lambda: 1e12)
    again = client.get(f"/w/{site.key}.js")
    assert (again.status_code, again.data) == (200, loader.data)
    unseen = client.get("/w/never-asked-for.js")
    assert (unseen.status_code, unseen.headers["Retry-After"]) == (503, "2")


def test_figures_count_what_the_database_failed_with(away, ada, client, database_url):
    away()
    ada.get("/tickets")
    database.connect(database_url)
    assert 'ventanilla_database_errors_total{kind="away"}' in client.get("/metrics").text


class Refused(OperationalError):
    def __init__(self, text, sqlstate=None):
        super().__init__(text)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(28, "No space left on device"), "storage_full"),
        (OSError(122, "Disk quota exceeded"), "storage_full"),
        (OperationalError("database or disk is full"), "storage_full"),
        (Refused("could not extend file", "53100"), "storage_full"),
        (OperationalError("database is locked"), "unavailable"),
        (Refused("deadlock detected", "40P01"), "unavailable"),
        (OperationalError("unable to open database file"), "unavailable"),
        (OperationalError("no such table: ticket"), None),
        (OSError(2, "No such file or directory"), None),
        (ValueError("disk"), None),
    ],
    ids=str,
)
def test_what_the_machine_lacks_is_told_from_what_we_did_wrong(app, error, code):
    with app.test_request_context("/"):
        found = errors.trouble(error)
    assert (found.code if found else None) == code


def test_the_console_has_words_for_both(app):
    with app.test_request_context("/console/"):
        for locale in ("en", "es"):
            words = Words(locale)
            assert words.error("storage_full") != words.error("internal_error")
            assert words.error("unavailable") != words.error("internal_error")
