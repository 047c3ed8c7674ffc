"""Is it the same? Rows as lines of JSON, and tables as a count and a digest."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from typing import Any

from .stores import Row, Store, Table

_MOST = 1 << 256


class Tally:
    """A count and a digest that does not depend on the order of rows, nor on their database."""

    def __init__(self, rows: int = 0, digest: str = "0") -> None:
        self.rows, self._sum = rows, int(digest, 16)

    @property
    def digest(self) -> str:
        return f"{self._sum:064x}"

    def add(self, line: str) -> None:
        self.rows += 1
        whole = int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")
        self._sum = (self._sum + whole) % _MOST

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and (self.rows, self._sum) == (other.rows, other._sum)

    __hash__ = None  # type: ignore[assignment]


def to_line(row: Iterable[Any]) -> str:
    """Return a row as one line of JSON; bytes become ``{"b64": …}``."""
    values = [
        {"b64": b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value
        for value in row
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def from_line(line: str) -> Row:
    return tuple(
        b64decode(value["b64"]) if isinstance(value, dict) else value for value in json.loads(line)
    )


def tally(store: Store, table: Table, columns: Sequence[str] | None = None) -> Tally:
    """Count a table, its columns in the order given."""
    counted = Tally()
    ordered = table._replace(columns=tuple(columns or table.columns))
    for batch in store.rows(ordered):
        for row in batch:
            counted.add(to_line(row))
    return counted
