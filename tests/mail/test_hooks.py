"""What a provider posts is taken for a mail only if it is the provider's, and raw."""

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget_server.mail.hooks import BadHook, NotVerified, mailgun, postmark, sendgrid

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RAW = "From: Ana <ana@mail.example>\r\nSubject: ¿Sí?\r\n\r\nHello"
TOKEN = "d3a7" * 12


def signed(key="key", at=NOW, **fields):
    stamp = str(int(at.timestamp()))
    signature = hmac.new(key.encode(), (stamp + TOKEN).encode(), hashlib.sha256).hexdigest()
    form = {"timestamp": stamp, "token": TOKEN, "signature": signature, "body-mime": RAW}
    return {name: value for name, value in (form | fields).items() if value is not None}


def test_mailgun_s_mail_comes_with_the_token_it_was_signed_with():
    assert mailgun(signed(), "key", NOW) == (RAW.encode(), TOKEN)


@pytest.mark.parametrize(
    "form",
    [
        {},
        signed(key="other"),
        signed(signature=None),
        signed(signature=""),
        signed(signature="ñ" * 64),
        signed(signature="\ud800"),
        signed(token="another"),
        signed(timestamp="soon"),
        signed(at=NOW - timedelta(seconds=301)),
        signed(at=NOW + timedelta(seconds=301)),
    ],
    ids=range(10),
)
def test_mailgun_s_call_without_its_signature_or_late_is_refused(form):
    with pytest.raises(NotVerified):
        mailgun(form, "key", NOW)


@pytest.mark.parametrize("seconds", [-299, 0, 299])
def test_mailgun_s_call_is_good_for_five_minutes(seconds):
    assert mailgun(signed(at=NOW + timedelta(seconds=seconds)), "key", NOW)


def test_a_provider_whose_secret_was_never_set_is_refused():
    with pytest.raises(NotVerified):
        mailgun(signed(key=""), "", NOW)
    with pytest.raises(NotVerified):
        postmark(json.dumps({"RawEmail": RAW}).encode(), "", "")
    with pytest.raises(NotVerified):
        sendgrid({"email": RAW}, "", "")


def test_postmark_s_and_sendgrid_s_mails_come_with_the_secret():
    assert postmark(json.dumps({"RawEmail": RAW}).encode(), "s", "s") == RAW.encode()
    assert sendgrid({"email": RAW}, "s", "s") == RAW.encode()
    assert sendgrid({"email": b64encode(RAW.encode()).decode()}, "s", "s") == RAW.encode()


@pytest.mark.parametrize("given_secret", ["", "S", "ss", "ñ", "\udcff"])
def test_another_secret_is_refused_before_the_body_is_looked_at(given_secret):
    with pytest.raises(NotVerified):
        postmark(b"\xff no JSON", given_secret, "s")
    with pytest.raises(NotVerified):
        sendgrid({}, given_secret, "s")


def test_a_provider_that_sends_no_raw_mail_is_told_the_setting():
    with pytest.raises(BadHook, match="/mime"):
        mailgun(signed(**{"body-mime": None}), "key", NOW)
    with pytest.raises(BadHook, match="Include raw email content in JSON payload"):
        postmark(b'{"TextBody": "Hello"}', "s", "s")
    with pytest.raises(BadHook, match="POST the raw, full MIME message"):
        sendgrid({"text": "Hello"}, "s", "s")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"RawEmail": 3}', b"\xff", b"[" * 100_000])
def test_what_is_no_mail_of_postmark_s_is_refused(body):
    with pytest.raises(BadHook):
        postmark(body, "s", "s")


@settings(deadline=None)
@given(raw=st.text(alphabet=st.characters(), min_size=1))
def test_any_text_in_a_call_becomes_bytes(raw):
    body = json.dumps({"RawEmail": raw}).encode()
    assert isinstance(postmark(body, "s", "s"), bytes)
    assert isinstance(sendgrid({"email": raw}, "s", "s"), bytes)
    assert isinstance(mailgun(signed(**{"body-mime": raw}), "key", NOW)[0], bytes)
