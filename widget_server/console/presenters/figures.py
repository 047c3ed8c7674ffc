"""The figures as people look at them: each a picture, its sum in words, a table, and a file."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from ... import money
from ...figures.joined import DAY, MONTH, WEEK
from ...figures.service import Span, confirmed_share
from ..language import Words
from . import pictures
from .pictures import Picture, Point

BARS, LINE = "bars", "line"

#: Days up to which a picture has a point for each, and up to which one for each week.
DAILY, WEEKLY = 62, 430

Value = float | None
Getter = Callable[[Span], Value]


@dataclass(frozen=True)
class Column:
    """A number of a span, and what it is of: ``count``, ``minutes``, ``share`` or a currency."""

    name: str
    unit: str
    of: Getter


@dataclass(frozen=True)
class Kind:
    """One figure: the first column is drawn."""

    name: str
    shape: str
    columns: tuple[Column, ...]
    currency: str | None = None

    @property
    def id(self) -> str:
        return f"{self.name}-{self.currency}" if self.currency else self.name


def share(part: Getter, whole: Getter) -> Getter:
    def of(span: Span) -> Value:
        return (part(span) or 0) / of_all if (of_all := whole(span)) else None

    return of


def _count(name: str, of: Getter | None = None) -> Column:
    return Column(name, "count", of or (lambda span: getattr(span.told, name)))


def _rated(span: Span) -> Value:
    return span.ratings


KINDS = (
    Kind("opened", BARS, (_count("opened"),)),
    Kind("answered", BARS, (_count("answered"),)),
    Kind("closed", BARS, (_count("closed"), _count("reopened"))),
    Kind("backlog", LINE, (_count("backlog", lambda span: span.backlog),)),
    Kind(
        "first_answer",
        LINE,
        (
            Column("median", "minutes", lambda span: span.median),
            Column("slowest", "minutes", lambda span: span.slowest),
            _count("answered"),
        ),
    ),
    Kind(
        "promise",
        LINE,
        (
            Column("kept_share", "share", share(lambda s: s.kept, lambda s: s.promises)),
            _count("kept", lambda span: span.kept),
            _count("broken", lambda span: span.broken),
        ),
    ),
    Kind("deflection", BARS, (_count("confirmed"), _count("solved"), _count("shown"))),
    Kind(
        "satisfaction",
        LINE,
        (
            Column("pleased_share", "share", share(lambda s: s.told.pleased, _rated)),
            _count("pleased"),
            _count("displeased"),
        ),
    ),
)


def kinds(spans: list[Span]) -> list[Kind]:
    """Return the figures there are: those of money once for each currency that occurs."""
    currencies = sorted({currency for span in spans for currency in span.money})
    return [*KINDS, *(_money(name, each) for each in currencies for name in MONEY)]


MONEY = ("quoted", "accepted", "paid")


def _money(name: str, currency: str) -> Kind:
    def of(wanted: str) -> Column:
        return Column(
            wanted, currency, lambda span: span.money.get(currency, Counter()).get(wanted, 0)
        )

    columns = (of(name), of("refunded")) if name == "paid" else (of(name),)
    return Kind(name, BARS, columns, currency)


def shown(
    spans: list[Span], grouped: list[Span], whole: Span, words: Words
) -> list[dict[str, Any]]:
    """Return every figure of some days ready to be placed."""
    step = step_of(len(spans))
    named = [(_when(each, step, words), _begins(each, step, words), each) for each in grouped]
    return [_shown(kind, spans, named, whole, words) for kind in kinds(spans)]


def _shown(
    kind: Kind, spans: list[Span], named: list[tuple[str, str, Span]], whole: Span, words: Words
) -> dict[str, Any]:
    drawn = kind.columns[0]
    rows = [
        (when, [(each.of(span), each.unit) for each in kind.columns]) for when, _, span in named
    ]
    told = [(when, [say(*value, words) for value in values]) for when, values in rows]
    points = [
        Point(when, values[0][0], texts[0], end)
        for (when, values), (_, texts), (_, end, _) in zip(rows, told, named, strict=True)
    ]
    known = [each.value for each in points if each.value is not None]
    empty = not any(known) if kind.shape == BARS or drawn.unit == "count" else not known
    headline, note = _said(kind, spans, whole, words)
    return {
        "id": kind.id,
        "title": words(f"figures.{kind.name}"),
        "currency": kind.currency,
        "definition": words(f"figures.{kind.name}.means"),
        "headline": headline,
        "note": note,
        "picture": None if empty else _draw(kind, points),
        "head": [words(f"figures.column.{each.name}") for each in kind.columns],
        "rows": told,
    }


def _draw(kind: Kind, points: list[Point]) -> Picture:
    if kind.shape == BARS:
        return pictures.bars(points)
    return pictures.line(points, 1.0 if kind.columns[0].unit == "share" else None)


def _said(kind: Kind, spans: list[Span], whole: Span, words: Words) -> tuple[str, str]:
    """Return a figure's sum, and the sentence beside it."""
    values = {each.name: each.of(whole) for each in kind.columns}
    told = {each.name: say(each.of(whole), each.unit, words) for each in kind.columns}
    drawn = kind.columns[0]
    match kind.name:
        case "first_answer" if values["answered"]:
            note = words("figures.first_answer.note", slowest=told["slowest"])
        case "promise" if whole.promises:
            note = words("figures.promise.note", kept=told["kept"],
                         all=say(whole.promises, "count", words))  # fmt: skip
        case "satisfaction" if whole.ratings:
            note = words("figures.satisfaction.note", pleased=told["pleased"],
                         all=say(whole.ratings, "count", words))  # fmt: skip
        case "deflection":
            helped = confirmed_share(spans)
            note = words("figures.deflection.note", **told)
            return say(helped, "share", words), note if values["shown"] else ""
        case "backlog":
            grown = whole.backlog - (spans[0].backlog - spans[0].told.growth)
            note = words("figures.backlog.note", change=f"{grown:+,}" if grown else "±0")
        case "closed" if values["reopened"]:
            note = words("figures.closed.note", reopened=told["reopened"])
        case "paid" if values["refunded"]:
            note = words("figures.paid.note", refunded=told["refunded"])
        case "opened" | "answered":
            daily = (values[drawn.name] or 0) / len(spans)
            daily_text = format_decimal(round(daily, 1), locale=words.language)
            note = words("figures.daily", count=daily_text)
        case _:
            note = ""
    return told[drawn.name], note


