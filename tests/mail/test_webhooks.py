"""Mail that a provider's webhook brings is in the thread as if it came from a mailbox."""

import hashlib
import hmac
import time
from urllib.parse import urlencode

import pytest

from widget_server.database import query

from .conftest import ANA, SUPPORT, thread
from .letters import fresh, reply_to, with_file


def test_the_same_mail_by_mailbox_and_by_webhook_is_one_message(opened, visitor, client, read_mail):
    ticket, letter = opened
    raw = reply_to(letter, "Only once.")
    read_mail(raw)
    answer = client.post(
        "/hooks/mail/postmark?secret=hook-secret", json={"RawEmail": raw.decode("utf-8")}
    )
    assert (answer.status_code, answer.json["state"]) == (200, "seen")
    assert len(thread(visitor, ticket)) == 2


@pytest.mark.parametrize("provider", ["mailgun", "postmark", "sendgrid"])
def test_each_provider_s_webhook_brings_an_answer(opened, visitor, client, provider):
    ticket, letter = opened
    raw = reply_to(letter, f"By {provider}, ¿sí?").decode("utf-8")
    if provider == "mailgun":
        at, token = str(int(time.time())), "t" * 50
        signature = hmac.new(b"mailgun-key", f"{at}{token}".encode(), hashlib.sha256).hexdigest()
        form = {"timestamp": at, "token": token, "signature": signature, "body-mime": raw}
        answer = client.post("/hooks/mail/mailgun/mime", data=form)
        refused = client.post("/hooks/mail/mailgun/mime", data=form | {"signature": "0" * 64})
    elif provider == "postmark":
        answer = client.post("/hooks/mail/postmark?secret=hook-secret", json={"RawEmail": raw})
        refused = client.post("/hooks/mail/postmark?secret=wrong", json={"RawEmail": raw})
    else:
        answer = client.post("/hooks/mail/sendgrid?secret=hook-secret", data={"email": raw})
        refused = client.post("/hooks/mail/sendgrid", data={"email": raw})
    assert (answer.status_code, answer.json) == (200, {"state": "posted"})
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "hook_not_verified")
    assert thread(visitor, ticket)[-1]["body"] == f"By {provider}, ¿sí?"


@pytest.mark.parametrize("multipart", [True, False])
def test_a_mail_in_bytes_of_another_character_set_comes_through_a_form(site, client, multipart):
    head = fresh(ANA, SUPPORT, "Año").partition(b"\n\n")[0]
    head = head.replace(b"utf-8", b"iso-8859-1").replace(b"7bit", b"8bit")
    raw = head + "\n\nEl año de España: 5 €? No, ½.\n".encode("windows-1252")
    if multipart:
        part = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n%b\r\n--x--\r\n'
        data, kind = part % raw, "multipart/form-data; boundary=x"
    else:
        data, kind = urlencode({"email": raw}), "application/x-www-form-urlencoded"
    place = "/hooks/mail/sendgrid?secret=hook-secret"
    assert client.post(place, data=data, content_type=kind).json == {"state": "opened"}
    assert query("SELECT body FROM message") == [("El año de España: 5 €? No, ½.",)]
    for broken in ("multipart/form-data", "multipart/form-data; boundary=y"):
        assert client.post(place, data=data, content_type=broken).status_code == 400


def test_a_webhook_s_mail_of_refused_files_alone_is_taken(opened, visitor, client):
    ticket, letter = opened
    raw = fresh(ANA, letter["Reply-To"].addresses[0].addr_spec, body=" ")
    raw = with_file(raw, "run.exe", b"MZ" + b"\0" * 200, "application/octet-stream")
    answer = client.post(
        "/hooks/mail/postmark?secret=hook-secret", json={"RawEmail": raw.decode("utf-8")}
    )
    assert (answer.status_code, answer.json) == (200, {"state": "posted"})
    assert "run.exe" in thread(visitor, ticket)[-1]["body"]


def test_a_webhook_brings_a_large_mail(site, client):
    raw = fresh("ana@mail.example", SUPPORT, "Large", "y " * 1_000_000).decode()
    answer = client.post("/hooks/mail/sendgrid?secret=hook-secret", data={"email": raw})
    assert (answer.status_code, answer.json) == (200, {"state": "opened"})


def test_a_webhook_that_sends_no_raw_mail_is_told_which_setting_does(client):
    path = "/hooks/mail/{}?secret=hook-secret"
    for provider, data in (
        ("postmark", {"json": {"TextBody": "x"}}),
        ("sendgrid", {"data": {"text": "x"}}),
    ):
        answer = client.post(path.format(provider), **data)
        assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_hook")
        assert "Tick" in answer.json["error"]["message"]
    assert client.post(path.format("nobody")).status_code == 404
