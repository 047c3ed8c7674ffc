"""A help desk with real mail servers: what goes out lands in a sink, what comes in in Dovecot."""

import pytest

from widget_server import jobs
from widget_server.database import query
from widget_server.mail import mailbox
from widget_server.sites import service as sites

from ..support.mailserver import Dovecot

ANA = "ana@mail.example"
REPLY = "reply@shop.example"
SUPPORT = "help@shop.example"


def thread(visitor, ticket):
    shown = visitor.get(f"/tickets/{ticket['id']}").json
    return [entry for entry in shown["thread"] if entry["type"] == "message"]


def states():
    return [row[0] for row in query("SELECT state FROM incoming ORDER BY id")]


@pytest.fixture(scope="session")
def dovecot():
    server = Dovecot().start()
    yield server
    server.stop()


@pytest.fixture
def inbox(dovecot):
    dovecot.empty()
    return dovecot


@pytest.fixture
def settings(sink):
    return {
        "SMTP_URL": sink.url,
        "MAIL_FROM": f"Shop <{SUPPORT}>",
        "MAIL_REPLY_TO": REPLY,
        "MAIL_HOOK_SECRET": "hook-secret",
        "MAILGUN_KEY": "mailgun-key",
        "MAIL_AUTHSERV": "mx.shop.example",
    }


@pytest.fixture
def site(add_site):
    made = add_site()
    sites.update_site(made, settings=made.settings | {"mail": {"address": SUPPORT, "opens": True}})
    return made


@pytest.fixture
def deliver(sink):
    """Do what is due, and return what has arrived for somebody."""

    def run(recipient=None):
        jobs.run_due()
        return sink.to(recipient) if recipient else sink.letters

    return run


@pytest.fixture
def read_mail(inbox):
    """Put mails into the mailbox and have it read."""

    def run(*raw):
        for each in raw:
            inbox.deliver(each)
        return mailbox.look(inbox.url)

    return run


@pytest.fixture
def opened(visitor, deliver, agent):
    """Ana's ticket, and the letter that told her of it."""
    ticket = visitor.open(email=ANA)
    return ticket, deliver(ANA)[-1]