def say(value: Value, unit: str, words: Words) -> str:
    """Return a number as people write what it is of."""
    if value is None:
        return "–"
    if unit == "count":
        return str(format_decimal(int(value), locale=words.language))
    if unit == "share":
        return words("percent", value=round(100 * value))
    if unit == "minutes":
        return _duration(int(value), words)
    return money.shown(int(value), unit, words.language)


def _duration(minutes: int, words: Words) -> str:
    if minutes < 60:
        return words("figures.minutes", minutes=minutes)
    if minutes < 2_880 and minutes % 60 == 0:
        return words("figures.full_hours", hours=minutes // 60)
    if minutes < 2_880:
        return words("figures.hours", hours=minutes // 60, minutes=minutes % 60)
    return words("figures.days", days=minutes // 1_440, hours=minutes % 1_440 // 60)


def step_of(days: int) -> str:
    """Return what so many days are joined to: there would be too many to see."""
    return DAY if days <= DAILY else WEEK if days <= WEEKLY else MONTH


def _when(span: Span, step: str, words: Words) -> str:
    begins = _begins(span, step, words)
    return words("figures.week_of", day=begins) if step == WEEK else begins


#: The parts of a date that are written, by what a picture has a point for.
WRITTEN = {DAY: "MMMd", WEEK: "yMMMd", MONTH: "yMMM"}


def _begins(span: Span, step: str, words: Words) -> str:
    """Return the day, week or month as short as fits under a picture."""
    return str(format_skeleton(WRITTEN[step], span.first, locale=words.language))


def span_said(first: date, last: date, words: Words) -> str:
    ends = (str(format_date(day, "medium", locale=words.language)) for day in (first, last))
    return "–".join(dict.fromkeys(ends))


def sheet(kind: Kind, spans: Iterable[Span]) -> tuple[list[str], list[list[Any]]]:
    """Return a figure's file: a row a day, numbers as programs read them."""
    head = ["day", *(_heading(each) for each in kind.columns)]
    rows = [
        [span.first.isoformat(), *(_plain(c.of(span), c.unit) for c in kind.columns)]
        for span in spans
    ]
    return head, rows


def _heading(column: Column) -> str:
    unit = {"minutes": "_minutes", "count": "", "share": ""}.get(column.unit, f"_{column.unit}")
    return f"{column.name}{unit}"


def _plain(value: Value, unit: str) -> Any:
    if value is None:
        return ""
    if unit in ("count", "minutes"):
        return int(value)
    if unit == "share":
        return round(value, 4)
    return money.written(int(value), money.decimals_of(unit))
