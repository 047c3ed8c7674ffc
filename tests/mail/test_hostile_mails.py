"""Mails made to keep us busy, or damaged on their way, are read in a moment or refused."""

import time
import tracemalloc
from contextlib import suppress
from datetime import UTC

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from widget_server.mail.html_text import to_text
from widget_server.mail.incoming import Incoming, TooBig, Unreadable, read

from .machines import OURS
from .test_incoming import PLAIN, SAMPLES, mail

NESTED = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(30)
)
FROM = b"From: a@b.example\r\n"
MIXED = FROM + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (FROM + b"X: " + b"y" * 70_000 + b"\r\n\r\nhi", "One of the mail's headers is too long."),
        (FROM + b"X: y" + b"\r\n y" * 30_000, "One of the mail's headers is too long."),
        (FROM + b"X: y\r\n" * 60_000 + b"\r\nhi", "headers are longer"),
        (MIXED + b"--b\r\n\r\nx\r\n" * 500, "more parts"),
        (FROM + NESTED, "more parts"),
        (MIXED + (b"--b\r\n" + b"X: y\r\n" * 2_000 + b"\r\n") * 100, "headers are longer"),
        (FROM + NESTED[: NESTED.index(b"Content-Type: multipart/mixed; boundary=b18")]
         + b"\n" * (20 << 20), "nests more"),
    ],
)  # fmt: skip
def test_hostile_shapes_are_refused_with_a_reason(raw, sentence):
    with pytest.raises(Unreadable, match=sentence) as refused:
        read(raw)
    assert refused.value.reason == "unreadable"


def test_a_mail_too_big_is_refused_before_it_is_looked_at():
    with pytest.raises(TooBig) as refused:
        read(PLAIN, most=len(PLAIN) - 1)
    assert refused.value.reason == "too_big"
    assert read(PLAIN, most=len(PLAIN)).subject == "Hi"


def test_of_thousands_of_recipients_the_first_hundred_are_kept():
    everyone = ",\r\n ".join(f"p{n}@x.example" for n in range(3_000))
    found = read(mail(To=everyone, Cc=everyone))
    assert found.recipients == tuple(f"p{n}@x.example" for n in range(100))


@pytest.mark.parametrize(
    "raw",
    [
        FROM + b"\r\n" + b"\n" * (10 << 20),
        MIXED + b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUFB" * (2 << 20),
        FROM + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=\n!" * (3 << 20),
        FROM + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\n" * (4 << 20),
        FROM + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"> a \n" * (1 << 20),
        MIXED + b"--b" * (3 << 20),
        MIXED + b"\n--b-" * (2 << 20),
        b"From: " + b"(" * 60_000 + b"\r\n\r\n",
        b"From: " + b'"\\' * 30_000 + b"\r\n\r\n",
        b"From: " + b"a@" * 30_000 + b"\r\n\r\n",
        FROM + b"Subject: " + b"=?a?q?" * 10_000 + b"\r\n\r\n",
        FROM + b'Content-Type: text/plain; a="' + b';a="\\' * 10_000 + b"\r\n\r\n",
        (FROM + b"Content-Type: message/rfc822\r\n\r\n") * 2_000,
        b"From: mailer-daemon@x.example\r\nSubject: failure notice\r\n\r\n" + b"a.@<5" * 200_000,
    ],
    ids=range(14),
)
def test_nothing_a_mail_is_made_of_takes_more_than_a_moment_or_much_memory(raw):
    # Processor time, with a generous bound: what this guards against took minutes.
    begun = time.process_time()
    read(raw)
    assert time.process_time() - begun < 2
    if len(raw) > 1 << 20:
        tracemalloc.start()
        read(raw)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 4 * len(raw) + (100 << 20)


@pytest.mark.parametrize(
    "piece",
    ["<!", "<!--", "<a", "</", "<a x='", '<a x="', "<a>x", "<a></a>", "<script>", "&#9", "<b =", "<![",
     "<p>", "<blockquote>", "<ul><li>", "a ", "&amp", "<a x=\">\"", "<table><td>"],
)  # fmt: skip
def test_html_made_to_take_long_does_not(piece):
    begun = time.process_time()
    to_text(piece * (300_000 // len(piece)))
    assert time.process_time() - begun < 3


@settings(deadline=None, max_examples=300)
@given(raw=st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(raw):
    try:
        found = read(raw)
    except Unreadable:
        found = Incoming.unreadable(raw)
    assert len(found.fingerprint) == 64


pieces = st.sampled_from(
    [b"From: ", b"a@b.example", b"\r\n", b"\n", b"Content-Type: multipart/mixed; boundary=x", b"--x",
     b"--x--", b"Content-Type: text/html; charset=", b"utf-8", b"bogus", b"=?utf-8?B?", b"?=", b"\xff",
     b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: uuencode", b"====", b"<p>",
     b"Message-ID: <", b">", b"Date: ", b"99 Foo 9999", b": ", b"Content-Type: message/rfc822",
     b"Content-Type: multipart/report; report-type=delivery-status", b"Content-Disposition: attachment; filename*=",
     b"utf-8''%ff%00", b"Content-Type: message/delivery-status", b"\r\n\r\n", b"Subject: ", b"Return-Path: <>",
     b"*0*=", b"*99=", b"format=flowed; delsp=yes", b"&#", b"<!--", b"\x00", b"\xed\xa0\x80", b"Status: 5.1.1"]
)  # fmt: skip


def usable(found):
    """Everything in it can be stored and sent on."""
    texts = [found.text, found.subject, found.sender, found.sender_name, found.message_id or ""]
    texts += [*found.references, *found.recipients, *(file.name for file in found.files)]
    if found.bounce:
        texts += [found.bounce.diagnostic, found.bounce.recipient or "", found.bounce.status or ""]
    assert not any("\x00" in text for text in texts)
    "".join(texts).encode("utf-8")
    assert len(found.recipients) <= 100
    assert found.date is None or found.date.tzinfo is UTC


@settings(deadline=None, max_examples=500)
@given(parts=st.lists(pieces, max_size=40))
def test_any_mixture_of_what_mails_are_made_of_is_read_or_refused(parts):
    with suppress(Unreadable):
        usable(read(b"".join(parts), ours=OURS, trusted="x"))


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_mails_damaged_on_their_way_are_read_or_refused(data):
    raw = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 40))
        raw[at : at + length] = data.draw(st.binary(max_size=12) | pieces)
    with suppress(Unreadable):
        usable(read(bytes(raw), ours=OURS))
