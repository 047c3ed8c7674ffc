"""Which answers fit a question, and is the best of them worth showing?

Scores are sums of postings. Solved tickets vote for the answers they were solved with: the nearest
give their similarity, cubed, to what they link, and both sums, each made to end at one, are added.
Silence is the rule: something is shown only if enough of what was asked is in it.
"""

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..database import query
from .index import ANSWERS, SOLVED, idf
from .packing import SPAN, unpack, unpack_terms
from .wording import PIECE, concepts, pieces, stem, words

#: Words of a question that are read; those of its title count twice.
MOST_WORDS, TITLE = 64, 2.0

#: What pieces and concepts count beside words; pieces are asked for the first words only.
PIECES, CONCEPTS, PIECED = 0.2, 1.2, 32

#: A word said again counts a little more.
AGAIN = 0.5

VOTERS, SHARPNESS = 40, 3

#: Beyond so many documents, terms that most of them have are left out: they tell nothing apart.
SMALL, COMMON = 5_000, 0.1

#: Shown above this only, and from so many words on. Measured; see the benchmark.
CONFIDENCE, FEWEST = 1.42, 2

#: In how rare a word is, so many documents more are counted that lack it: in a small help centre
#: most words are in most articles, and would seem to say nothing.
ELSEWHERE = 200

#: From so many letters on, a word may be known by its pieces.
LONG = 6

#: Candidates per shelf.
DEPTH = 60

#: Same terms in the requester's own language are worth more.
OWN_LANGUAGE = 1.15

#: The first few are to differ: what another one says already is worth less, by how much the two
#: have in common, and by the answers both link.
VARIED, ALIKE, SAME_LINKS = 3, 0.3, 0.8

#: What nearness in meaning counts beside words and votes, each of which ends at one.
MEANING = 1.0

#: How near articles are in meaning to a title and a text, by reference.
Near = Callable[[int, str, str], Mapping[str, float]]

#: From so many of the best the first few are chosen.
CHOICE = 12


@dataclass
class Question:
    """What is asked, as terms with their weights."""

    words: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, title: str, body: str) -> "Question":
        said: dict[str, list[float]] = {}
        for weight, text in ((TITLE, title), (1.0, body)):
            for word in words(text):
                seen = said.setdefault(word, [weight, 0.0])
                seen[1] += 1
        first = list(said.items())[:MOST_WORDS]
        return cls({w: weight * (1 + AGAIN * math.log(n)) for w, (weight, n) in first})

    def terms(self) -> dict[str, float]:
        """Return every term of the question with its weight."""
        found: dict[str, float] = {}
        for at, (word, weight) in enumerate(self.words.items()):
            for term, share in self._of(word, at < PIECED):
                found[term] = max(found.get(term, 0.0), weight * share)
        return found

    @staticmethod
    def _of(word: str, in_pieces: bool) -> Iterable[tuple[str, float]]:
        yield stem(word), 1.0
        for piece in pieces(word) if in_pieces else ():
            yield piece, PIECES
        for concept in concepts(word):
            yield concept, CONCEPTS


@dataclass(frozen=True)
class Ranked:
    """References, best first, with their scores; ``confidence`` is of the best."""

    refs: list[tuple[str, float]]
    confidence: float

    @property
    def is_worth_showing(self) -> bool:
        return self.confidence > CONFIDENCE


