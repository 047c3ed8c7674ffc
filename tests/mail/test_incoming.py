"""Mails are read whoever wrote them, and nothing a mail contains does more than be read."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget_server.mail.incoming import Incoming, Unreadable, read

PLAIN = (
    b"From: Ana <ana@mail.example>\r\nTo: help@shop.example\r\nSubject: Hi\r\n"
    b"Message-ID: <a@mail.example>\r\nDate: Mon, 23 Nov 2026 12:00:00 +0100\r\n\r\nHello\r\n"
)


def mail(body=b"Hello", **headers):
    told = {"From": "ana@mail.example", "Subject": "Hi"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + body


@pytest.mark.parametrize(
    ("charset", "encoded", "text"),
    [
        ("utf-8", "¿Qué tal?".encode(), "¿Qué tal?"),
        ("iso-8859-1", "Price: €5 “ok”".encode("windows-1252"), "Price: €5 “ok”"),
        ("gb2312", "你好，龘".encode("gb18030"), "你好，龘"),
        ("shift_jis", "こんにちは".encode("shift_jis"), "こんにちは"),
        ("windows-1256", "مرحبا".encode("windows-1256"), "مرحبا"),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет"),
        ("x-nobody-knows", "hola ñ".encode(), "hola ñ"),
        ("us-ascii", "naïve".encode(), "naïve"),
        ("utf-7", b"+ADw-script+AD4-", "+ADw-script+AD4-"),
    ],
)
def test_text_in_any_character_set_is_read(charset, encoded, text):
    raw = mail(encoded, Content_Type=f'text/plain; charset="{charset}"', MIME_Version="1.0")
    assert read(raw).text == text


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("=?utf-8?B?wqFIb2xhIQ==?=", "¡Hola!"),
        ("=?iso-8859-1?Q?Se=F1or?= Ruiz", "Señor Ruiz"),
        ("=?utf-8?Q?broken", "=?utf-8?Q?broken"),
        ("=?utf-8?B?a?=", "=?utf-8?B?a?="),
        ("a\r\n b", "a b"),
    ],
)
def test_subjects_are_decoded_or_left_as_they_are(subject, text):
    assert read(mail(Subject=subject)).subject.startswith(text[:5])


@pytest.mark.parametrize(
    ("header", "sender", "name"),
    [
        ("Ana Ferrer <Ana@Mail.Example>", "ana@mail.example", "Ana Ferrer"),
        ('"Ferrer, Ana" <ana@mail.example>', "ana@mail.example", "Ferrer, Ana"),
        ("=?utf-8?Q?Jos=C3=A9?= <j@mail.example>", "j@mail.example", "José"),
        ("friends: a@mail.example, b@mail.example;", "a@mail.example", ""),
        ("", "", ""),
        ("nobody", "", ""),
    ],
)
def test_senders_are_found_in_whatever_form(header, sender, name):
    found = read(mail(From=header))
    assert (found.sender, found.sender_name) == (sender, name)


def test_html_alone_becomes_text_and_its_scripts_are_gone():
    html = b"<p>Hola<br>Ana</p><script>alert(1)</script>"
    assert read(mail(html, Content_Type="text/html; charset=utf-8")).text == "Hola\nAna"


def test_flowed_paragraphs_are_joined():
    body = b"This is one \r\nparagraph.\r\n\r\n> quoted \r\n> text\r\n-- \r\nAna\r\n"
    raw = mail(body, Content_Type="text/plain; charset=utf-8; format=flowed")
    assert read(raw).text.startswith("This is one paragraph.\n\n> quoted text")


def test_files_are_files_and_tracking_pixels_are_not():
    made = EmailMessage()
    made["From"], made["Subject"] = "ana@mail.example", "Files"
    made.set_content("See")
    made.add_attachment(b"x" * 10, maintype="application", subtype="pdf", filename="Fáctura.pdf")
    made.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="i.ics")
    made.add_attachment(
        b"\x89PNG" + b"p" * 60, maintype="image", subtype="png", disposition="inline", cid="<x>"
    )
    made.add_attachment(
        b"\x89PNG" + b"p" * 9_000, maintype="image", subtype="png", disposition="inline", cid="<y>"
    )
    inner = EmailMessage()
    inner["Subject"] = "Inner"
    inner.set_content("in")
    made.add_attachment(inner)
    names = [file.name for file in read(made.as_bytes()).files]
    assert names == ["Fáctura.pdf", "i.ics", "file.png", "Inner.eml"]


def test_recipients_include_where_the_mail_was_delivered():
    raw = mail(Delivered_To="reply+X@shop.example", To="A <a@x.example>, b@x.example")
    assert read(raw).recipients == ("reply+x@shop.example", "a@x.example", "b@x.example")


def test_what_our_own_server_found_out_is_believed_and_nobody_else_s_word():
    ours = "mx.shop.example; spf=pass; dkim=pass header.d=x; dmarc=fail"
    raw = mail(Authentication_Results=ours)
    assert read(raw, trusted="mx.shop.example").authentication["dmarc"] == "fail"
    assert read(raw, trusted="other.example").authentication == {}
    assert read(raw).authentication == {}


def test_the_same_mail_by_another_way_has_the_same_fingerprint():
    by_imap = PLAIN.replace(b"\r\n", b"\n")
    traced = b"Received: from a by b\r\nDelivered-To: help@shop.example\r\n" + PLAIN
    assert len({read(raw).fingerprint for raw in (PLAIN, by_imap, traced)}) == 1
    assert read(PLAIN.replace(b"<a@", b"<b@")).fingerprint != read(PLAIN).fingerprint


REPORT = b"""From: MAILER-DAEMON@mail.example
Subject: %s
Content-Type: text/plain
Return-Path: <>

