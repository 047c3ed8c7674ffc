"""Postings, and the terms of a document, as bytes: a few for each, where a row takes twenty."""

import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

#: So many documents in a row share what is kept of a term: one row, rewritten when one is added.
SPAN = 2_048

#: What a gap between two documents may be in one byte; more is several, the first with no weight.
GAP = 255


def pack(weights: Mapping[int, int]) -> bytes:
    """Return weights by place as gaps of a byte each, followed by weights of two bytes each."""
    gaps, packed, last = bytearray(), array("H"), 0
    for place in sorted(weights):
        while place - last > GAP:
            gaps.append(GAP)
            packed.append(0)
            last += GAP
        gaps.append(place - last)
        packed.append(weights[place])
        last = place
    return bytes(gaps) + packed.tobytes()


def unpack(packed: bytes) -> Iterator[tuple[int, int]]:
    """Yield places with their weights, in order; where a gap is long, some without weight."""
    count = len(packed) // 3
    return zip(accumulate(packed[:count]), array("H", packed[count:]), strict=True)


def add(packed: bytes, place: int, weight: int) -> bytes:
    """Return the same with one more place, beyond all that are in there."""
    count = len(packed) // 3
    more = pack({place - sum(packed[:count]): weight})
    new = len(more) // 3
    return packed[:count] + more[:new] + packed[count:] + more[new:]


def remove(packed: bytes, place: int) -> bytes:
    """Return the same without a place; nothing if it was the only one."""
    return pack({at: weight for at, weight in unpack(packed) if weight and at != place})


def pack_terms(titled: Sequence[int], others: Sequence[int]) -> bytes:
    """Return the numbers of a document's terms, those of its titles apart."""
    numbers = [len(titled), *_gaps(titled), *_gaps(others)]
    return zlib.compress(array("I", numbers).tobytes(), 9)


def unpack_terms(packed: bytes) -> tuple[list[int], list[int]]:
    """Return the terms of a document's titles, and its others."""
    count, *gaps = array("I", zlib.decompress(packed))
    return list(accumulate(gaps[:count])), list(accumulate(gaps[count:]))


def _gaps(numbers: Sequence[int]) -> Iterator[int]:
    last = 0
    for number in sorted(numbers):
        yield number - last
        last = number
