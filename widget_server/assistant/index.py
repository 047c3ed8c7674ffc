"""The index: who says which term, how strongly. Plain SQL, the same on both databases.

A posting's weight is its share of BM25 (Robertson and Zaragoza, 2009, formula 3.15) with k1 = 16
and b = 0.6, as an integer, so that sums do not depend on their order. Words of a title count six
times. Postings are packed, see :mod:`.packing`; whoever changes them holds the shelf's row.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count as count_from
from typing import TypeVar

from ..database import execute, is_sqlite, query, transaction
from . import packing
from .packing import SPAN
from .wording import concepts, pieces, stem, words

#: What may be suggested, and what only knows which of it helped.
ANSWERS, SOLVED = 0, 1

TITLE = 6
K1, B = 16.0, 0.6

#: Weights are stored times this.
SCALE = 500

#: The words of a document, and those whose pieces are indexed: its first words tell enough.
WORDS, PIECED = 3_000, {ANSWERS: 150, SOLVED: 25}

KINDS = ("words", "pieces", "concepts")

#: Terms read or written at a time.
AT_ONCE = 200

T = TypeVar("T")


@dataclass(frozen=True)
class Text:
    """Something to be found: titles in any language, and what is below them."""

    ref: str
    locale: str
    titles: Sequence[str]
    body: str
    links: Sequence[str] = ()


@dataclass
class Counted:
    """How often a text says each term, by kind; titles weigh more."""

    terms: dict[str, dict[str, int]]
    title: set[str]

    def length(self, kind: str) -> int:
        return sum(self.terms[kind].values())


def count(text: Text, pieced: int) -> Counted:
    found = Counted({kind: {} for kind in KINDS}, set())
    left = pieced
    for weight, part in [(TITLE, title) for title in text.titles] + [(1, text.body)]:
        said = list(words(part))[:WORDS]
        for at, word in enumerate(said):
            terms: list[tuple[str, Iterable[str]]] = [
                ("words", (stem(word),)),
                ("concepts", concepts(word)),
            ]
            if at < left:
                terms.append(("pieces", pieces(word)))
            for kind, each in terms:
                for term in each:
                    counts = found.terms[kind]
                    counts[term] = counts.get(term, 0) + weight
                    if weight == TITLE:
                        found.title.add(term)
        left = max(0, left - len(said))
    return found


def put(site_id: int, shelf: int, text: Text, *, pieced: int | None = None) -> None:
    """Index ``text`` instead of what was under its ``ref``, in its writer's transaction."""
    counted = count(text, PIECED[shelf] if pieced is None else pieced)
    with transaction():
        drop(site_id, shelf, text.ref)
        _put(site_id, shelf, text, counted)


def _put(site_id: int, shelf: int, text: Text, counted: Counted) -> None:
    lengths = [counted.length(kind) for kind in KINDS]
    shelf_now = _grow(site_id, shelf, lengths)
    ids = _term_ids(site_id, shelf, [t for kind in KINDS for t in counted.terms[kind]], shelf_now)
    weights: dict[int, int] = {}
    for kind, length in zip(KINDS, lengths, strict=True):
        average = shelf_now[kind] / shelf_now["documents"] or 1.0
        for term, often in counted.terms[kind].items():
            weights[ids[term]] = weigh(often, length, average)
    span, place = divmod(shelf_now["last"], SPAN)
    known = _postings(site_id, shelf, sorted(weights), span)
    packed = {
        term: packing.add(known.get(term, b""), place, weight) for term, weight in weights.items()
    }
    _keep(site_id, shelf, span, packed)
    titled = [number for term, number in ids.items() if term in counted.title]
    others = [number for term, number in ids.items() if term not in counted.title]
    execute(
        "INSERT INTO retrieval_document (site_id, shelf, number, ref, locale, links, terms, words,"
        " pieces, concepts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        site_id, shelf, shelf_now["last"], text.ref, text.locale, " ".join(text.links),
        packing.pack_terms(titled, others), *lengths,
    )  # fmt: skip


def weigh(often: int, length: int, average: float) -> int:
    """Return a posting's weight: BM25 without the idf."""
    share = often * (K1 + 1) / (often + K1 * (1 - B + B * length / average))
    return max(1, round(share * SCALE))


def drop(site_id: int, shelf: int, ref: str) -> None:
    """Forget what was under ``ref``."""
    own = (site_id, shelf, ref)
    there = "FROM retrieval_document WHERE site_id = ? AND shelf = ? AND ref = ?"
    if not query(f"SELECT 1 {there}", *own):
        return
    with transaction():
        _hold(site_id, shelf)
        for number, packed, *lengths in query(
            f"SELECT number, terms, words, pieces, concepts {there}", *own
        ):
            _drop(site_id, shelf, number, packed, lengths)


