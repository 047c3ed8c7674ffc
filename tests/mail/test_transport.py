"""Letters travel under TLS to servers that prove who they are; answers arrive as they come."""

import ssl
import subprocess
import threading
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from widget_server.database import query, release
from widget_server.mail import mailbox
from widget_server.mail.post import Post
from widget_server.mail.transport import Folder, Server, Temporary, Transport

from ..support.mailserver import Sink
from ..support.servers import free_port, wait_until
from .conftest import SUPPORT
from .letters import fresh


def test_two_letters_to_somebody_at_one_moment_are_two_files(clock, tmp_path):
    folder = Folder(tmp_path)
    for text in ("One", "Two"):
        letter = EmailMessage()
        letter.set_content(text)
        folder.send(letter, sender=SUPPORT, recipient="ana@mail.example")
    written = {path.read_text().split()[-1] for path in tmp_path.glob("*.eml")}
    assert written == {"One", "Two"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert,
         "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, cert


@pytest.fixture(params=["smtp", "smtps"])
def secure(request, certificate):
    key, cert = certificate
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    sink, port = Sink(), free_port()
    if request.param == "smtps":
        controller = Controller(sink, hostname="127.0.0.1", port=port, ssl_context=context)
    else:
        controller = Controller(sink, hostname="127.0.0.1", port=port)
        controller.factory = lambda: SMTP(sink, tls_context=context, require_starttls=True)
    controller.start()
    yield f"{request.param}://127.0.0.1:{port}", cert, sink
    controller.stop()


def letter():
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@x.example", "b@x.example", "Hi"
    message.set_content(".a line that begins with a dot\n..\n.\nend\n")
    return message


def send(url, times=1):
    transport = Transport(Server.from_url(url))
    try:
        for _ in range(times):
            transport.send(letter(), sender="a@x.example", recipient="b@x.example")
    finally:
        transport.close()


def test_letters_go_out_under_tls_and_lines_with_dots_arrive_whole(secure):
    url, cert, sink = secure
    send(f"{url}?ca={cert}", times=3)
    assert len(sink.letters) == 3
    arrived = sink.letters[0][1].get_content()
    assert arrived.splitlines() == letter().get_content().splitlines()


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(secure):
    url, _, sink = secure
    with pytest.raises(Temporary, match="CERTIFICATE_VERIFY_FAILED"):
        send(url)
    assert sink.letters == []


def test_a_server_without_tls_gets_nothing_unless_told_so(sink):
    with pytest.raises(Temporary, match="STARTTLS"):
        send(f"smtp://127.0.0.1:{sink.port}")
    assert sink.letters == []
    send(sink.url)
    assert len(sink.letters) == 1


def test_a_connection_the_server_closed_meanwhile_is_opened_again(sink):
    transport = Transport(Server.from_url(sink.url))
    transport.send(letter(), sender="a@x.example", recipient="b@x.example")
    sink.stop()
    sink.start()
    with pytest.raises(Temporary):
        transport.send(letter(), sender="a@x.example", recipient="b@x.example")
    transport.send(letter(), sender="a@x.example", recipient="b@x.example")
    assert len(sink.letters) == 2
    transport.close()


def test_a_mail_is_taken_in_as_it_arrives_without_being_asked_for(site, inbox, monkeypatch):
    monkeypatch.setattr(Post, "imap_url", inbox.url)
    monkeypatch.setattr(mailbox, "PAUSE", 3_600)
    stop = threading.Event()
    reader = threading.Thread(target=mailbox.run, args=(stop,))
    reader.start()
    try:
        for number in (1, 2):
            inbox.deliver(fresh("ana@mail.example", SUPPORT, f"Number {number}"))
            wait_until(lambda number=number: opened() == number, "the ticket")
    finally:
        stop.set()
        reader.join(20)


def opened():
    try:
        return query("SELECT count(*) FROM ticket")[0][0]
    finally:
        release()
