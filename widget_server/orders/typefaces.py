"""The letters documents are set in; other alphabets bring fonts and a direction of their own."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "fonts"

FAMILY, WEIGHTS = "Noto", {"": "Regular", "B": "SemiBold"}

#: Loaded only for documents with letters of theirs.
OTHERS = ("Arabic", "Hebrew")

#: Stands for a letter that no font here has: it is missed, and not overlooked.
UNKNOWN = "?"


def set_up(pdf: Any, texts: Iterable[str]) -> None:
    """Give a document the fonts its texts need: once, before anything is drawn."""
    letters = {ord(letter) for text in texts for letter in text}
    needed = [script for script in OTHERS if letters & _has(script)]
    for script in ("", *needed):
        for style, weight in WEIGHTS.items():
            pdf.add_font(FAMILY + script, style, _file(script, weight))
    if needed:
        # Letters are joined, and lines run from right to left where their words do.
        pdf.set_fallback_fonts([FAMILY + script for script in needed], exact_match=False)
        pdf.set_text_shaping(True)


def settable(text: str) -> str:
    """Return a text of which every letter can be set."""
    return "".join(letter if _is_known(letter) else _instead(letter) for letter in text)


def _is_known(letter: str) -> bool:
    return letter in "\n\t " or any(ord(letter) in _has(each) for each in ("", *OTHERS))


def _instead(letter: str) -> str:
    # What is not seen, such as a joiner or the colour of an emoji, is not missed.
    return "" if unicodedata.category(letter) in ("Cf", "Mn", "Cc") else UNKNOWN


def _file(script: str, weight: str) -> Path:
    return FOLDER / f"NotoSans{script}-{weight}.ttf"


@cache
def _has(script: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(_file(script, WEIGHTS[""]), lazy=True) as font:
        basic = _has("") if script else frozenset()
        return frozenset(font.getBestCmap()) - basic