%s
Message-ID: <letter@shop.example>
"""


@pytest.mark.parametrize(
    ("subject", "text", "permanent"),
    [
        (b"Undelivered Mail Returned to Sender", b"<ana@x.example>: 550 5.1.1 No such user", True),
        (b"Mail delivery failed: returning message to sender", b"ana@x.example\n550 Unknown", True),
        (b"failure notice", b"<ana@x.example>:\n511 sorry, no mailbox here (#5.1.1)", True),
        (b"Delivery Status Notification (Failure)", b"ana@x.example could not be found", True),
        (b"No se pudo entregar: Re: [#1]", b"ana@x.example 550 5.1.10", True),
        (b"Unzustellbar: Re: [#1]", b"ana@x.example 550 5.1.10", True),
        (b"Mancata consegna", b"ana@x.example 5.2.2 mailbox full", True),
        (b"Delivery Status Notification (Delay)", b"ana@x.example will be retried", False),
        (b"Warning: message delayed 4 hours - delivery incomplete", b"ana@x.example 451", False),
        (b"Undeliverable", b"ana@x.example 4.2.2 over quota, try later", False),
    ],
)
def test_reports_of_all_shapes_say_who_and_whether_for_good(subject, text, permanent):
    found = read(REPORT % (subject, text))
    assert found.automatic == "bounce"
    assert found.bounce.recipient == "ana@x.example"
    assert found.bounce.original_id == "<letter@shop.example>"
    assert found.bounce.permanent is permanent


def test_someone_who_writes_about_a_bounce_is_not_one():
    raw = mail(b"I got 'Undelivered Mail Returned to Sender' 550", Subject="Undelivered mail?")
    assert read(raw).bounce is None


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.example\r\n" + b"X: " + b"y" * 70_000 + b"\r\n\r\nhi",
        b"From: a@b.example\r\n" + b"X: y\r\n" * 60_000 + b"\r\nhi",
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 5_000,
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\n\r\nx\r\n" * 5_000,
    ],
)
def test_hostile_shapes_are_refused_at_once(raw):
    with pytest.raises(Unreadable):
        read(raw)


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
     b"utf-8''%ff%00", b"Content-Type: message/delivery-status", b"\r\n\r\n", b"Subject: "]
)  # fmt: skip


@settings(deadline=None, max_examples=500)
@given(parts=st.lists(pieces, max_size=40))
def test_any_mixture_of_what_mails_are_made_of_is_read_or_refused(parts):
    try:
        found = read(b"".join(parts))
    except Unreadable:
        return
    assert "\x00" not in found.text + found.subject + found.sender_name
    assert len(found.recipients) <= 100
