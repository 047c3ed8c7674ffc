"""`ventanilla doctor` finds what is wrong and says what to do, to people and to programs."""

import json

import pytest

from widget_server import checkups, jobs
from widget_server.database import execute

from ..support.mailserver import Sink
from ..support.servers import free_port


@pytest.fixture
def doctor(command):
    """Run the doctor and return each check's state and words."""

    def run(code=0, **settings):
        told = json.loads(command("doctor", "--json", code=code, **settings))
        assert told["healthy"] is (code == 0)
        return {each["name"]: (each["state"], each["says"]) for each in told["checks"]}

    return run


@pytest.fixture
def inhabited(command):
    command("agent", "add", "ines@team.example", "--name", "Inés", "--role", "administrator",
            AGENT_PASSWORD="correct horse battery")  # fmt: skip
    command("site", "add", "Shop", "https://shop.example")


def test_an_ordinary_installation_is_healthy(doctor, inhabited):
    jobs.schedule()
    found = doctor()
    assert {name for name, (state, _) in found.items() if state == "wrong"} == set()
    for name in ("settings", "database", "secret", "files", "limits", "clock", "worker", "people"):
        assert found[name][0] == "ok", found[name]
    assert found["leftovers"] == ("ok", "nothing was given up")


def test_it_speaks_to_people_too(command, inhabited):
    told = command("doctor")
    assert "✓ database" in told
    assert "! sending" in told


def test_wrong_settings_are_named_all_at_once(doctor):
    found = doctor(code=1, VENTANILLA_PORT="x", VENTANILLA_METRICS_TOKEN="short")
    assert list(found) == ["settings"]


def test_an_empty_installation_is_told_its_next_step(doctor):
    found = doctor(code=1)
    assert found["people"][0] == "wrong"
    assert "ventanilla agent add" in found["people"][1]
    assert found["worker"][0] == "advice"


def test_a_database_that_is_away_is_wrong_and_the_rest_is_still_looked_at(doctor):
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/x?connect_timeout=2"
    found = doctor(code=1, VENTANILLA_DATABASE_URL=nowhere)
    assert found["database"][0] == "wrong"
    assert found["people"] == ("skipped", "needs the database")
    assert found["files"][0] == "ok"


def test_mail_servers_are_tried(doctor, inhabited):
    sink = Sink().start()
    try:
        given = {"VENTANILLA_SMTP_URL": sink.url, "VENTANILLA_MAIL_FROM": "help@shop.example"}
        assert doctor(**given)["sending"] == ("ok", f"127.0.0.1:{sink.port} takes letters")
    finally:
        sink.stop()
    found = doctor(code=1, **given)
    assert found["sending"][0] == "wrong"
    assert "VENTANILLA_SMTP_URL" in found["sending"][1]
    box = f"imap://reply:secret@127.0.0.1:{free_port()}/INBOX?tls=none"
    reply = {"VENTANILLA_MAIL_REPLY_TO": "reply@shop.example"}
    found = doctor(code=1, VENTANILLA_IMAP_URL=box, **given, **reply)
    assert found["receiving"][0] == "wrong"
    assert "secret" not in found["receiving"][1]


def test_redis_is_tried(doctor, inhabited):
    found = doctor(code=1, VENTANILLA_RATE_LIMIT_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert found["limits"][0] == "wrong"


def test_a_proxy_nobody_believes_is_wrong(doctor, inhabited):
    found = doctor(code=1, VENTANILLA_SERVER_URL="https://help.example.invalid")
    assert found["proxies"][0] == "wrong"
    assert "VENTANILLA_TRUSTED_PROXIES=1" in found["proxies"][1]
    assert found["reachable"][0] == "advice"
    open_to_all = {"VENTANILLA_TRUSTED_PROXIES": "1", "VENTANILLA_HOST": "0.0.0.0"}
    assert doctor(**open_to_all)["proxies"][0] == "advice"


def test_our_own_address_is_asked_and_its_clock_compared(doctor, inhabited, live_server, clock):
    found = doctor(code=1, VENTANILLA_SERVER_URL=live_server.url)
    assert "clock" in found["reachable"][1], "this test's clock stands in the past"
    clock.pass_(seconds=1)


def test_another_server_at_our_address_is_told(doctor, inhabited, live_server):
    assert doctor(VENTANILLA_SERVER_URL=live_server.url)["reachable"][0] == "ok"
    with pytest.raises(RuntimeError, match="something else answers"):
        checkups.reachable({"SERVER_URL": f"{live_server.url}/console"})


@pytest.mark.parametrize("key", ["a" * 40, "changemechangemechangemechangeme"])
def test_a_secret_that_looks_typed_is_wrong(doctor, inhabited, key):
    assert doctor(code=1, VENTANILLA_SECRET_KEY=key)["secret"][0] == "wrong"


def test_jobs_that_wait_or_were_given_up_are_told(doctor, inhabited):
    jobs.schedule()
    execute("UPDATE job SET run_at = '2026-01-01T00:00:00.000000Z'")
    execute(
        "INSERT INTO job (kind, payload, run_at, attempts, dead_at, created_at)"
        " VALUES ('x', '{}', ?, 12, ?, ?)",
        *["2026-01-01T00:00:00.000000Z"] * 3,
    )
    found = doctor(code=1)
    assert found["worker"][0] == "wrong"
    assert found["leftovers"][0] == "advice"
    assert "ventanilla jobs list --dead" in found["leftovers"][1]


def test_files_that_anybody_can_read_are_told(doctor, inhabited, tmp_path):
    (tmp_path / "files").chmod(0o755)
    assert doctor()["files"][0] == "advice"