def _drop(site_id: int, shelf: int, number: int, packed: bytes, lengths: Sequence[int]) -> None:
    titled, others = packing.unpack_terms(packed)
    terms = sorted(titled + others)
    span, place = divmod(number, SPAN)
    left = {
        term: packing.remove(known, place)
        for term, known in _postings(site_id, shelf, terms, span).items()
    }
    _keep(site_id, shelf, span, {term: known for term, known in left.items() if known})
    for part in _parts([term for term, known in left.items() if not known]):
        execute(
            "DELETE FROM retrieval_posting WHERE site_id = ? AND shelf = ?"
            f" AND term_id IN ({_marks(part)}) AND span = ?",
            site_id, shelf, *part, span,
        )  # fmt: skip
    for part in _parts(terms):
        counted = query(
            "UPDATE retrieval_term SET documents = documents - 1"
            f" WHERE site_id = ? AND shelf = ? AND id IN ({_marks(part)})"
            " RETURNING term, documents",
            site_id, shelf, *part,
        )  # fmt: skip
        # A word nobody else wrote may be a name.
        if alone := [term for term, documents in counted if not documents]:
            execute(
                "DELETE FROM retrieval_term WHERE site_id = ? AND shelf = ?"
                f" AND term IN ({_marks(alone)})",
                site_id, shelf, *alone,
            )  # fmt: skip
    execute(
        "DELETE FROM retrieval_document WHERE site_id = ? AND shelf = ? AND number = ?",
        site_id, shelf, number,
    )  # fmt: skip
    execute(
        "UPDATE retrieval_shelf SET documents = documents - 1, words = words - ?,"
        " pieces = pieces - ?, concepts = concepts - ? WHERE site_id = ? AND shelf = ?",
        *lengths, site_id, shelf,
    )  # fmt: skip


def _postings(site_id: int, shelf: int, terms: Sequence[int], span: int) -> dict[int, bytes]:
    """Return the packed postings of terms in one span of documents."""
    found: dict[int, bytes] = {}
    for part in _parts(terms):
        rows = query(
            "SELECT term_id, packed FROM retrieval_posting WHERE site_id = ? AND shelf = ?"
            f" AND term_id IN ({_marks(part)}) AND span = ?",
            site_id, shelf, *part, span,
        )  # fmt: skip
        found.update(rows)
    return found


def _keep(site_id: int, shelf: int, span: int, packed: dict[int, bytes]) -> None:
    for part in _parts(sorted(packed)):
        execute(
            "INSERT INTO retrieval_posting (site_id, shelf, term_id, span, packed) VALUES "
            + ", ".join(["(?, ?, ?, ?, ?)"] * len(part))
            + " ON CONFLICT (site_id, shelf, term_id, span) DO UPDATE SET packed = excluded.packed",
            *[v for term in part for v in (site_id, shelf, term, span, packed[term])],
        )


def _hold(site_id: int, shelf: int) -> None:
    """Wait for whoever else changes a shelf; SQLite's writers take turns anyway."""
    if not is_sqlite():
        own = (site_id, shelf)
        query("SELECT 1 FROM retrieval_shelf WHERE site_id = ? AND shelf = ? FOR UPDATE", *own)


def _grow(site_id: int, shelf: int, lengths: Sequence[int]) -> dict[str, int]:
    """Count one document more and return the shelf; whoever comes second waits here."""
    rows = query(
        "INSERT INTO retrieval_shelf (site_id, shelf, last, last_term, documents, words, pieces,"
        " concepts) VALUES (?, ?, 1, 0, 1, ?, ?, ?) ON CONFLICT (site_id, shelf) DO UPDATE SET"
        " last = retrieval_shelf.last + 1, documents = retrieval_shelf.documents + 1,"
        " words = retrieval_shelf.words + excluded.words,"
        " pieces = retrieval_shelf.pieces + excluded.pieces,"
        " concepts = retrieval_shelf.concepts + excluded.concepts"
        " RETURNING last, last_term, documents, words, pieces, concepts",
        site_id, shelf, *lengths,
    )  # fmt: skip
    return dict(zip(("last", "last_term", "documents", *KINDS), rows[0], strict=True))


def _term_ids(
    site_id: int, shelf: int, terms: Sequence[str], shelf_now: dict[str, int]
) -> dict[str, int]:
    """Return each term's number, counting one document more for it; new terms get new numbers."""
    found: dict[str, int] = {}
    for part in _parts(terms):
        rows = query(
            "UPDATE retrieval_term SET documents = documents + 1 WHERE site_id = ? AND shelf = ?"
            f" AND term IN ({_marks(part)}) RETURNING term, id",
            site_id, shelf, *part,
        )  # fmt: skip
        found.update(rows)
    fresh = [term for term in terms if term not in found]
    found.update(zip(fresh, count_from(shelf_now["last_term"] + 1), strict=False))
    for part in _parts(fresh):
        execute(
            "INSERT INTO retrieval_term (site_id, shelf, id, term, documents) VALUES "
            + ", ".join(["(?, ?, ?, ?, 1)"] * len(part)),
            *[v for term in part for v in (site_id, shelf, found[term], term)],
        )
    if fresh:
        execute(
            "UPDATE retrieval_shelf SET last_term = last_term + ? WHERE site_id = ? AND shelf = ?",
            len(fresh), site_id, shelf,
        )  # fmt: skip
    return found


def idf(documents: int, having: int) -> float:
    """Robertson's, kept above zero (Lucene's form)."""
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))


def clear(site_id: int) -> None:
    """Empty a site's index, to be built anew."""
    with transaction():
        for table in ("posting", "term", "document", "shelf"):
            execute(f"DELETE FROM retrieval_{table} WHERE site_id = ?", site_id)


def _parts(many: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(many), AT_ONCE):
        yield many[at : at + AT_ONCE]


def _marks(part: Sequence[object]) -> str:
    return ", ".join("?" * len(part))
