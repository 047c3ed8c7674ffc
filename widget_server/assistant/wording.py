"""What a text is about, as terms that can be counted, in six languages and without a package.

Three kinds of term: a word cut to five letters; its pieces of four letters, which survive typing
errors, compounds and inflection; and the concepts it stands for, which survive other words and
other languages. Measured in ``benchmarks/suggestions.py``.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

STEM, PIECE = 5, 4

#: First characters of terms that are no words: those consist of letters and digits.
PIECE_MARK, CONCEPT_MARK = "~", "+"

#: A longer run of letters is a key or an address, not a word.
LONGEST = 40

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=[a-z])['’](?:s|t|m|re|ve|ll|d)\b")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d"})
_FOLDER = Path(__file__).parent / "words"


def fold(text: str) -> str:
    """Return ``text`` in lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


def words(text: str) -> Iterator[str]:
    """Yield the words that say something, folded, in order."""
    silent = _silent()
    for word in _WORD.findall(_APOSTROPHE.sub("", fold(text))):
        if word not in silent and (len(word) > 1 or word.isdigit()) and len(word) <= LONGEST:
            yield word


def stem(word: str) -> str:
    return word[:STEM]


@lru_cache(maxsize=20_000)
def pieces(word: str) -> tuple[str, ...]:
    count = max(1, len(word) - PIECE + 1)
    return tuple(PIECE_MARK + word[at : at + PIECE] for at in range(count))


@lru_cache(maxsize=20_000)
def concepts(word: str) -> tuple[str, ...]:
    """Return the concepts of a folded word: its own, and those of its longest known beginning."""
    exact, beginnings, longest = _concepts()
    found = set(exact.get(word, ()))
    for length in range(min(len(word), longest), 3, -1):
        if word[:length] in beginnings:
            found.update(beginnings[word[:length]])
            break
    return tuple(sorted(CONCEPT_MARK + each for each in found))


@cache
def lexicon(name: str) -> dict[str, frozenset[str]]:
    """Return a list of words by language. The ``silent`` ones tell which one a text is in."""
    found: dict[str, set[str]] = {}
    for language, words in _read(f"{name}.txt"):
        found.setdefault(language, set()).update(words)
    return {language: frozenset(words) for language, words in found.items()}


@cache
def _silent() -> frozenset[str]:
    return frozenset().union(*lexicon("silent").values())


@cache
def _concepts() -> tuple[dict[str, set[str]], dict[str, set[str]], int]:
    exact: dict[str, set[str]] = {}
    beginnings: dict[str, set[str]] = {}
    for name, members in _read("concepts.txt"):
        for word in members:
            whole = word.endswith("=")
            (exact if whole else beginnings).setdefault(word.rstrip("="), set()).add(name)
    return exact, beginnings, max(map(len, beginnings))


def _read(name: str) -> Iterable[tuple[str, list[str]]]:
    for line in (_FOLDER / name).read_text().splitlines():
        if not line.startswith("#"):
            group, _, members = line.partition(":")
            yield group, members.split()
