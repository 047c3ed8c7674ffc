"""The index: who says which term, how strongly. Plain SQL, the same on both databases.

A posting's weight is its share of BM25 (Robertson and Zaragoza, 2009, formula 3.15) with k1 = 16
and b = 0.6, as an integer, so that sums do not depend on their order. Words of a title count six
times.
"""

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..database import execute, query, transaction
from .wording import concepts, pieces, stem, words

#: What may be suggested, and what only knows which of it helped.
ANSWERS, SOLVED = 0, 1

TITLE = 6
K1, B = 16.0, 0.6

#: Weights are stored times this; the lowest bit says whether the term is in the title.
SCALE = 500

#: The words of a document, and those whose pieces are indexed: its first words tell enough.
WORDS, PIECED = 3_000, {ANSWERS: 150, SOLVED: 25}

KINDS = ("words", "pieces", "concepts")


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
    drop(site_id, shelf, text.ref)
    counted = count(text, PIECED[shelf] if pieced is None else pieced)
    lengths = [counted.length(kind) for kind in KINDS]
    shelf_now = _grow(site_id, shelf, lengths)
    ids = _term_ids(site_id, shelf, [t for kind in KINDS for t in counted.terms[kind]], shelf_now)
    rows: list[tuple[int, int]] = []
    for kind, length in zip(KINDS, lengths, strict=True):
        average = shelf_now[kind] / shelf_now["documents"] or 1.0
        for term, often in counted.terms[kind].items():
            rows.append((ids[term], weigh(often, length, average, term in counted.title)))
    rows.sort()
    number = shelf_now["last"]
    for at in range(0, len(rows), 200):
        part = rows[at : at + 200]
        execute(
            "INSERT INTO retrieval_posting (site_id, shelf, term_id, number, weight) VALUES "
            + ", ".join(["(?, ?, ?, ?, ?)"] * len(part)),
            *[v for term, weight in part for v in (site_id, shelf, term, number, weight)],
        )  # fmt: skip
    execute(
        "INSERT INTO retrieval_document (site_id, shelf, number, ref, locale, links, terms, words,"
        " pieces, concepts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        site_id, shelf, shelf_now["last"], text.ref, text.locale, " ".join(text.links),
        array("I", [term for term, _ in rows]).tobytes(), *lengths,
    )  # fmt: skip


def weigh(often: int, length: int, average: float, in_title: bool) -> int:
    """Return a posting's weight: BM25 without the idf, and the mark of a title."""
    share = often * (K1 + 1) / (often + K1 * (1 - B + B * length / average))
    return 2 * max(1, round(share * SCALE)) + in_title


def drop(site_id: int, shelf: int, ref: str) -> None:
    """Forget what was under ``ref``."""
    rows = query(
        "SELECT number, terms, words, pieces, concepts FROM retrieval_document"
        " WHERE site_id = ? AND shelf = ? AND ref = ?",
        site_id, shelf, ref,
    )  # fmt: skip
    if not rows:
        return
    number, packed, *lengths = rows[0]
    terms = array("I", bytes(packed)).tolist()
    for at in range(0, len(terms), 500):
        part = terms[at : at + 500]
        marks = ", ".join("?" * len(part))
        execute(
            "DELETE FROM retrieval_posting WHERE site_id = ? AND shelf = ?"
            f" AND term_id IN ({marks}) AND number = ?",
            site_id, shelf, *part, number,
        )  # fmt: skip
        execute(
            "UPDATE retrieval_term SET documents = documents - 1"
            f" WHERE site_id = ? AND shelf = ? AND id IN ({marks})",
            site_id, shelf, *part,
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
    for at in range(0, len(terms), 500):
        part = terms[at : at + 500]
        rows = query(
            "UPDATE retrieval_term SET documents = documents + 1 WHERE site_id = ? AND shelf = ?"
            f" AND term IN ({', '.join('?' * len(part))}) RETURNING term, id",
            site_id, shelf, *part,
        )  # fmt: skip
        found.update(rows)
    fresh = [term for term in terms if term not in found]
    first = shelf_now["last_term"] + 1
    for at in range(0, len(fresh), 200):
        part = fresh[at : at + 200]
        values: list[Any] = []
        for offset, term in enumerate(part):
            found[term] = first + at + offset
            values += [site_id, shelf, term, found[term], 1]
        execute(
            "INSERT INTO retrieval_term (site_id, shelf, term, id, documents) VALUES "
            + ", ".join(["(?, ?, ?, ?, ?)"] * len(part)),
            *values,
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
