"""Letters say the same in six languages, look like the site, and cannot be tampered with."""

import json
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget_server.mail.compose import FOLDER, KINDS, LANGUAGES, compose
from widget_server.mail.letters import Letter, Look, Turn

AT = datetime(2026, 11, 23, 10, 12, tzinfo=UTC)


def letter(kind="answered", locale="es", **more):
    values = {
        "look": Look("La Bodega", "#7c3aed", None),
        "sender": "help@shop.example",
        "sender_name": "La Bodega",
        "to": "ana@mail.example",
        "to_name": "Ana",
        "message_id": "<a@shop.example>",
        "reply_to": "reply+x@shop.example",
        "references": ("<root@shop.example>",),
        "number": 7,
        "title": "No puedo pagar",
        "turn": Turn("Inés", AT, "**Hola** <b>no</b>\n\nhttps://a.example", markdown=True),
        "history": (Turn("Ana", AT, "<script>alert(1)</script>\ndos", markdown=False),),
        "facts": {"state": "in_progress", "progress": "60", "requester": "Ana",
                  "due": "2026-11-24T10:12:00.000000Z", "reason": "files", "names": "a.exe"},
        "link": "https://help.example/t/abc",
        "stop_url": "https://help.example/mail/stop/abc",
        "zone": "Europe/Madrid",
    }  # fmt: skip
    return Letter(kind=kind, locale=locale, **(values | more))


def parsed(message):
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def test_every_language_has_every_text_with_the_same_placeholders():
    texts = {
        language: json.loads((FOLDER / "locales" / f"{language}.json").read_text("utf-8"))
        for language in LANGUAGES
    }
    for language, found in texts.items():
        assert found.keys() == texts["es"].keys(), language
        for key, text in found.items():
            wanted = set(re.findall(r"{\w+}", texts["es"][key]))
            assert set(re.findall(r"{\w+}", text)) == wanted, (language, key)
            assert text.strip(), (language, key)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_letter_is_complete_in_every_language(kind, locale):
    message = parsed(compose(letter(kind, locale)))
    plain = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    for text in (plain, html):
        assert not re.search(r"{\w*}", re.sub(r"<style>.*</style>", "", text, flags=re.S))
        assert "https://help.example/t/abc" in text
    assert f'lang="{locale}"' in html
    assert message["Content-Language"] == locale
    assert all(len(line) < 998 for line in message.as_bytes().splitlines())
    message.as_bytes().decode("ascii")


def test_what_people_wrote_is_never_markup_of_ours():
    html = compose(letter()).get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<strong>Hola</strong> &lt;b&gt;no&lt;/b&gt;" in html


def test_a_letter_carries_what_threads_need():
    message = parsed(compose(letter()))
    assert message["Subject"] == "Re: [#7] No puedo pagar"
    assert message["In-Reply-To"] == message["References"] == "<root@shop.example>"
    assert message["Reply-To"].addresses[0].addr_spec == "reply+x@shop.example"
    assert message["List-Unsubscribe"] == "<https://help.example/mail/stop/abc>"
    assert parsed(compose(letter("received")))["Subject"] == "[#7] No puedo pagar"


def test_times_are_the_reader_s():
    plain = compose(letter("received")).get_body(("plain",)).get_content()
    assert "24 nov 2026, 11:12" in plain


@pytest.mark.parametrize(
    ("accent", "text"), [("#7c3aed", "#ffffff"), ("#ffd54a", "#000000"), ("red", "#ffffff")]
)
def test_the_button_can_be_read_on_any_colour(accent, text):
    html = compose(letter(look=Look("S", accent, None))).get_body(("html",)).get_content()
    button = re.search(r'<a class="button"[^>]*style="([^"]*)"', html)[1]
    assert f"color: {text}" in button.replace(";color", "; color")


def test_a_kind_there_is_none_of_is_an_error():
    with pytest.raises(ValueError, match="no letter 'party'"):
        compose(letter("party"))


evil = st.text(alphabet=st.sampled_from('a\r\n\t\0:<>@;,"\\ é\u2028\u202e'), max_size=60)


@settings(deadline=None, max_examples=150)
@given(name=evil, title=evil, author=evil, body=evil)
def test_no_text_can_end_a_header(name, title, author, body):
    made = compose(
        letter(
            title=title,
            to_name=name,
            sender_name=name,
            look=Look(name or "x", "#123456", None),
            turn=Turn(author, AT, body, markdown=True),
        )
    )
    message = parsed(made)
    assert message["To"].addresses[0].addr_spec == "ana@mail.example"
    assert len(message["To"].addresses) == 1
    known = {"from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references"}
    known |= {"auto-submitted", "x-auto-response-suppress", "x-ventanilla-loop", "mime-version"}
    known |= {"content-language", "list-unsubscribe", "list-unsubscribe-post", "content-type"}
    assert {key.lower() for key in message.keys()} <= known  # noqa: SIM118
