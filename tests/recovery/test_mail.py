"""The mail server is away, the help desk is killed again and again: every letter arrives, once."""

import sqlite3
import threading
import time
from collections import Counter

import pytest

from widget_server import database, migrations
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
    agents.add_agent(email="ines@team.example", name="Inés", password="0123456789")
    database.db.close_all()
    site.signing = key
    server.start()
    yield server, site, sink
    server.kill()
    sink.stop()


def test_200_tickets_without_a_mail_server_and_five_kills_end_as_one_letter_each(desk):
    server, site, sink = desk
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
    for goal in (TICKETS // 4, TICKETS):
        wait_until(lambda goal=goal: len(sink.letters) >= goal, "the next letters", 120)
        server.kill()
        server.start()
    wait_until(lambda: unsent(server) == 0, "the end of the outbox", 120)
    told = Counter((to, letter["Subject"]) for to, letter in sink.letters)
    assert set(told.values()) == {1}
    assert sum(to == "ines@team.example" for to, _ in told) == TICKETS
    for writer in writers:
        assert sum(to == writer.email for to, _ in told) == TICKETS // PEOPLE


def unsent(server):
    time.sleep(0.2)
    path = server.settings["DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path, timeout=10) as file:
        # One that was handed over as the worker died is in doubt, but arrived.
        return file.execute(
            "SELECT count(*) FROM mail WHERE state <> 'sent' AND error IS NOT ?", [IN_DOUBT]
        ).fetchone()[0]
