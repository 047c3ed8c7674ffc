"""The figures of a span of days: what is kept, and what is not kept yet counted at once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from ..clock import utcnow
from ..database import query
from ..orders.book import FIGURES
from ..sites import service as sites
from ..sites.models import Site
from . import book, joined, pieces, rolling
from .counting import AT_ONCE, count, settled
from .days import COUNTS, ONE, SPREADS, Day, chunks, percentile, today

#: Days of a span at most: some years.
LONGEST = 1_830

Sums = Counter[str]


@dataclass(slots=True)
class Span:
    """What happened in some days of one site or several, each by its own clocks.

    ``backlog``: requests open when the last of the days ended; ``kept`` and ``broken``: answers
    before and after the promised time; ``money``: sums by currency, in minor units. Categories
    are named with their site's id: ``1:help``.
    """

    first: date
    last: date
    told: Day = field(default_factory=Day)
    backlog: int = 0
    kept: int = 0
    broken: int = 0
    settled: bool = True
    money: dict[str, Sums] = field(default_factory=dict)

    @property
    def median(self) -> int | None:
        return percentile(self.told.waits, 0.5)

    @property
    def slowest(self) -> int | None:
        """Return the minutes within which nine of ten first answers came."""
        return percentile(self.told.waits, 0.9)

    @property
    def promises(self) -> int:
        return self.kept + self.broken

    @property
    def ratings(self) -> int:
        return self.told.pleased + self.told.displeased

    def add(self, later: "Span") -> None:
        """Take in the span that follows, or the same of another site's."""
        self.last = later.last
        self.told.add(later.told)
        self.backlog = later.backlog
        self.kept, self.broken = self.kept + later.kept, self.broken + later.broken
        self.settled = self.settled and later.settled
        for currency, sums in later.money.items():
            self.money.setdefault(currency, Counter()).update(sums)


def days(chosen: Iterable[Site], first: date, last: date) -> list[Span]:
    """Return every day from ``first`` to ``last``, the sites' figures added up."""
    return grouped(chosen, first, last, joined.DAY)[1]


def grouped(
    chosen: Iterable[Site], first: date, last: date, step: str
) -> tuple[list[Span], list[Span]]:
    """Return every day without its spreads, and the days, weeks or months they make with theirs.

    A span that is over was added up by the job, so a year is read from some fifty of them.
    """
    found = {day: Span(day, day) for day, _ in chunks(first, last, 1)}
    members: dict[date, list[Span]] = {}
    for day, span in found.items():
        members.setdefault(joined.first_of(step, day), []).append(span)
    spread = {name: Day() for name in members}
    for site in chosen:
        _add_counted(site, found, spread, step)
        _add_promises(site.id, found, first, last)
        _add_money(site.id, found, first, last)
    groups = []
    for name, spans in members.items():
        group = together(spans)
        group.told.take_spreads(spread[name])
        groups.append(group)
    return list(found.values()), groups


def together(spans: Iterable[Span]) -> Span:
    """Return one span of several that follow each other."""
    first, *rest = spans
    whole = Span(first.first, first.last)
    for each in (first, *rest):
        whole.add(each)
    return whole


def confirmed_share(spans: Iterable[Span]) -> float | None:
    """Return which part of those shown something was helped by it, where that is known."""
    known = [each.told for each in spans if each.settled]
    shown = sum(each.shown for each in known)
    return sum(each.confirmed for each in known) / shown if shown else None


def _add_counted(site: Site, found: dict[date, Span], spread: dict[date, Day], step: str) -> None:
    first, last = min(found), max(found)
    zone = sites.zone_of(site)
    now = today(zone, utcnow())
    next_day = rolling.next_day(site.id, zone)
    begin = min(first, next_day)
    # Neither what is not over yet nor what changed since waits for the job.
    changed = rolling.spans(day for day in book.stale(site.id) if begin <= day < next_day)
    counted: dict[date, Day] = {}
    for since, until in changed:
        counted |= count(site.id, zone, since, until)
    for since, until in chunks(next_day, min(last, now), AT_ONCE):
        counted |= pieces.count(site.id, zone, since, until)
    kept = {
        day: Day(*row)
        for day, row in book.rows(
            book.DAYS, ", ".join(COUNTS), site.id, begin, min(last, next_day - ONE)
        )
    }
    backlog = book.growth(site.id, begin)
    for day, _ in chunks(begin, last, 1):
        told = counted.get(day) or kept.get(day)
        backlog += told.growth if told else 0
        if day in found:
            found[day].backlog += backlog
            found[day].settled = found[day].settled and settled(day, now)
            if told:
                found[day].told.add_counts(told)
    _add_spreads(site.id, first, min(last, next_day - ONE), counted, spread, step)


def _add_spreads(
    site_id: int, first: date, last: date, counted: dict[date, Day], spread: dict[date, Day],
    step: str,
) -> None:  # fmt: skip
    """Add a site's spreads: of spans that were added up, else of their days, else as counted."""
    whole = {} if step == joined.DAY else joined.read(site_id, step, first, last)
    for day in counted:
        whole.pop(joined.first_of(step, day), None)
    texts = {name: [row] for name, row in whole.items()}
    for since, until in _between(first, last, whole, step):
        for day, row in book.rows(book.DAYS, ", ".join(SPREADS), site_id, since, until):
            if day not in counted:
                texts.setdefault(joined.first_of(step, day), []).append(row)
    for day, told in counted.items():
        if first <= day and joined.first_of(step, day) in spread:
            texts.setdefault(joined.first_of(step, day), []).append(tuple(told.spreads()))
    for name, rows in texts.items():
        for kind, column in zip(SPREADS, zip(*rows, strict=True), strict=True):
            prefix = f"{site_id}:" if kind == "categories" else ""
            spread[name].add_texts(kind, list(column), prefix)


def _between(
    first: date, last: date, whole: Iterable[date], step: str
) -> Iterator[tuple[date, date]]:
    """Yield the days of a span around those that are ``whole``."""
    for name in sorted(whole):
        if first < name:
            yield first, name - ONE
        first = joined.last_of(step, name) + ONE
    if first <= last:
        yield first, last


def _add_promises(site_id: int, found: dict[date, Span], first: date, last: date) -> None:
    for day, kept, broken in query(
        "SELECT day, kept, broken FROM promise WHERE site_id = ? AND day >= ? AND day <= ?",
        site_id, first.isoformat(), last.isoformat(),
    ):  # fmt: skip
        span = found[date.fromisoformat(day)]
        span.kept, span.broken = span.kept + kept, span.broken + broken


def _add_money(site_id: int, found: dict[date, Span], first: date, last: date) -> None:
    for day, currency, *sums in query(
        f"SELECT day, currency, {', '.join(FIGURES)} FROM revenue"
        " WHERE site_id = ? AND day >= ? AND day <= ?",
        site_id, first.isoformat(), last.isoformat(),
    ):  # fmt: skip
        money = found[date.fromisoformat(day)].money.setdefault(currency, Counter())
        for name, amount in zip(FIGURES, sums, strict=True):
            money[name] += int(amount)
