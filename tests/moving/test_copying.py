"""An installation moves from SQLite to PostgreSQL and back without losing a byte, kills included."""

import os
import shlex
import signal
import subprocess
import sys
import time

import pytest

from widget_server import config, database
from widget_server.database import execute, query
from widget_server.moving import copying
from widget_server.moving.errors import CannotMove, Differs
from widget_server.moving.stores import PROGRESS, Table, open_store

from ..support.databases import disconnect
from ..support.servers import ROOT

#: Rows beside the ordinary ones, so that a copy takes long enough to be killed in the middle.
MANY = 40_000


def environment(settings):
    """Settings as the environment has them."""
    known = {setting.name: setting for setting in config.SETTINGS}
    found = {}
    for name in ("SECRET_KEY", "DATABASE_URL", "FILES_DIR"):
        value = settings[known[name].name]
        found[f"VENTANILLA_{name}"] = ",".join(value) if isinstance(value, list) else str(value)
    return found


@pytest.fixture
def command(lived, elsewhere, tmp_path):
    """Start `ventanilla copy` with what the settings say."""
    target = tmp_path / "new.env"
    lines = [f"{name}={shlex.quote(text)}" for name, text in environment(elsewhere).items()]
    target.write_text("# the new home\n\n" + "\n".join(lines) + "\n")

    def start():
        return subprocess.Popen(
            [sys.executable, "-m", "widget_server.cli", "copy", str(target)],
            env={**os.environ, **environment(lived), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start


def arrived(settings):
    """Return how many rows have arrived so far."""
    try:
        store = open_store(settings["DATABASE_URL"])
    except CannotMove:
        return 0
    try:
        if not store.has(PROGRESS):
            return 0
        return store.run("SELECT count(*) FROM agent_try")[0][0]
    finally:
        store.close()


def test_a_copy_that_is_killed_again_and_again_ends_complete(lived, elsewhere, contents, command):
    disconnect()
    store = open_store(lived["DATABASE_URL"])
    store.begin()
    tries = Table("agent_try", ("id", "failures", "until", "at"), ("id",))
    store.add(tries, [(f"row {number:06}", 1, "x", "x") for number in range(MANY)])
    store.commit()
    store.close()
    before = contents(lived)
    killed, seen = 0, 0
    while killed < 4:
        process = command()
        while process.poll() is None and arrived(elsewhere) <= seen:
            time.sleep(0.01)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        seen, killed = arrived(elsewhere), killed + 1
        assert seen < MANY
    assert killed == 4, process.communicate()[0]
    process = command()
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert contents(elsewhere) == before
    assert arrived(elsewhere) == 0, "the progress is gone"
    assert f"agent_try {MANY:>25}" in told
    assert "files are the same" in told


def test_numbers_given_by_the_database_go_on(lived, elsewhere):
    copying.copy(lived, elsewhere)
    (highest,) = query("SELECT max(id) FROM job")[0]
    disconnect()
    store = open_store(elsewhere["DATABASE_URL"])
    store.run(
        "INSERT INTO job (kind, payload, run_at, created_at) VALUES ('x', '{}', ?, ?)", "a", "a"
    )
    assert store.run("SELECT max(id) FROM job")[0][0] > highest
    store.close()


def test_what_was_copied_can_be_found(lived, elsewhere):
    copying.copy(lived, elsewhere)
    store = open_store(elsewhere["DATABASE_URL"])
    counts = (
        store.run("SELECT count(*) FROM ticket_search"),
        query("SELECT count(*) FROM ticket_search"),
    )
    store.close()
    assert counts[0] == counts[1]


def test_somebody_writing_meanwhile_is_noticed(lived, elsewhere, ada):
    def write(line):
        if line == "ticket: copied":
            ada.open(title="Too late")

    with pytest.raises(Differs, match=r"ticket.*stop the server and the worker"):
        copying.copy(lived, elsewhere, say=write)


def test_a_target_that_is_in_use_is_left_alone(lived, elsewhere, contents):
    copying.copy(lived, elsewhere)
    before = contents(elsewhere)
    with pytest.raises(CannotMove, match="There is an installation here already"):
        copying.copy(lived, elsewhere)
    assert contents(elsewhere) == before


def test_half_a_copy_of_another_installation_is_not_gone_on_with(lived, elsewhere):
    copying.migrate(elsewhere["DATABASE_URL"])
    store = open_store(elsewhere["DATABASE_URL"])
    store.begin()
    copying.progress.begin(store, "/another.db")
    store.commit()
    store.close()
    with pytest.raises(CannotMove, match=r"holds a copy of /another\.db"):
        copying.copy(lived, elsewhere)


def test_nothing_is_copied_onto_itself(lived):
    with pytest.raises(CannotMove, match="same database"):
        copying.copy(lived, lived)


def test_an_installation_that_is_not_up_to_date_is_not_moved(lived, elsewhere):
    execute("UPDATE schema_migration SET name = 'x' || name WHERE name = '0001_start'")
    try:
        with pytest.raises(CannotMove, match="ventanilla migrate"):
            copying.copy(lived, elsewhere)
    finally:
        execute("UPDATE schema_migration SET name = '0001_start' WHERE name = 'x0001_start'")
    assert database.db.obj is not None