class Shelf:
    """One question asked of one shelf of a site."""

    def __init__(self, site_id: int, shelf: int, question: Question) -> None:
        self.site_id, self.shelf, self.question = site_id, shelf, question
        rows = query(
            "SELECT documents FROM retrieval_shelf WHERE site_id = ? AND shelf = ?", site_id, shelf
        )
        self.documents = rows[0][0] if rows else 0
        self.known: dict[str, tuple[int, int]] = {}
        terms = question.terms() if self.documents else {}
        if terms:
            found = query(
                "SELECT term, id, documents FROM retrieval_term WHERE site_id = ? AND shelf = ?"
                f" AND documents > 0 AND term IN ({', '.join('?' * len(terms))})",
                site_id, shelf, *terms,
            )  # fmt: skip
            self.known = {term: (number, having) for term, number, having in found}
            self._common = {
                term for term, _, n in found
                if self.documents > SMALL and n > self.documents * COMMON
            }  # fmt: skip
            self._weights = terms

    def search(self) -> list[tuple[int, int]]:
        """Return documents and their scores, best first."""
        factors = {
            number: max(1, round(100 * self._weights[term] * idf(self.documents, having)))
            for term, (number, having) in self.known.items()
            if term not in self._common
        }
        if not factors:
            return []
        totals: dict[int, list[int]] = {}
        for term_id, span, packed in query(
            "SELECT term_id, span, packed FROM retrieval_posting WHERE site_id = ? AND shelf = ?"
            f" AND term_id IN ({', '.join('?' * len(factors))})",
            self.site_id, self.shelf, *factors,
        ):  # fmt: skip
            factor, sums = factors[term_id], totals.setdefault(span, [0] * SPAN)
            for place, weight in unpack(packed):
                sums[place] += weight * factor
        best = [
            (-sums[place], span * SPAN + place)
            for span, sums in totals.items()
            for place in heapq.nlargest(DEPTH, range(SPAN), sums.__getitem__)
            if sums[place]
        ]
        return [(number, -score) for score, number in sorted(best)[:DEPTH]]

    def confidence(self, number: int) -> float:
        """Say how much of the question is in a document, and how much of it in its title."""
        own = {term: found for term, found in self.known.items() if not term.startswith("~")}
        if not own:
            return -math.inf
        rows = query(
            "SELECT terms FROM retrieval_document WHERE site_id = ? AND shelf = ? AND number = ?",
            self.site_id, self.shelf, number,
        )  # fmt: skip
        titled, others = unpack_terms(rows[0][0]) if rows else ([], [])
        counted = self.documents + ELSEWHERE
        rarity = {number: idf(counted, having) for number, having in own.values()}
        most = idf(counted, 1)
        top = sum(rarity.get(term, 0.0) for term in titled)
        inside = top + sum(rarity.get(term, 0.0) for term in others)
        return math.log1p(inside / most) + math.log1p(top / most)

    def terms_of(self, numbers: list[int]) -> dict[str, set[int]]:
        """Return every term of documents, by reference."""
        if not numbers:
            return {}
        rows = query(
            "SELECT ref, terms FROM retrieval_document WHERE site_id = ? AND shelf = ?"
            f" AND number IN ({', '.join('?' * len(numbers))})",
            self.site_id, self.shelf, *numbers,
        )  # fmt: skip
        return {ref: set().union(*unpack_terms(packed)) for ref, packed in rows}

    def documents_of(self, numbers: list[int]) -> dict[int, tuple[str, str, list[str]]]:
        """Return reference, language and links of documents."""
        if not numbers:
            return {}
        rows = query(
            "SELECT number, ref, locale, links FROM retrieval_document WHERE site_id = ?"
            f" AND shelf = ? AND number IN ({', '.join('?' * len(numbers))})",
            self.site_id, self.shelf, *numbers,
        )  # fmt: skip
        return {number: (ref, locale, links.split()) for number, ref, locale, links in rows}


