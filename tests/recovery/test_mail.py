"""The mail server is away, the help desk is killed again and again: every letter arrives, once."""

import sqlite3
import threading
import time
from collections import Counter
from urllib.request import Request, urlopen

import pytest

from widget_server import database, migrations
from widget_server.agents import api_tokens
from widget_server.agents import service as agents
from widget_server.mail.models import IN_DOUBT
from widget_server.sites import service as sites

from ..support.mailserver import Sink
from ..support.servers import Ventanilla, wait_until
from ..support.visitor import ORIGIN, sign
from .test_kill import Client

TICKETS, PEOPLE, KILLS = 200, 20, 5


class Writer(Client):
    """Files ten requests as one person, sending again what got no answer."""

    def file(self):
        word = sign(self.site.signing, sub=f"p{self.number}", email=self.email, email_verified=True)
        opened = {"site_key": self.site.key, "identity_token": word}
        self.token = self.call("/sessions", opened)["token"]
        for turn in range(TICKETS // PEOPLE):
            title = f"person {self.number} turn {turn}"
            data = {"category": "help", "title": title, "body": "x"}
            self.call("/tickets", data, Idempotency_Key=f"key-{self.number}-{turn}-writer")
            self.filed += 1

    @property
    def email(self):
        return f"person{self.number}@mail.example"


@pytest.fixture
def desk(tmp_path):
    sink = Sink()
    server = Ventanilla(tmp_path, SMTP_URL=sink.url, MAIL_FROM="Shop <help@shop.example>")
    migrations.migrate(database.connect(server.settings["DATABASE_URL"]))
    site, key = sites.add_site(name="Shop", origins=[ORIGIN])
    ines = agents.add_agent(email="ines@team.example", name="Inés", password="0123456789")
    token = api_tokens.create(ines, name="post", scopes=["tickets:read", "tickets:write"])[1]
    database.db.close_all()
    site.signing = key
    server.start()
    yield server, site, sink, token
    server.kill()
    sink.stop()


def test_200_tickets_without_a_mail_server_and_five_kills_end_as_one_letter_each(desk):
    server, site, sink, token = desk
    writers = [Writer(server, site, number) for number in range(PEOPLE)]
    threads = [
        threading.Thread(target=lambda mine=writers[first::4]: [each.file() for each in mine])
        for first in range(4)
    ]
    for thread in threads:
        thread.start()
    for kill in range(KILLS):
        goal = (kill + 1) * TICKETS // (KILLS + 1)
        wait_until(lambda goal=goal: sum(w.filed for w in writers) >= goal, "the next tickets", 60)
        server.kill()
        server.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(writer.filed for writer in writers) == TICKETS
    assert sink.letters == []
    sink.start()
    goals = (TICKETS // 4, TICKETS)
    for goal in goals:
        wait_until(lambda goal=goal: len(sink.letters) >= goal, "the next letters", 120)
        server.kill()
        server.start()
    wait_until(lambda: not unsent(server), "the end of the outbox", 120)
    lost = doubtful(server) - arrived(sink)
    assert len(lost) <= len(goals), "each death leaves one letter in doubt at most"
    for mail_id in lost:
        api(server, token, f"sites/{site.key}/mail/letters/{mail_id}/retry")
    wait_until(lambda: not unsent(server), "the end of what was sent again", 60)
    told = Counter((to, letter["Subject"]) for to, letter in sink.letters)
    assert set(told.values()) == {1}
    assert sum(to == "ines@team.example" for to, _ in told) == TICKETS
    for writer in writers:
        assert sum(to == writer.email for to, _ in told) == TICKETS // PEOPLE


def unsent(server):
    time.sleep(0.2)
    # One that was handed over as the worker died is in doubt, and somebody decides.
    return rows(server, "SELECT id FROM mail WHERE state <> 'sent' AND error IS NOT ?")


def doubtful(server):
    return rows(server, "SELECT id FROM mail WHERE error = ?")


def rows(server, sql):
    path = server.settings["DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path, timeout=10) as file:
        return {row[0] for row in file.execute(sql, [IN_DOUBT])}


def arrived(sink):
    return {letter["Message-ID"].strip("<>").partition("@")[0] for _, letter in sink.letters}


def api(server, token, path):
    """Ask as an agent."""
    request = Request(f"{server.url}/api/v1/agent/{path}", b"", method="POST")
    request.add_header("Authorization", f"Bearer {token}")
    urlopen(request, timeout=30).close()
