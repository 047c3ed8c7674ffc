"""Only what an article says stands: not other numbers, not the opposite, nothing that leads away."""

import pytest

from widget_server.assistant.answering import Sentence, judged, language_for
from widget_server.assistant.grounding import Source, language_of

from .conftest import ARTICLES

SOURCES = [
    Source("returns", *(ARTICLES["returns"][at] for at in (1, 0, 2))),
    Source("late", *(ARTICLES["late"][at] for at in (1, 0, 2))),
    Source("fragile", "Fragile things", "en", "Glass is not insured. Wrap it well."),
]


@pytest.mark.parametrize(
    ("said", "sources"),
    [
        ("You have 30 days to send it back [1].", ("returns",)),
        ("**The money** is back within five days.[1]", ("returns",)),
        ("Put the label on the parcel [1, 2].", ("returns",)),
        ("Put the label on the parcel [2][1].", ("returns",)),
        ("Glass is not insured [3].", ("fragile",)),
        ("- Look at the tracking number in the letter of dispatch 【2】.", ("late",)),
    ],
)
def test_what_a_source_says_stands_and_names_it(said, sources):
    found = judged(said, SOURCES, "en")
    assert found is not None
    assert found.sources == sources
    assert "[" not in found.text
    assert "*" not in found.text


@pytest.mark.parametrize(
    "lie",
    [
        "You have 45 days to send it back [1].",
        "You do not have 30 days to send it back [1].",
        "Glass is insured [3].",
        "The money is back within five days.",
        "The money is back within five days [7].",
        "The money is back within five days [0].",
        "Our bears deliver honey to every castle [1].",
        "Print the label at https://evil.example/label [1].",
        "Print the label at evil.example [1].",
        "Write to thief@evil.example about the label [1].",
        "Print the [label](//evil.example) and hand it in [1].",
        "Print the label <script>alert(1)</script> and hand it in [1].",
        "Print the label and hand it in. " * 12 + "[1]",
        "Dispones de 30 días para devolver un artículo en el paquete [1].",
        "The sources do not say [1].",
        "[1]",
    ],
)
def test_what_no_source_says_is_left_out(lie):
    assert judged(lie, SOURCES, "en") is None


def test_across_languages_numbers_and_concepts_have_to_be_there():
    good = judged("Tienes 30 días para la devolución [1].", SOURCES, "es")
    assert good == Sentence("Tienes 30 días para la devolución.", ("returns",))
    assert judged("Tienes 45 días para la devolución [1].", SOURCES, "es") is None
    assert judged("Los osos reparten miel en el castillo [1].", SOURCES, "es") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I want to return the shirt and get my money back", "en"),
        ("Quiero devolver la camiseta porque no me queda bien", "es"),
        ("Vorrei restituire la maglietta perché non mi sta bene", "it"),
        ("Je voudrais renvoyer la chemise parce que la taille ne me va pas", "fr"),
        ("Ich möchte das Hemd zurückschicken, weil es mir nicht passt", "de"),
        ("Quero devolver a camisa porque não me serve e não gosto dela", "pt"),
        ("printer 4711", None),
    ],
)
def test_a_language_is_known_by_its_small_words(text, language):
    assert language_of(text) == language


def test_the_question_s_language_goes_before_the_page_s():
    assert language_for("Quiero devolver la camiseta porque no me queda bien", "en", "de") == "es"
    assert language_for("printer 4711", "it", "de") == "it"
    assert language_for("printer 4711", "ja", "de") == "de"
