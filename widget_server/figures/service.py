"""The figures of a span of days: what is kept, and what is not kept yet counted at once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from ..clock import utcnow
from ..database import query
from ..orders.book import FIGURES
from ..sites import service as sites
from ..sites.models import Site
from . import book, rolling
from .counting import AT_ONCE, count, settled
from .days import ONE, Day, chunks, percentile, today

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
    found = {day: Span(day, day) for day, _ in chunks(first, last, 1)}
    for site in chosen:
        _add_counted(site, found, first, last)
        _add_promises(site.id, found, first, last)
        _add_money(site.id, found, first, last)
    return list(found.values())


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


def _add_counted(site: Site, found: dict[date, Span], first: date, last: date) -> None:
    zone = sites.zone_of(site)
    now = today(zone, utcnow())
    next_day = rolling.next_day(site.id, zone)
    begin = min(first, next_day)
    counted = dict(book.read(book.DAYS, [site.id], begin, min(last, next_day - ONE)))
    # Neither what is not over yet nor what changed since waits for the job.
    changed = rolling.spans(day for day in book.stale(site.id) if begin <= day < next_day)
    for since, until in [*changed, *chunks(next_day, min(last, now), AT_ONCE)]:
        counted |= count(site.id, zone, since, until)
    backlog = book.growth(site.id, begin)
    for day, _ in chunks(begin, last, 1):
        told = counted.get(day)
        backlog += told.growth if told else 0
        if day in found:
            found[day].backlog += backlog
            found[day].settled = found[day].settled and settled(day, now)
            if told:
                told.categories = Counter(
                    {f"{site.id}:{name}": count for name, count in told.categories.items()}
                )
                found[day].told.add(told)


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