def rank(
    site_id: int, title: str, body: str, locale: str | None = None, near: Near | None = None
) -> Ranked:
    """Return what fits, best first, whether or not it is worth showing.

    ``near`` is asked only where it is: a question nobody wrote about is nobody's business.
    """
    question = Question.of(title, body)
    answers, solved = (Shelf(site_id, shelf, question) for shelf in (ANSWERS, SOLVED))
    found, voting = answers.search(), solved.search()
    told = answers.documents_of([number for number, _ in found])
    # Between two reads somebody may have changed it.
    found = [(number, score) for number, score in found if number in told]
    scores: dict[str, float] = {}
    for number, score in found:
        ref, spoken, _ = told[number]
        own = OWN_LANGUAGE if locale and spoken == locale else 1.0
        scores[ref] = own * score
    _scale(scores)
    votes: dict[str, float] = {}
    voters = _voters(answers, solved, [number for number, _ in voting])
    voting = [(number, score) for number, score in voting if number in voters][:VOTERS]
    for number, score in voting:
        for ref in voters[number]:
            votes[ref] = votes.get(ref, 0.0) + (score / voting[0][1]) ** SHARPNESS
    _scale(votes)
    for ref, vote in votes.items():
        scores[ref] = scores.get(ref, 0.0) + vote
    heard = [(answers, found), (solved, voting)] if voting else [(answers, found)]
    sure = [shelf.confidence(hits[0][0]) for shelf, hits in heard if hits]
    confidence = max(sure, default=-math.inf) - _unknown(question, *(shelf for shelf, _ in heard))
    if near and confidence > CONFIDENCE:
        for ref, likeness in near(site_id, title, body).items():
            scores[ref] = scores.get(ref, 0.0) + MEANING * likeness
    refs = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return Ranked(_varied(refs, answers, told), confidence)


def _voters(answers: Shelf, solved: Shelf, numbers: list[int]) -> dict[int, list[str]]:
    """Return the answers that solved requests vote for; what is gone leads nowhere any more."""
    linked = {number: links for number, (*_, links) in solved.documents_of(numbers).items()}
    wanted = {ref for links in linked.values() for ref in links}
    rows = query(
        "SELECT ref FROM retrieval_document WHERE site_id = ? AND shelf = ?"
        f" AND ref IN ({', '.join('?' * len(wanted)) or 'NULL'})",
        answers.site_id, ANSWERS, *wanted,
    )  # fmt: skip
    there = {ref for (ref,) in rows}
    voting = {number: [ref for ref in links if ref in there] for number, links in linked.items()}
    return {number: refs for number, refs in voting.items() if refs}


def _varied(
    refs: list[tuple[str, float]], shelf: Shelf, told: dict[int, tuple[str, str, list[str]]]
) -> list[tuple[str, float]]:
    """Return the same with the first few chosen one by one, each unlike those before it.

    Maximal marginal relevance (Carbonell and Goldstein, 1998).
    """
    if len(refs) < 3:
        return refs
    numbers = {ref: number for number, (ref, _, _) in told.items()}
    links = {ref: set(linked) for ref, _, linked in told.values()}
    left = dict(refs[:CHOICE])
    terms = shelf.terms_of([numbers[ref] for ref in left if ref in numbers])
    alike = dict.fromkeys(left, 0.0)
    chosen: list[tuple[str, float]] = []
    while left and len(chosen) < VARIED:
        best = max(left, key=lambda ref: left[ref] / refs[0][1] - alike[ref])
        chosen.append((best, left.pop(best)))
        own, linked = terms.get(best, set()), links.get(best, set())
        for ref in left:
            other = terms.get(ref, set())
            both = len(own & other)
            same = SAME_LINKS * bool(linked & links.get(ref, set()))
            shared = ALIKE * both / max(1, len(own) + len(other) - both)
            alike[ref] = max(alike[ref], same, shared)
    return chosen + [pair for pair in refs if pair[0] in left] + refs[CHOICE:]


def _unknown(question: Question, *shelves: Shelf) -> float:
    """Return what is taken off for words nobody here ever wrote."""
    if len(question.words) < FEWEST:
        return math.inf
    known = {term for shelf in shelves for term in shelf.known}
    strange = sum(
        0.0 if stem(word) in known or concepts(word) else _strangeness(word, known)
        for word in question.words
    )
    return 2 * strange / len(question.words)


def _strangeness(word: str, known: set[str]) -> float:
    """Return 1, or less for a word whose pieces are known: a typing error, or another ending."""
    parts = pieces(word)
    if len(parts) < LONG - PIECE + 1:
        return 1.0
    return 1.0 - sum(part in known for part in parts) / len(parts)


def _scale(scores: dict[str, float]) -> None:
    most = max(scores.values(), default=0.0)
    for ref in scores:
        scores[ref] /= most or 1.0
