"""The example for nginx does what it says: TLS, addresses, sizes, streams, caches."""

import contextlib
import json
import threading
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest

from widget_server import database, migrations
from widget_server.agents import service as agents
from widget_server.agents.models import AgentSession
from widget_server.sites import service as sites

from ..support.databases import disconnect
from ..support.visitor import ORIGIN, sign

PASSWORD = "correct horse battery"
MEGABYTE = 1 << 20


@pytest.fixture
def shop(tmp_path, start_server, front):
    """A server behind nginx, with a site and an agent."""
    url = f"sqlite:///{tmp_path}/shop.db"
    migrations.migrate(database.connect(url))
    site, key = sites.add_site(name="Shop", origins=[ORIGIN])
    agents.add_agent(email="ines@team.example", name="Inés", password=PASSWORD)
    disconnect()
    server = start_server(
        DATABASE_URL=url,
        TRUSTED_PROXIES="1",
        SERVER_URL="https://localhost",
        FILE_BYTES=str(MEGABYTE),
    )
    before = front(server.port)
    before.site, before.key, before.database_url = site, key, url
    return before


def call(front, method, path, body=None, **headers):
    """Return status, headers and body, as a browser on the other side of nginx gets them."""
    connection = HTTPSConnection("localhost", front.port, context=front.context, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


@pytest.fixture
def token(shop):
    body = json.dumps({"site_key": shop.site.key, "identity_token": sign(shop.key, sub="ada")})
    status, _, answer = call(shop, "POST", "/api/v1/sessions", body, Origin=ORIGIN)
    assert status == 201
    return json.loads(answer)["token"]


def test_plain_http_is_sent_to_tls(shop):
    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    with pytest.raises(HTTPError) as refused:
        build_opener(Stay).open(f"http://127.0.0.1:{shop.plain_port}/console/")
    with refused.value as answer:
        assert answer.code == 301
        assert answer.headers["Location"].startswith("https://")
    status, headers, _ = call(shop, "GET", "/health")
    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert len(headers["X-Request-Id"]) == 32, "nginx's id is ours"


def test_whoever_claims_another_address_is_not_believed(shop):
    form = urlencode({"email": "ines@team.example", "password": PASSWORD})
    status, headers, _ = call(
        shop, "POST", "/console/sign-in", form,
        Content_Type="application/x-www-form-urlencoded", Sec_Fetch_Site="same-origin",
        X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="http",
    )  # fmt: skip
    assert status == 303
    assert "Secure" in headers["Set-Cookie"]
    database.connect(shop.database_url)
    assert [session.address for session in AgentSession.select()] == ["127.0.0.1"]
    disconnect()


def test_what_is_too_large_is_said_by_us_and_stopped_by_nginx(shop, token):
    kind = {"Content_Type": "application/octet-stream", "X_File_Name": "a.png"}
    kind["Authorization"] = f"Bearer {token}"
    status, _, body = call(shop, "POST", "/api/v1/attachments", b"x" * (MEGABYTE + 1), **kind)
    assert status == 413
    assert json.loads(body)["error"]["code"] == "too_large"
    head = {**kind, "Content_Length": str(33 * MEGABYTE)}
    assert call(shop, "POST", "/api/v1/attachments", b"", **head)[0] == 413


def test_figures_stay_inside(shop):
    assert call(shop, "GET", "/metrics")[0] == 404


def test_caches_are_told_the_same_through_nginx(shop):
    path = f"/w/{shop.site.key}.js"
    status, headers, body = call(shop, "GET", path, Accept_Encoding="br")
    assert status == 200
    assert headers["Content-Encoding"] == "br"
    assert headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert headers["Vary"] == "Accept-Encoding"
    status, again, nothing = call(
        shop, "GET", path, Accept_Encoding="br", If_None_Match=headers["ETag"]
    )
    assert (status, nothing, again["ETag"]) == (304, b"", headers["ETag"])
    plain = call(shop, "GET", path)[1]
    assert plain["ETag"] != headers["ETag"], "each encoding has its own"


class Streaming(BaseHTTPRequestHandler):
    """Sends one event, and the next only once that has arrived."""

    protocol_version = "HTTP/1.1"
    arrived = threading.Event()

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("X-Accel-Buffering", "no")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in (b"data: one\n\n", b"data: two\n\n"):
            self.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
            self.wfile.flush()
            if event.endswith(b"one\n\n"):
                self.arrived.wait(20)
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


def test_streams_pass_as_they_come(front):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Streaming)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with contextlib.closing(server.socket):
        before = front(server.server_address[1])
        with urlopen(Request(f"{before.url}/stream"), timeout=30, context=before.context) as answer:
            assert answer.readline() == b"data: one\n", "before the second was written"
            Streaming.arrived.set()
            assert answer.read() == b"\ndata: two\n\n"
        server.shutdown()
        server.server_close()
