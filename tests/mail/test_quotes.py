"""Nothing new is ever folded away; nearly everything quoted is."""

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget_server.mail.compose import compose
from widget_server.mail.html_text import to_text
from widget_server.mail.letters import Letter, Look, Turn
from widget_server.mail.quotes import NEW, QUOTE, fold, split

from .replies import CANCEL, GMAIL, JOURNEY, LANGUAGES, ORIGINAL, OUTLOOK, TOLD, corpus

AT = datetime(2026, 11, 23, 10, 12, tzinfo=UTC)


def letter_in(language):
    letter = Letter(
        kind="answered",
        locale=language,
        look=Look("Shop", "#2454d6", None),
        sender="help@shop.example",
        sender_name="Shop",
        to="ana@mail.example",
        to_name=None,
        message_id="<a@shop.example>",
        reply_to="reply+x@shop.example",
        number=12,
        title="Printer on fire",
        turn=Turn("Inés", AT, "We changed the part.\n\nDid you touch the cable?", markdown=True),
        history=(Turn("Ana", AT, "It burns since yesterday.\nHelp!", markdown=False),),
        link="https://help.example/t/0123456789",
        stop_url="https://help.example/mail/stop/abc",
    )
    return compose(letter).get_body(("plain",)).get_content()


@pytest.fixture(scope="module")
def letters():
    return {language: letter_in(language) for language in LANGUAGES}


def test_a_corpus_of_answers_keeps_every_new_line_and_folds_the_quotations(
    letters, record_property
):
    lost, quoted, folded, samples = [], 0, 0, 0
    for name, lines, letter in corpus(letters):
        samples += 1
        text = "".join(f"{line}\n" for _, line in lines)
        kinds = [seg.kind for seg in split(text, sent=[letter]) for _ in seg.text.splitlines()]
        assert len(kinds) == len(lines)
        for (wanted, line), kind in zip(lines, kinds, strict=True):
            if wanted == "new" and line.strip() and kind == QUOTE:
                lost.append((name, line))
            if wanted == "quote" and line.strip("> "):
                quoted += 1
                folded += kind == QUOTE
        shown, _ = fold(text, sent=[letter])
        for wanted, line in lines:
            assert wanted != "new" or line in shown
    record_property(
        "figure",
        f"{samples} answers by mail: {len(lost)} new lines folded away,"
        f" {folded / quoted:.1%} of quoted lines folded",
    )
    assert lost == []
    assert folded / quoted >= 0.95


@pytest.mark.parametrize(
    "text",
    [
        "> 5 is more than 3\n",
        "On Monday I wrote: the total is wrong\nand still is\n",
        "The log says:\n> error 1\n> error 2\n",
        "---------- Forwarded message ---------\nFrom: Bank <b@bank.example>\nDate: Mon\n"
        "Subject: Card\nTo: me\n\nYour card was declined.\n",
        "Inicio del mensaje reenviado:\n\n> De: Banco\n> Su tarjeta fue rechazada.\n",
        "From: the shop\nthe printer came broken.\n",
        "De: Ana\nPara: vosotros\nno llega nada\n",
    ],
)
def test_what_only_looks_like_a_quotation_stays(text):
    assert fold(text, sent=["We changed the part."]) == (text, "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_introduces_nothing_of_ours_stays(letters, language):
    pasted = [
        f"{name}: {said}"
        for name, said in zip(OUTLOOK[language], ("Luis", "12", "Ana", "12"), strict=True)
    ]
    endings = [
        JOURNEY[language],
        ["_" * 32, *JOURNEY[language]],
        pasted,
        [ORIGINAL[language], *pasted, "Luis"],
        [TOLD[language]],
        [TOLD[language], "", "Luis"],
    ]
    for ending, sent in product(endings, ([], [letters[language]])):
        text = "".join(f"{line}\n" for line in (*CANCEL[language], *ending))
        assert fold(text, sent=sent) == (text, "")
        quoted = "".join(f"> {line}\n" for line in letters[language].splitlines())
        answer = f"{text}\n{GMAIL[language]}\n\n{quoted}"
        assert fold(answer, sent=[letters[language]])[0].strip() == text.strip()


def test_an_answer_with_nothing_of_its_own_is_shown_whole(letters):
    text = "".join(f"> {line}\n" for line in letters["es"].splitlines())
    assert fold(text, sent=[letters["es"]]) == (text, "")


def test_answers_between_the_lines_of_an_unmarked_quotation_are_shown():
    text = (
        "See below.\n\nFrom: Shop <help@shop.example>\nSent: Monday\nTo: Ana\nSubject: Re\n\n"
        "Did you touch the cable at the back of it?\nNo, never did.\nThen please send a picture of it.\n"
    )
    sent = ["Did you touch the cable at the back\nof it? Then please send a picture of it."]
    shown, away = fold(text, sent=sent)
    assert "No, never did." in shown
    assert "Did you touch" in away
    assert "send a picture" in away


@settings(deadline=None, max_examples=300)
@given(text=st.text(), sent=st.lists(st.text(), max_size=3))
def test_segments_are_the_text_and_nothing_is_raised(text, sent):
    segments = split(text, sent=sent)
    assert "".join(segment.text for segment in segments) == text
    shown, away = fold(text, sent=sent)
    assert sorted(shown + away) == sorted(text)
    assert {segment.kind for segment in segments} <= {NEW, QUOTE, "signature"}


lines = st.sampled_from(
    ["> a", ">> b", "", "Hello", "On 1/2/26, A wrote:", "From: a", "Sent: b", "To: c", "Subject: d",
     "-----Original Message-----", "________________", "-- ", "Sent from my iPhone", "x:" * 50]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(chosen=st.lists(lines, max_size=40))
def test_any_order_of_the_usual_lines_is_split_without_losing_one(chosen):
    text = "\n".join(chosen)
    assert "".join(segment.text for segment in split(text, sent=["a b c"])) == text


@settings(deadline=None, max_examples=300)
@given(html=st.text(alphabet="<>/abdivpblockquote =\"'&#;!-\n", max_size=400))
def test_any_html_becomes_text(html):
    assert isinstance(to_text(html), str)


def test_html_of_mail_programs_becomes_readable_text():
    html = (
        "<html><head><style>p{}</style></head><body><p>Hola,<br>ya <b>funciona</b></p>"
        '<ul><li>uno</li><li>dos</li></ul><a href="https://a.example/x">ver</a>'
        '<div class="gmail_quote">El lun, 23 nov 2026, Shop escribió:<blockquote>Viejo</blockquote>'
        "</div><script>alert(1)</script></body></html>"
    )
    assert to_text(html) == (
        "Hola,\nya funciona\n\n• uno\n• dos\n\nver (https://a.example/x)\n"
        "El lun, 23 nov 2026, Shop escribió:\n\n> Viejo"
    )
