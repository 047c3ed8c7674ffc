"""Days of a site as its clocks show them, and what is counted of one."""

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, repeat
from operator import add
from typing import Any, Self
from zoneinfo import ZoneInfo

from ..clock import parse, stamp

ONE = timedelta(days=1)


@dataclass(slots=True)
class Day:
    """What happened on a day, or on several of them together.

    ``waits``: first answers by the minutes they took, see :func:`rough`; ``hours``: requests by the
    hour they came; ``gone``: open requests that were erased.
    """

    opened: int = 0
    closed: int = 0
    reopened: int = 0
    gone: int = 0
    shown: int = 0
    solved: int = 0
    confirmed: int = 0
    pleased: int = 0
    displeased: int = 0
    waits: Counter[str] = field(default_factory=Counter)
    hours: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)

    @property
    def answered(self) -> int:
        return self.waits.total()

    @property
    def growth(self) -> int:
        """Return by how many the open requests became more."""
        return self.opened + self.reopened - self.closed - self.gone

    def add(self, other: Self) -> None:
        self.add_counts(other)
        for name in SPREADS:
            pour(getattr(self, name), getattr(other, name))

    def add_counts(self, other: Self) -> None:
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def take_spreads(self, other: Self) -> None:
        """Have another's spreads for one's own, which are empty."""
        for name in SPREADS:
            setattr(self, name, getattr(other, name))

    def add_texts(self, name: str, texts: list[str], site: str = "") -> None:
        """Take in a spread of many days, each as :meth:`row` wrote it; read in one go.

        ``site`` is put before whatever they name.
        """
        into: Counter[str] = getattr(self, name)
        told: Counter[str] = Counter() if site else into
        for counts in json.loads(f"[{','.join(texts)}]"):
            pour(told, counts)
        if site:
            pour(into, {f"{site}{each}": count for each, count in told.items()})

    def row(self) -> list[Any]:
        """Return the values of :data:`COLUMNS`."""
        return [*(getattr(self, name) for name in COUNTS), *self.spreads()]

    def spreads(self) -> list[str]:
        """Return the values of :data:`SPREADS`, as texts."""
        return [json.dumps(getattr(self, name), sort_keys=True) for name in SPREADS]

    @classmethod
    def of_row(cls, row: Sequence[Any], counts: tuple[str, ...] | None = None) -> Self:
        """Return the day whose values these are; ``counts``: which it has, if not all."""
        names = COUNTS if counts is None else counts
        spreads = (Counter(json.loads(text)) for text in row[len(names) :])
        values: dict[str, Any] = dict(
            zip((*names, *SPREADS), (*row[: len(names)], *spreads), strict=True)
        )
        return cls(**values)


SPREADS = ("waits", "hours", "categories")
COUNTS = tuple(each.name for each in fields(Day) if each.name not in SPREADS)
COLUMNS = ", ".join((*COUNTS, *SPREADS))


def pour(into: Counter[str], counts: Mapping[str, int]) -> None:
    """Add counts to others: what :meth:`Counter.update` does, for the many small ones of a year.

    Without a loop of Python's: a year of a busy site has some ten thousand of them.
    """
    if not into:
        into.update(counts)
        return
    sums = map(add, counts.values(), map(into.get, counts, repeat(0)))
    dict.update(into, zip(counts, sums, strict=True))


@dataclass(frozen=True)
class Calendar:
    """The days of a time zone from ``first`` to ``last``; comparing texts finds a moment's day."""

    zone: ZoneInfo
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + nth * ONE for nth in range((self.last - self.first).days + 1)]

    @property
    def edges(self) -> list[str]:
        """Return when each day begins, and when the last ends."""
        return [begin(self.zone, day) for day in (*self.days, self.last + ONE)]

    def finder(self) -> Any:
        """Return a function from a moment to its day; the moment lies within the calendar."""
        days, edges = self.days, self.edges
        return lambda at: days[bisect_right(edges, at) - 1]


def begin(zone: ZoneInfo, day: date) -> str:
    """Return the moment a day begins in a zone, also where clocks jump over midnight."""
    return stamp(datetime.combine(day, time(), zone))


def day_of(zone: ZoneInfo, at: str) -> date:
    return parse(at).astimezone(zone).date()


def hour_of(zone: ZoneInfo, at: str) -> str:
    """Return the hour a moment falls into at the site, as two digits."""
    return _hour(zone.key, at[:16])


@lru_cache(maxsize=2_000)
def _hour(zone: str, minute: str) -> str:
    # Clocks are set by whole minutes, and a day has few of them.
    return f"{parse(f'{minute}:00.000000Z').astimezone(ZoneInfo(zone)).hour:02}"


def rough(since: str, until: str) -> str:
    """Return the minutes between two moments to two digits: close enough to compare by.

    So few values occur that a year of them is added up in a moment.
    """
    minutes = max(0, int((parse(until) - parse(since)).total_seconds() // 60))
    digits = max(0, len(str(minutes)) - 2)
    return str(minutes // 10**digits * 10**digits)


def percentile(waits: Counter[str], share: float) -> int | None:
    """Return the minutes within which ``share`` of the answers came; ``None`` without answers."""
    minutes = sorted(waits, key=int)
    seen = list(accumulate(map(waits.__getitem__, minutes)))
    return int(minutes[bisect_left(seen, share * seen[-1])]) if seen else None


def chunks(first: date, last: date, size: int) -> Iterator[tuple[date, date]]:
    """Yield a span of days in pieces of at most ``size``."""
    while first <= last:
        until = min(last, first + (size - 1) * ONE)
        yield first, until
        first = until + ONE


def today(zone: ZoneInfo, at: datetime) -> date:
    return at.astimezone(UTC).astimezone(zone).date()


def hours() -> list[str]:
    """Return the hours of a day as :func:`hour_of` names them."""
    return [f"{hour:02}" for hour in range(24)]
