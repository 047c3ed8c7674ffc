"""What whoever runs the server does at the command line, from backup to a person's data."""

import json
import os
import socket
import subprocess
import sys

import pytest

from widget_server import audit, jobs
from widget_server.agents import service as agents
from widget_server.attachments.service import Files
from widget_server.database import query
from widget_server.identity.models import Requester
from widget_server.jobs import Job

from ..recovery.test_kill import PNG


@pytest.fixture
def environment(app, environment):
    """The installation that the other fixtures fill."""
    return environment | {"VENTANILLA_SECRET_KEY": app.config["SECRET_KEY"][0]}


@pytest.fixture
def somebody(ada):
    """Ada, with a request and a file."""
    file = ada.upload("picture.png", PNG).json
    ada.open(title="Printer on fire", attachments=[file["id"]])
    return ada


@pytest.mark.parametrize("who", ["ada", "Ada@customers.example"])
def test_a_person_is_exported_by_address_or_id(command, somebody, site, who):
    (told,) = json.loads(command("export-person", site.key, who))
    assert told["person"]["email"] == "ada@customers.example"
    assert [ticket["title"] for ticket in told["tickets"]] == ["Printer on fire"]


def test_an_export_is_written_to_a_new_file_for_its_owner_only(command, somebody, site, tmp_path):
    path = tmp_path / "ada.json"
    command("export-person", site.key, "ada", "--output", str(path))
    assert json.loads(path.read_text())[0]["person"]["sub"] == "ada"
    assert path.stat().st_mode & 0o077 == 0
    told = command("export-person", site.key, "ada", "--output", str(path), code=1)
    assert "exists already" in told


def test_nobody_is_said_to_be_nobody(command, site):
    assert "Nobody is known as eve" in command("export-person", site.key, "eve", code=1)


def test_a_person_is_erased_after_asking_and_it_is_in_the_log(command, somebody, bruno, site):
    bruno.open()
    command("erase-person", site.key, "ada", code=1, given="n\n")
    assert Requester.select().count() == 2
    told = command("erase-person", site.key, "ada", "--yes")
    assert "1 requests are gone" in told
    assert [each.sub for each in Requester.select()] == ["bruno"]
    assert list(Files.storage.folder.glob("??/*")) == []
    (row,) = query("SELECT act, via FROM audit WHERE act = 'person.erased'")
    assert row == ("person.erased", audit.COMMAND)


def test_agents_are_listed_with_what_keeps_them_out(command, app):
    agents.add_agent(
        email="ines@team.example", name="Inés", password="correct horse battery", role="agent"
    )
    told = command("agent", "list")
    assert told == "ines@team.example  Inés  agent  active  password only\n"


def test_sites_are_changed_and_their_keys_listed_without_secrets(command, site):
    told = command(
        "site", "change", site.key, "--name", "Store", "--origin", "https://store.example/"
    )
    assert told == f"{site.key}  Store  https://store.example\n"
    assert "Say what to change" in command("site", "change", site.key, code=2)
    told = command("site", "keys", site.key)
    assert site.signing.kid in told
    assert site.signing.secret not in told


def test_jobs_that_were_given_up_are_seen_and_tried_again(command, app, monkeypatch):
    done = []
    monkeypatch.setitem(jobs._handlers, "test.work", lambda: done.append(1))
    jobs.enqueue("test.work")
    Job.update(dead_at="2026-01-01T00:00:00.000000Z", attempts=12, last_error="away").execute()
    number = Job.get().id
    told = command("jobs", "list", "--dead")
    assert told.startswith(f"{number}  test.work  given up 2026-01-01")
    assert "were not given up: 99" in command("jobs", "retry", "99", code=1)
    assert "Name the jobs" in command("jobs", "retry", code=2)
    assert command("jobs", "retry", str(number)) == "1 will be tried again\n"
    assert command("jobs", "list", "--dead") == ""
    assert "tries 0" in command("jobs", "list")
    assert jobs.run_due() == 1
    assert done == [1]


def test_a_backup_and_its_restore_by_command(command, somebody, tmp_path):
    told = command("backup", str(tmp_path / "saved.tar"))
    assert "It was read again and is whole" in told
    assert "exists already" in command("backup", str(tmp_path / "saved.tar"), code=1)
    fresh = {
        "VENTANILLA_DATABASE_URL": f"sqlite:///{tmp_path}/fresh.db",
        "VENTANILLA_FILES_DIR": str(tmp_path / "fresh"),
    }
    told = command("restore", str(tmp_path / "saved.tar"), **fresh)
    assert "2 files" in told or "1 files" in told
    assert "VENTANILLA_SECRET_KEY is not" not in told
    assert "installation here already" in command(
        "restore", str(tmp_path / "saved.tar"), code=1, **fresh
    )
    other = fresh | {
        "VENTANILLA_DATABASE_URL": f"sqlite:///{tmp_path}/other.db",
        "VENTANILLA_SECRET_KEY": "x7" * 20,
    }
    assert "not the one of the backup" in command("restore", str(tmp_path / "saved.tar"), **other)


