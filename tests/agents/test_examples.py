"""The examples that carry tickets in and out do so against a real server."""

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import requests

from .conftest import PASSWORD

EXAMPLES = Path(__file__).parents[2] / "examples"

ROWS = [
    {
        "email": "ana@x.example",
        "title": "Ä first",
        "body": "One,\nwith lines",
        "state": "completed",
    },
    {"email": "ben@x.example", "title": "=2+2", "body": "Two", "state": ""},
    {"email": "ben@x.example", "title": "=2+2", "body": "Two", "state": ""},
]


def run(name, *arguments, token, check=True):
    return subprocess.run(
        [sys.executable, EXAMPLES / name, *arguments],
        env=os.environ | {"VENTANILLA_TOKEN": token},
        capture_output=True, text=True, encoding="utf-8", check=check, timeout=60,
    )  # fmt: skip


def test_tickets_come_in_once_and_go_out_again(live_server, tmp_path):
    site, token = prepared(live_server)
    path = tmp_path / "old.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ROWS[0])
        writer.writeheader()
        writer.writerows(ROWS)
    for _ in range(2):
        run("import_tickets.py", live_server.url, site, str(path), token=token)
    asleep = requests.put(
        f"{live_server.url}/api/v1/agent/tickets/{site}/2/snooze",
        headers={"Authorization": f"Bearer {token}"},
        json={"until": None},
        timeout=20,
    )
    assert asleep.ok, asleep.text
    out = run("export_tickets.py", live_server.url, token=token).stdout
    rows = sorted(csv.DictReader(io.StringIO(out)), key=lambda row: int(row["number"]))
    assert [(row["title"], row["state"]) for row in rows] == [
        ("Ä first", "completed"), ("'=2+2", "waiting"), ("'=2+2", "waiting"),
    ]  # fmt: skip


def test_a_row_that_is_refused_is_named_and_the_rest_come_in(live_server, tmp_path):
    site, token = prepared(live_server)
    path = tmp_path / "old.csv"
    path.write_text("email,title,body\nnobody,A,B\nana@x.example,C,D\n")
    done = run("import_tickets.py", live_server.url, site, str(path), token=token, check=False)
    assert done.returncode == 1
    assert "line 2" in done.stderr
    assert done.stdout == "line 3: #1\n"


def test_what_cannot_be_read_is_said_before_anything_is_sent(live_server, tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("email;title;body\nana@x.example;A;B\n")
    wrong = {
        ("import_tickets.py", live_server.url, "site", str(path)): "has no column body, email, title",
        ("import_tickets.py", live_server.url): "python import_tickets.py https://",
        ("export_tickets.py",): "python export_tickets.py https://",
    }  # fmt: skip
    for words, told in wrong.items():
        done = run(*words, token="vnt_x", check=False)
        assert done.returncode == 1
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def prepared(server):
    """Return a site's key, and a token as an agent makes it in the console."""
    site = command(server, "site", "add", "Shop", "https://shop.example")
    command(server, "agent", "add", "ines@team.example", "--name", "Inés")
    browser = requests.Session()
    browser.headers["Sec-Fetch-Site"] = "same-origin"
    form = {"email": "ines@team.example", "password": PASSWORD}
    assert browser.post(f"{server.url}/console/sign-in", data=form, timeout=20).ok
    form = {"name": "CSV", "scope": ["tickets:read", "tickets:write"], "days": "30"}
    page = browser.post(f"{server.url}/console/api/tokens", data=form, timeout=20).text
    return re.search(r"Site key +(\w+)", site)[1], re.findall(r"vnt_[\w-]{40,}", page)[0]


def command(server, *words):
    return subprocess.run(
        [sys.executable, "-m", "widget_server.cli", *words],
        env={**server.environment, "AGENT_PASSWORD": PASSWORD},
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip


def test_the_command_line_lets_a_locked_out_agent_back_in(live_server):
    command(live_server, "agent", "add", "ines@team.example", "--name", "Inés")
    said = command(live_server, "agent", "reset", "ines@team.example", "--second-step")
    link = said.splitlines()[0]
    answer = requests.post(link, data={"password": "quite another one"}, timeout=20)
    assert answer.ok
    form = {"email": "ines@team.example", "password": "quite another one"}
    entered = requests.post(
        f"{live_server.url}/console/sign-in", data=form, timeout=20, allow_redirects=False
    )
    assert entered.status_code == 303
