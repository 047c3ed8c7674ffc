"""Texts as vectors from an OpenAI-compatible server, and what can be told from two of them."""

import json
import math
from array import array
from collections.abc import Sequence
from operator import mul
from typing import Any

from .asking import EndpointFailed, body, expect_ok, post
from .endpoints import Endpoint

#: Numbers a vector may have, and bytes of an answer that are read.
FEWEST, MOST = 8, 4_096
BYTES = 1 << 22

Vector = Sequence[float]


def embed(endpoint: Endpoint, texts: Sequence[str], seconds: float) -> list[Vector]:
    """Return a vector for each text.

    Raises :exc:`EndpointFailed` if what comes cannot be one of a model's.
    """
    asked = {"model": endpoint.model, "input": list(texts), "encoding_format": "float"}
    with post(endpoint, "/embeddings", asked, seconds) as answer:
        expect_ok(answer)
        content = body(answer, most=BYTES, seconds=seconds)
    try:
        rows = json.loads(content)["data"]
        found = {row["index"]: array("f", row["embedding"]) for row in rows}
        vectors: list[Vector] = [found[at] for at in range(len(texts))]
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        raise EndpointFailed("It answers in a form that is not known.") from error
    if len({len(vector) for vector in vectors}) != 1 or not all(map(_is_sound, vectors)):
        raise EndpointFailed("It answers with something that is no vector.")
    return vectors


def check(endpoint: Endpoint) -> str | None:
    """Return what is wrong with a server, in its own words if it can; ``None`` if it answers."""
    try:
        embed(endpoint, ["ready"], endpoint.patience / 1000)
    except EndpointFailed as error:
        return str(error)
    return None


def _is_sound(vector: Vector) -> bool:
    return (
        FEWEST <= len(vector) <= MOST
        and all(map(math.isfinite, vector))
        and any(vector)
        and math.isfinite(_length(vector))
    )


def pack(vector: Vector) -> bytes:
    """Return a vector in a byte for each number; its length is lost, and said nothing."""
    most = max(map(abs, vector))
    return array("b", [round(127 * each / most) for each in vector]).tobytes()


def likeness(packed: bytes, vector: Vector) -> float:
    """Return the cosine of the angle between a packed vector and another."""
    kept = array("b", packed)
    return sum(map(mul, kept, vector)) / (_length(kept) * _length(vector))


def sketch(vector: Vector) -> int:
    """Return the signs of a vector's numbers as bits.

    Few of them differ where the angle is small (Charikar, 2002); comparing is one operation.
    """
    return int("".join("1" if each > 0 else "0" for each in vector), 2)


def sketched(vector: Vector) -> bytes:
    return sketch(vector).to_bytes(MOST // 8, "big").lstrip(b"\0")


def _length(vector: Any) -> float:
    return math.sqrt(sum(map(mul, vector, vector)))
