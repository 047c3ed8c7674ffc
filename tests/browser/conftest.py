"""A real browser on real host pages, against a real server."""

import threading
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.serving import make_server

from ..support.hosts import shop, strict
from ..support.mailserver import Sink
from ..support.sampled import with_sample
from ..support.servers import Ventanilla, free_port
from ..support.stripe import HOOK_SECRET, KEY, FakeStripe
from ..support.writer import FakeWriter


@dataclass
class World:
    """A server with sample data, and the shop that embeds it."""

    server: str
    shop: str
    site_key: str
    live: Ventanilla
    sink: Sink
    stripe: FakeStripe
    writer: FakeWriter


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    sink = Sink().start()
    stripe = FakeStripe().start()
    writer = FakeWriter().start()
    host_port = free_port()
    origins = [f"http://127.0.0.1:{host_port}", f"http://localhost:{host_port}"]
    mail = {"SMTP_URL": sink.url, "MAIL_FROM": "Acme <help@acme.example>"}
    money = {"STRIPE_URL": stripe.url, "STRIPE_KEY": KEY, "STRIPE_HOOK_SECRET": HOOK_SECRET}
    # Patient for a minute: whoever does not wait for it cannot be waiting for its end.
    answers = {"ANSWER_URL": writer.url, "ANSWER_MODEL": "loopback", "ANSWER_MS": "60000"}
    live, site, key = with_sample(folder, origins, **mail, **money, **answers)
    host: Flask = shop(live.url, site.key, key)
    strict(host, live.url, site.key)
    running = make_server("127.0.0.1", host_port, host, threaded=True)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield World(live.url, origins[0], site.key, live, sink, stripe, writer)
    running.shutdown()
    running.server_close()
    live.kill()
    sink.stop()
    stripe.stop()
    writer.stop()
