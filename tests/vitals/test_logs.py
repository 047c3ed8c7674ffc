"""Logs say what happened and never to whom: a busy day is logged, then searched for everybody."""

import io
import json
import logging
import re

import pytest

from widget_server import jobs, logs
from widget_server.database import execute
from widget_server.mail.transport import Temporary

SECRETS = (
    "ada@customers.example", "Ada", "Ferrer", "marta@example.com", "ines@team.example", "Inés",
    "Printer on fire", "correct horse battery", "flames everywhere", "photo-of-ada.png",
)  # fmt: skip

#: Not in the lines that fail: a trace shows those, as they are in the source.
NOBODY, ADA, SAID = {}, "ada@customers.example", "Printer on fire, says Ada Ferrer: "


@pytest.fixture(params=["json", "text"])
def lines(request):
    """Everything our loggers write, as the command line sets them up, at the chattiest level."""
    logger, root = logging.getLogger("widget_server"), logging.getLogger()
    before = (logger.handlers[:], logger.level, logger.propagate, root.handlers[:], root.level)
    logs.configure("debug", request.param)
    stream = io.StringIO()
    logger.handlers[0].setStream(stream)
    yield lambda: stream.getvalue().splitlines()
    logger.handlers[:], logger.level, logger.propagate, root.handlers[:] = before[:4]
    root.setLevel(before[4])


@pytest.fixture
def settings(sink):
    return {"SMTP_URL": sink.url, "MAIL_FROM": "Shop <help@shop.example>"}


@pytest.fixture
def broken(app):
    """Addresses that fail as ours may: with words of a person in the exception."""

    def fail(word):
        try:
            NOBODY[ADA]
        except KeyError as error:
            raise ValueError(SAID + word) from error

    app.add_url_rule("/broken/<word>", "broken", fail)
    return "/broken/flames-everywhere-ada@customers.example"


def test_a_busy_day_leaves_no_person_in_the_logs(broken, client, site, visit, agent, sink, lines):
    ada = visit("ada", name="Ada Ferrer", email="ada@customers.example", email_verified=True)
    ada.upload("photo-of-ada.png", b"not a picture")
    ticket = ada.open(title="Printer on fire", body="flames everywhere")
    visitor = visit()
    visitor.open(email="marta@example.com")
    assert agent.reply(site, 1, "flames everywhere").status_code < 400
    sink.answer = lambda sender, recipient, message: f"451 {recipient} is busy"
    jobs.run_due()
    sink.answer = lambda sender, recipient, message: f"550 {recipient} does not exist"
    jobs.hasten("mail.send", Temporary)
    jobs.run_due()
    jobs._handlers["test.breaks"] = lambda: NOBODY[ADA]
    jobs.enqueue("test.breaks")
    jobs.run_due()
    del jobs._handlers["test.breaks"]
    client.post("/api/v1/sessions", data="{", headers={"Origin": "https://ada.example"})
    client.post("/api/v1/mail-links", json={"email": "ada@customers.example"})
    client.get(f"/t/{ada.token}")
    client.get(f"/files/{ada.token}")
    client.get("/console/password/a-secret-of-a-link")
    client.post("/console/sign-in", data={"email": "ines@team.example", "password": "wrong one"})
    client.get(f"/api/v1/tickets?q=Printer&token={ada.token}")
    assert client.get(broken).status_code == 500
    logging.getLogger("somebody.elses.library").warning("Cannot write to ada@customers.example")

    written = "\n".join(lines())
    assert "Unhandled error" in written
    assert "Job " in written
    assert "ValueError" in written
    assert "test_logs.py" in written, "where it happened is told"
    people = (*SECRETS, ada.token, visitor.token, ticket["id"], "a-secret-of-a-link", "wrong one")
    assert [each for each in people if each in written] == []


def test_a_request_is_one_line_with_template_status_and_time(client, ada, lines, request):
    ticket = ada.open()
    before = len(lines())
    ada.get(f"/tickets/{ticket['id']}", headers={"X-Request-Id": "from-the-proxy-7"})
    (line,) = lines()[before:]
    if line.startswith("{"):
        told = json.loads(line)
        assert told.pop("ms") >= 0
        assert re.fullmatch(r"\d{4}-.*Z", told.pop("at"))
        assert told == {
            "level": "info",
            "from": "widget_server.access",
            "request": "from-the-proxy-7",
            "method": "GET",
            "route": "/api/v1/tickets/<ticket_id>",
            "status": 200,
        }
    else:
        assert "GET /api/v1/tickets/<ticket_id> 200" in line


@pytest.mark.parametrize(
    "given", ["short", "with spaces in it", "ada@customers.example", "x" * 65, "<script>alert(1)"]
)
def test_an_id_that_is_none_is_replaced(client, given):
    answer = client.get("/health", headers={"X-Request-Id": given})
    assert logs.USABLE_ID.fullmatch(answer.headers["X-Request-Id"])
    assert answer.headers["X-Request-Id"] != given


def test_an_id_comes_back_with_every_answer(client, ada):
    for path in (
        "/health",
        "/nowhere",
        "/api/v1/tickets",
        "/console/inbox",
        "/api/v1/openapi.json",
    ):
        answer = client.get(path, headers={"X-Request-Id": "0123-abcd_=.z"})
        assert answer.headers["X-Request-Id"] == "0123-abcd_=.z"
    cursor = ada.get("/updates").json["cursor"]
    quiet = ada.get(f"/updates?since={cursor}", headers={"X-Request-Id": "quiet-poll"})
    assert (quiet.status_code, quiet.headers["X-Request-Id"]) == (304, "quiet-poll")


def test_an_unexpected_error_names_the_request_that_the_log_knows(client, broken, lines):
    answer = client.get(broken)
    assert answer.status_code == 500
    name = answer.json["error"]["request_id"]
    assert name == answer.headers["X-Request-Id"]
    known = [line for line in lines() if name in line]
    assert known or not lines()[0].startswith("{")


def test_the_consoles_error_page_names_the_request_too(app, agent):
    def fail():
        raise RuntimeError

    app.view_functions["console.mail"] = fail
    page = agent.get("/mail")
    assert page.status_code == 500
    assert page.headers["X-Request-Id"] in page.text


def test_errors_of_machines_keep_their_words():
    assert logs.reason(OSError(28, "No space left on device", "/secret/ada")) == (
        "OSError: No space left on device"
    )
    assert logs.reason(ValueError("Ada")) == "ValueError"


def test_jobs_that_fail_are_logged_by_kind(app, lines):
    execute("DELETE FROM job")
    jobs.enqueue("no.such.kind", name="Ada")
    jobs.run_due()
    assert "no.such.kind" in "\n".join(lines())
    assert "Ada" not in "\n".join(lines())
