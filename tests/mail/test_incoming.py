"""Mails are read whoever wrote them, and nothing a mail contains does more than be read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget_server.mail.incoming import read

from .bounced import BOUNCES
from .machines import MACHINES, OURS
from .ordinary import ORDINARY, PHOTO

PLAIN = (
    b"From: Ana <ana@mail.example>\r\nTo: help@shop.example\r\nSubject: Hi\r\n"
    b"Message-ID: <a@mail.example>\r\nDate: Mon, 23 Nov 2026 12:00:00 +0100\r\n\r\nHello\r\n"
)
SAMPLES = [raw for raw, *_ in ORDINARY.values()] + [text.encode() for text, _ in BOUNCES.values()]


def mail(body=b"Hello", **headers):
    told = {"From": "ana@mail.example", "Subject": "Hi"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + body


@pytest.mark.parametrize("name", ORDINARY)
def test_what_people_s_programs_send_is_read(name):
    raw, subject, text, files = ORDINARY[name]
    found = read(raw)
    assert (found.sender, found.sender_name) == ("ana@mail.example", "Ana")
    assert found.subject == subject
    assert found.text.strip("\n").startswith(text.strip("\n"))
    assert tuple(file.name for file in found.files) == files
    assert found.automatic is None


@pytest.mark.parametrize("name", MACHINES)
def test_machines_are_told_from_people(name):
    headers, expected = MACHINES[name]
    if "From:" not in headers:
        headers = f"From: Ana <ana@mail.example>\n{headers}"
    assert read(f"{headers}\n\nI am away.".encode(), ours=OURS).automatic == expected


@pytest.mark.parametrize(
    ("charset", "encoded", "text"),
    [
        ("utf-8", "¿Qué tal?".encode(), "¿Qué tal?"),
        ("iso-8859-1", "Price: €5 “ok”".encode("windows-1252"), "Price: €5 “ok”"),
        ("utf-8", "piñata".encode("windows-1252"), "piñata"),
        ("us-ascii", "naïve".encode(), "naïve"),
        ("x-nobody-knows", "hola ñ".encode(), "hola ñ"),
        ("", "mañana".encode("latin-1"), "mañana"),
        ("utf-16", "hola".encode("utf-16"), "hola"),
        ("utf-7", b"+ADw-script+AD4-", "+ADw-script+AD4-"),
        ("unicode_escape", rb"\u003cscript\u003e", r"\u003cscript\u003e"),
        ("rot13", b"uryyb", "uryyb"),
        ("iso-2022-jp", "動作".encode("iso-2022-jp") + b"\x1b", "動作"),
    ],
)
def test_text_in_any_character_set_is_read(charset, encoded, text):
    raw = mail(encoded, Content_Type=f'text/plain; charset="{charset}"', MIME_Version="1.0")
    assert read(raw).text.startswith(text)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("=?utf-8?B?wqFIb2xhIQ==?=", "¡Hola!"),
        ("=?utf-8?B?wqFIb2xhIQ?=", "¡Hola!"),
        ("=?iso-8859-1?Q?Se=F1or?= Ruiz", "Señor Ruiz"),
        ("=?utf-8?Q?a_b?= =?utf-8?Q?c?=  d", "a bc d"),
        ("=?utf-8*es?Q?sin_problema?=", "sin problema"),
        ("=?utf-8?Q?with a space?=", "with a space"),
        ("=?utf-8?Q?broken", "=?utf-8?Q?broken"),
        ("=?utf-8?B?a?=", "=?utf-8?B?a?="),
        ("=?utf-7?Q?+ADw-?=", "+ADw-"),
        ("a\r\n b", "a b"),
        ("a\x00\x07b", "ab"),
    ],
)
def test_subjects_are_decoded_or_left_as_they_are(subject, text):
    assert read(mail(Subject=subject)).subject == text


@pytest.mark.parametrize(
    ("header", "sender", "name"),
    [
        ("Ana Ferrer <Ana@Mail.Example>", "ana@mail.example", "Ana Ferrer"),
        ('"Ferrer, Ana" <ana@mail.example>', "ana@mail.example", "Ferrer, Ana"),
        ('"Ana \\"la\\" F." <ana@mail.example>', "ana@mail.example", 'Ana "la" F.'),
        ("=?utf-8?Q?Jos=C3=A9?= <j@mail.example>", "j@mail.example", "José"),
        ('"=?utf-8?Q?Jos=C3=A9?=" <j@mail.example>', "j@mail.example", "José"),
        ("José <j@mail.example>", "j@mail.example", "José"),
        ("ana@mail.example (Ana (the first))", "ana@mail.example", "Ana the first"),
        ("Ana ana@mail.example", "ana@mail.example", "Ana"),
        ("friends: a@mail.example, b@mail.example;", "a@mail.example", ""),
        ("<@relay.example:a@mail.example>", "a@mail.example", ""),
        ("Nobody <>, Ana <a@mail.example>", "a@mail.example", "Ana"),
        ("a@mail.example\r\nFrom: b@mail.example", "a@mail.example", ""),
        ("nobody\r\nSender: c@mail.example", "c@mail.example", ""),
        ('"unclosed <a@mail.example>', "a@mail.example", '"unclosed'),
        ("", "", ""),
        ("nobody", "", ""),
    ],
)
def test_senders_are_found_in_whatever_form(header, sender, name):
    found = read(mail(From=header))
    assert (found.sender, found.sender_name) == (sender, name)


def test_a_head_that_does_not_end_hides_nothing():
    html = b"<html><head><meta charset=utf-8><style>p {}</style><title>x</title><body><p>Hola"
    assert read(mail(html, Content_Type="text/html; charset=utf-8")).text == "Hola"


def test_html_alone_becomes_text_and_its_scripts_are_gone():
    html = b"<p>Hola<br>Ana</p><script>if (a<b) alert('</p>')</script><p>x &amp; y"
    assert read(mail(html, Content_Type="text/html; charset=utf-8")).text == "Hola\nAna\n\nx & y"


def test_tracking_pixels_are_no_files_and_attached_pictures_of_any_size_are():
    names = {name: [file.inline for file in read(ORDINARY[name][0]).files] for name in ORDINARY}
    assert names["outlook, logo in the signature"] == [True]
    assert names["gmail, small file with a Content-ID"] == [False]


def test_an_attached_mail_is_kept_to_the_byte():
    (file,) = read(ORDINARY["forwarded, as an attachment"][0]).files
    assert file.content.startswith(b"From: Luis <luis@mail.example>\r\nSubject: =?utf-8?B?")
    assert file.content.endswith(b"--deep--")


def test_recipients_include_where_the_mail_was_delivered_once_each():
    raw = mail(
        Delivered_To="reply+X@shop.example", To="A <a@x.example>, b@x.example", Cc="A@X.example"
    )
    assert read(raw).recipients == ("reply+x@shop.example", "a@x.example", "b@x.example")


def test_threads_and_dates_are_read_whatever_their_form():
    found = read(
        mail(
            Message_ID="<a@x> (comment)",
            In_Reply_To="your message of Monday <b@x>",
            References="<c@x>\r\n <d@x><e@x> rubbish <f",
            Date="Mon, 23 Nov 2026 12:00:00 +0100 (CET)",
        )
    )
    assert (found.message_id, found.in_reply_to) == ("<a@x>", "<b@x>")
    assert found.references == ("<c@x>", "<d@x>", "<e@x>")
    assert found.date == datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "date", ["", "yesterday", "99 Foo 9999", "Mon, 31 Feb 2026 25:61:00", "1" * 9_000]
)
def test_an_impossible_date_is_none(date):
    assert read(mail(Date=date)).date is None


def test_what_our_own_server_found_out_is_believed_and_nobody_else_s_word():
    ours = "mx.shop.example 1; spf=pass; dkim=fail; dkim=pass header.d=x; dmarc=fail"
    forged = "mx.shop.example; dmarc=pass"
    raw = mail(Authentication_Results=f"{ours}\r\nAuthentication-Results: {forged}")
    said = {"spf": "pass", "dkim": "pass", "dmarc": "fail"}
    assert read(raw, trusted="mx.shop.example").authentication == said
    assert read(raw, trusted="other.example").authentication == {}
    assert read(raw).authentication == {}


@pytest.mark.parametrize(
    "result",
    [
        'spf=pass smtp.mailfrom="; dmarc=pass ;"@evil.example; dmarc=fail',
        "dkim=none (a (b); dmarc=pass); dmarc=fail",
        "spf=pass smtp.mailfrom=dmarc=pass@evil.example; dmarc=fail",
        "x-dmarc=pass; dmarc=fail; dmarc=pass",
    ],
)
def test_what_a_sender_chose_is_no_result(result):
    raw = mail(Authentication_Results=f"mx.shop.example; {result}")
    assert read(raw, trusted="mx.shop.example").authentication["dmarc"] == "fail"


def test_the_same_mail_by_another_way_has_the_same_fingerprint():
    by_imap = PLAIN.replace(b"\r\n", b"\n")
    traced = b"Received: from a by b\r\nDelivered-To: help@shop.example\r\n" + PLAIN
    assert len({read(raw).fingerprint for raw in (PLAIN, by_imap, traced)}) == 1
    assert read(PLAIN.replace(b"<a@", b"<b@")).fingerprint != read(PLAIN).fingerprint


headers = st.lists(
    st.sampled_from(
        [b"Received: from x by y", b"X-Spam: no", b"Delivered-To: help@shop.example", b"DKIM-Signature: v=1"]
    ),
    max_size=5,
)  # fmt: skip


@settings(deadline=None)
@given(raw=st.sampled_from(SAMPLES), traces=headers, bare=st.booleans(), newlines=st.integers(0, 3))
def test_a_fingerprint_outlives_transport(raw, traces, bare, newlines):
    raw = raw.removeprefix(b"From ana@mail.example Mon Nov 23 12:00:00 2026\n")
    way = b"".join(trace + b"\r\n" for trace in traces) + raw + b"\r\n" * newlines
    way = way.replace(b"\r\n", b"\n") if bare else way
    assert read(way).fingerprint == read(raw).fingerprint


@settings(deadline=None)
@given(body=st.binary(min_size=1, max_size=40), other=st.binary(min_size=1, max_size=40))
def test_mails_without_an_id_are_told_apart_by_what_they_say(body, other):
    same = body.replace(b"\r\n", b"\n").strip() == other.replace(b"\r\n", b"\n").strip()
    assert (read(mail(body)).fingerprint == read(mail(other)).fingerprint) is same


def test_a_picture_is_as_it_was():
    files = read(ORDINARY["apple mail, photo without a text"][0]).files
    assert files[0].content == b"\xff\xd8\xff" + b"photo" * 2_000
    assert len(PHOTO) > len(files[0].content)
