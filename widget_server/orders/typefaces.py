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

#: What the operator's own font is called in a document.
EXTRA = "Extra"

#: Where systems keep Noto Sans CJK: Debian and Ubuntu, Fedora, Arch, Alpine.
INSTALLED = tuple(
    Path("/usr/share/fonts", folder, "NotoSansCJK-Regular.ttc")
    for folder in ("opentype/noto", "google-noto-sans-cjk-fonts", "noto-cjk", "noto")
)

#: Stands for a letter that no font here has: it is missed, and not overlooked.
UNKNOWN = "?"

#: Stands for a tab, which fonts have no letter for.
TAB = "    "


class Typeface:
    """The font for letters those here lack; furnished by :mod:`.routes`."""

    extra: Path | None = None


def furnish(chosen: str) -> None:
    """Have letters those here lack set in the chosen font, or else in the system's."""
    known = (Path(chosen),) if chosen else INSTALLED
    Typeface.extra = next((each for each in known if each.is_file()), None)


def set_up(pdf: Any, texts: Iterable[str]) -> None:
    """Give a document the fonts its texts need: once, before anything is drawn."""
    lacking = {ord(letter) for text in texts for letter in text} - _has("")
    needed = []
    for script in _others():
        if lacking & _has(script):
            needed.append(script)
            lacking -= _has(script)
    for script in ("", *needed):
        # Fonts of that size are loaded in one weight.
        for style, weight in WEIGHTS.items() if script != EXTRA else [("", "")]:
            pdf.add_font(FAMILY + script, style, _file(script, weight))
    if needed:
        # Letters are joined, and lines run from right to left where their words do.
        pdf.set_fallback_fonts([FAMILY + script for script in needed], exact_match=False)
        pdf.set_text_shaping(True)


def missing(texts: Iterable[str]) -> str:
    """Return the letters that documents would show as :data:`UNKNOWN`, each once."""
    letters = dict.fromkeys(letter for text in texts for letter in text)
    return "".join(each for each in letters if not _is_known(each) and _instead(each))


def settable(text: str) -> str:
    """Return a text of which every letter can be set."""
    text = text.replace("\t", TAB)
    return "".join(letter if _is_known(letter) else _instead(letter) for letter in text)


def _is_known(letter: str) -> bool:
    return letter in "\n\t " or any(ord(letter) in _has(each) for each in ("", *_others()))


def _instead(letter: str) -> str:
    # What is not seen, such as a joiner or the colour of an emoji, is not missed.
    return "" if unicodedata.category(letter) in ("Cf", "Mn", "Cc") else UNKNOWN


def _others() -> tuple[str, ...]:
    return (*OTHERS, EXTRA) if Typeface.extra else OTHERS


def _file(script: str, weight: str) -> Path:
    if script == EXTRA and Typeface.extra:
        return Typeface.extra
    return FOLDER / f"NotoSans{script}-{weight}.ttf"


def _has(script: str) -> frozenset[int]:
    return _letters(_file(script, WEIGHTS[""]))


@cache
def _letters(file: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True, fontNumber=0) as font:
        return frozenset(font.getBestCmap())
