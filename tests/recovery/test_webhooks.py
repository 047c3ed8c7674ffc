"""`kill -9` between the call and its record: every event is told, under one id however often."""

import sqlite3
import threading

import pytest

from widget_server import database
from widget_server.app import create_app
from widget_server.sites import service as sites
from widget_server.webhooks import service as webhooks

from ..support.receiver import Receiver
from ..support.servers import Ventanilla, wait_until
from ..support.visitor import ORIGIN
from .test_mail import Writer

WRITERS, EACH, KILLS = 3, 10, 3


class Deadly(Receiver):
    """Has the server killed while it waits for the answer: the call is made, nothing is noted."""

    kill = None

    def answer(self, handler, what):
        act, self.kill = self.kill, None
        if act is not None:
            act()
        super().answer(handler, what)


@pytest.fixture
def desk(tmp_path):
    receiver = Deadly()
    server = Ventanilla(tmp_path, OUTBOUND_LOOPBACK="allow")
    given = {name: server.settings[name] for name in ("DATABASE_URL", "OUTBOUND_LOOPBACK")}
    create_app(
        {"SECRET_KEY": [server.settings["SECRET_KEY"]], "FILES_DIR": tmp_path / "files", **given}
    )
    site, site.signing = sites.add_site(name="Shop", origins=[ORIGIN])
    _, secret = webhooks.create(site.id, url=receiver.url, events=["ticket.opened"])
    database.db.obj.close_all()
    server.start()
    yield server, site, receiver, secret
    server.kill()
    receiver.stop()


def test_every_event_is_told_at_least_once_under_one_id(desk):
    server, site, receiver, secret = desk
    writers = [Writer(server, site, number) for number in range(WRITERS)]
    threads = [threading.Thread(target=writer.file) for writer in writers]
    for turn in range(KILLS):
        dead = threading.Event()

        def strike(dead=dead):
            server.kill()
            dead.set()

        # Set before there is anybody to call, who might have told all there is to tell by then.
        receiver.kill = strike
        if turn:
            server.command("serve")
        else:
            for thread in threads:
                thread.start()
        wait_until(dead.is_set, "a call to strike at", 60)
    server.start()
    for thread in threads:
        thread.join(timeout=60)
    path = server.settings["DATABASE_URL"].removeprefix("sqlite:///")

    def undelivered():
        with sqlite3.connect(path, timeout=10) as file:
            sql = "SELECT count(*) FROM webhook_delivery WHERE state <> 'delivered'"
            return file.execute(sql).fetchone()[0]

    wait_until(lambda: undelivered() == 0, "the end of the deliveries", 60)
    by_id = {}
    for call in receiver.calls:
        by_id.setdefault(call.id, set()).add(call.body["data"]["ticket"]["number"])
    assert all(call.verified(secret) for call in receiver.calls)
    assert sorted(by_id.values(), key=min) == [{n} for n in range(1, WRITERS * EACH + 1)]
    # Struck at before the answer: those were told twice, and can be known by their id.
    assert len(receiver.calls) == WRITERS * EACH + KILLS