def test_settings_of_the_new_home_are_checked_like_our_own(command, app, tmp_path):
    path = tmp_path / "new.env"
    path.write_text("VENTANILLA_DATABASE_URL=mysql://x\n")
    told = command("copy", str(path), code=2)
    assert "VENTANILLA_DATABASE_URL" in told
    assert "VENTANILLA_SECRET_KEY is not set" in told
    path.write_text("just words\n")
    assert "new.env:1: write NAME=value" in command("copy", str(path), code=2)
    path.write_text('VENTANILLA_SECRET_KEY="never ends\n')
    assert "new.env:1: write NAME=value" in command("copy", str(path), code=2)


def test_a_new_home_that_could_open_nothing_is_refused_before_anything_is_written(
    command, app, tmp_path
):
    path, new = tmp_path / "new.env", tmp_path / "new.db"
    path.write_text(f"VENTANILLA_SECRET_KEY={'x7' * 20}\nVENTANILLA_DATABASE_URL=sqlite:///{new}\n")
    told = command("copy", str(path), code=2)
    assert f"VENTANILLA_SECRET_KEY: {path} has none of those in use here" in told
    assert not new.exists()


@pytest.mark.parametrize(
    ("target", "told"),
    [(".", "exists already"), ("file/saved", "Not a directory"), ("/proc/saved", "/proc/saved.part")],
)  # fmt: skip
def test_a_place_that_takes_no_backup_is_said_in_a_line(
    command, somebody, tmp_path, monkeypatch, target, told
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    said = command("backup", target, code=1)
    assert told in said
    assert said.count("\n") == 1


def test_a_database_that_is_away_is_said_in_a_line(command, tmp_path):
    url = f"sqlite:///{tmp_path}/"
    said = command("site", "list", code=1, VENTANILLA_DATABASE_URL=url)
    assert said.startswith("The database does not do it: unable to open database file.")
    assert said.count("\n") == 1


def test_a_key_that_cannot_be_retired_is_said_before_another_is_made(command, site):
    said = command("site", "rotate-key", site.key, "--retire", "knone", code=1)
    assert "no key 'knone'" in said
    assert query("SELECT kid FROM site_key") == [(site.signing.kid,)]
    told = command("site", "rotate-key", site.key, "--retire", site.signing.kid)
    assert f"Retired       {site.signing.kid}" in told


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "x" * 81])
def test_nobody_is_called_nothing(command, site, name):
    assert "Invalid value for '--name'" in command(
        "agent", "add", "ines@team.example", "--name", name, code=2, AGENT_PASSWORD="correct horse"
    )
    assert "Invalid value for 'NAME'" in command("site", "add", name, "https://x.example", code=2)
    assert "Invalid value" in command("site", "change", site.key, "--name", name, code=2)


def test_a_name_is_one_line(command, site):
    command("site", "change", site.key, "--name", " My\nshop ")
    assert f"{site.key}  My shop  " in command("site", "list")


def test_a_fresh_demo_removes_no_folder_of_somebody_elses(command, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    told = command("demo", "--fresh", "--folder", str(tmp_path), code=1)
    assert "holds no demo" in told
    assert (tmp_path / "thesis.txt").exists()


def test_a_demo_at_a_port_that_is_none_is_said_in_a_line(command, tmp_path):
    told = command("demo", "--port", "65535", "--folder", str(tmp_path / "demo"), code=2)
    assert "65535 is not in the range" in told
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize(("shell", "language"), [("it_IT.UTF-8", "it"), ("C.UTF-8", "en")])
def test_the_first_agent_is_an_administrator_in_the_shells_language(command, shell, language):
    words = ("--name", "Inés"), {"AGENT_PASSWORD": "correct horse battery", "LANG": shell}
    first = command("agent", "add", "ines@team.example", *words[0], **words[1])
    second = command("agent", "add", "bea@team.example", *words[0], **words[1])
    assert "as administrator: http://127.0.0.1:8700/console/" in first
    assert "as agent" in second
    found = query("SELECT role, locale FROM agent ORDER BY id")
    assert found == [("administrator", language), ("agent", language)]


@pytest.mark.parametrize(
    ("host", "told"),
    [("127.0.0.1", "VENTANILLA_PORT: {port} is taken on 127.0.0.1"),
     ("192.0.2.1", "VENTANILLA_HOST: 192.0.2.1 is no address of this machine")],
)  # fmt: skip
def test_a_place_that_cannot_be_listened_at_is_said_in_a_line(tmp_path, host, told):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        given = {"SECRET_KEY": "x1" * 25, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "HOST": host,
                 "PORT": str(port)}  # fmt: skip
        served = subprocess.run(
            [sys.executable, "-m", "widget_server.cli", "serve"],
            env=os.environ | {f"VENTANILLA_{name}": value for name, value in given.items()},
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert (served.returncode, "Traceback" in served.stderr) == (2, False)
    assert told.format(port=port) in served.stderr
