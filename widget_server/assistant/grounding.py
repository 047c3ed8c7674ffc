"""Does a source say what a sentence claims? Judged by words, numbers and negation, not by trust.

A model may be talked into anything, by a question or by an article. So whatever it writes is
held against the article it names: what is not in there is not shown.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from .wording import concepts, fold, lexicon, stem, words

#: How much of a sentence its source must know: in one language, and across two, where only names
#: and concepts are shared.
KNOWN, KNOWN_ABROAD = 0.6, 0.3

#: Function words by which a language must lead: a little to be answered in, more to be refused for.
LEAD, CLEAR_LEAD = 1, 2

_NUMBER = re.compile(r"\d+")

#: Nothing leads elsewhere but the sources themselves, and nothing is markup.
_FOREIGN = re.compile(r"[<>{}\\`]|://|\bwww\.|\S@\S|\]\(|[^\W\d_]\.[^\W\d_]{2,}", re.IGNORECASE)

_APOSTROPHES = str.maketrans("", "", "'’")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True)
class Source:
    """A passage of an article, as the model is given it."""

    id: str
    title: str
    locale: str
    text: str

    @cached_property
    def _known(self) -> frozenset[str]:
        return _terms(f"{self.title}\n{self.text}")

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return frozenset(_NUMBER.findall(f"{self.title}\n{self.text}"))

    @cached_property
    def _sentences(self) -> list[tuple[frozenset[str], bool]]:
        parts = [self.title, *_SENTENCE.split(self.text)]
        return [(_terms(part), _denies(part, self.locale)) for part in parts if part.strip()]

    def supports(self, sentence: str, language: str) -> bool:
        """Does the passage say this? A sentence in another language is known by less."""
        if not set(_NUMBER.findall(sentence)) <= self._numbers:
            return False
        said = [_of(word) for word in words(sentence)]
        if not said:
            return False
        known = sum(bool(terms & self._known) for terms in said) / len(said)
        if self.locale != language:
            return known >= KNOWN_ABROAD
        return known >= KNOWN and _denies(sentence, language) in self._nearest(said)

    def _nearest(self, said: list[frozenset[str]]) -> set[bool]:
        """Return whether the sentences nearest to what is said deny something."""
        shares = [
            (sum(bool(terms & own) for terms in said), denies) for own, denies in self._sentences
        ]
        most = max((share for share, _ in shares), default=0)
        return {denies for share, denies in shares if share == most}


def is_plain(sentence: str) -> bool:
    """Is this a sentence and nothing else: no markup, no address of any kind?"""
    return not _FOREIGN.search(sentence)


def language_of(text: str, lead: int = LEAD) -> str | None:
    """Return the language a text is written in, if its function words say so."""
    said = _plain_words(text)
    silent = lexicon("silent").items()
    counts = {name: sum(word in own for word in said) for name, own in silent}
    first, second, *_ = sorted(counts, key=lambda name: -counts[name])
    return first if counts[first] >= counts[second] + lead else None


def _terms(text: str) -> frozenset[str]:
    return frozenset(term for word in words(text) for term in _of(word))


def _of(word: str) -> frozenset[str]:
    return frozenset((stem(word), *concepts(word)))


def _denies(text: str, locale: str) -> bool:
    return not lexicon("denials").get(locale, frozenset()).isdisjoint(_plain_words(text))


def _plain_words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text.translate(_APOSTROPHES)))
