"""`kill -9` in the middle of the work: what was answered is there, once."""

import base64
import itertools
import json
import sqlite3
import threading
import time
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from widget_server import database, migrations
from widget_server.sites import service as sites

from ..support.servers import Ventanilla
from ..support.visitor import ORIGIN, sign

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
KILLS = 10
CLIENTS = 6


class Client:
    """Files requests with pictures over and over; sends again what got no answer."""

    def __init__(self, server, site, number):
        self.server, self.site, self.number = server, site, number
        self.answered, self.token, self.filed = [], "", 0

    def call(self, path, data, **headers):
        """Return the answer, however often the server dies meanwhile."""
        raw = data if isinstance(data, bytes) else json.dumps(data).encode()
        while True:
            request = Request(f"{self.server.url}/api/v1{path}", raw, method="POST")
            for name, value in {
                "Origin": ORIGIN,
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.token}",
                **headers,
            }.items():
                request.add_header(name.replace("_", "-"), value)
            try:
                with urlopen(request, timeout=10) as answer:
                    return json.load(answer)
            except HTTPError as error:
                with error:
                    if error.code not in {429, 503}:
                        raise
                self.token = self.session() if path != "/sessions" else self.token
            except (URLError, OSError, HTTPException):
                time.sleep(0.02)  # The server is being started again.

    def session(self):
        word = sign(self.site.signing, sub=f"client {self.number}")
        opened = {"site_key": self.site.key, "identity_token": word}
        return self.call("/sessions", opened)["token"]

    def run(self, stop):
        for turn in itertools.count():
            if stop.is_set():
                return
            if turn % 15 == 0:
                self.token = self.session()
            file = self.call("/attachments", PNG, X_File_Name="a.png")
            title = f"client {self.number} turn {turn}"
            data = {
                "category": "help",
                "title": title,
                "body": "x",
                "attachments": [file["id"]],
            }
            key = f"key-{self.number}-{turn}-client"
            ticket = self.call("/tickets", data, Idempotency_Key=key)
            reply = {"body": f"reply {title}"}
            self.call(f"/tickets/{ticket['id']}/messages", reply, Idempotency_Key=key)
            self.answered.append(title)


@pytest.fixture
def shop_server(tmp_path):
    server = Ventanilla(tmp_path)
    migrations.migrate(database.connect(server.settings["DATABASE_URL"]))
    site, key = sites.add_site(name="Shop", origins=[ORIGIN])
    database.db.close()
    server.start()
    site.signing = key
    yield server, site
    server.kill()


def test_nothing_answered_is_lost_or_doubled_by_ten_kills(shop_server):
    server, site = shop_server
    clients = [Client(server, site, number) for number in range(CLIENTS)]
    stop = threading.Event()
    threads = [threading.Thread(target=client.run, args=(stop,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS):
            seen = sum(len(client.answered) for client in clients)
            while sum(len(client.answered) for client in clients) < seen + 12:
                assert any(thread.is_alive() for thread in threads)
                time.sleep(0.01)
            server.kill()
            server.start()
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)

    answered = [title for client in clients for title in client.answered]
    assert len(answered) >= KILLS * 12
    opened = sqlite3.connect(server.settings["DATABASE_URL"].removeprefix("sqlite:///"))
    titles = [row[0] for row in opened.execute("SELECT title FROM ticket")]
    replies = [
        row[0] for row in opened.execute("SELECT body FROM message WHERE body LIKE 'reply %'")
    ]
    numbers = [row[0] for row in opened.execute("SELECT number FROM ticket ORDER BY number")]
    assert set(answered) <= set(titles)
    assert len(titles) == len(set(titles))
    assert {f"reply {title}" for title in answered} <= set(replies)
    assert len(replies) == len(set(replies))
    assert numbers == list(range(1, len(numbers) + 1))

    deadline = time.monotonic() + 60
    undone = "SELECT count(*) FROM attachment WHERE ticket_id IS NOT NULL AND preview_at IS NULL"
    opened.execute("UPDATE job SET lease_until = '2000' WHERE lease_until IS NOT NULL")
    opened.commit()  # A dead worker's lease runs out after two minutes; here it has.
    while opened.execute(undone).fetchone() != (0,):
        assert time.monotonic() < deadline, "jobs did not resume"
        time.sleep(0.05)
    opened.close()
