"""Pictures drawn by the server: one line or some bars over a baseline, labelled where they are.

Across they are measured in percent, so that letters keep their size while the picture grows; up
and down in pixels. Nothing is styled inline: colours and weights are the style sheet's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

#: Pixels from the top: where the highest point is, the baseline, and the whole picture.
TOP, BASE, HEIGHT = 28, 136, 160

#: The part of its slot a bar takes, and how many bars are all labelled.
FILLED, LABELLED = 0.72, 7

#: Labels nearer than this, in percent, would touch; and how far one reaches.
APART, REACH = 22.0, 12.0

#: Percent from an edge within which a label begins or ends at its place, rather than around it.
EDGE = 12.0


#: Percent from the left, pixels from the top; ``None`` where there is no value.
Place = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Point:
    """One value: ``when`` it was, its own words, and what is written under the picture's ends."""

    when: str
    value: float | None
    text: str
    end: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A value written beside what it is of."""

    x: str
    y: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    y: float
    width: str
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight piece of a line."""

    x1: str
    y1: float
    x2: str
    y2: float


@dataclass(slots=True)
class Picture:
    """What the template places."""

    labels: list[Label]
    bars: list[Bar] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    dots: list[tuple[str, float]] = field(default_factory=list)
    ends: tuple[str, str] = ("", "")
    base: int = BASE
    height: int = HEIGHT


def bars(points: list[Point]) -> Picture:
    """Draw a bar for each value; the highest is labelled, and all where there are few."""
    most = max((each.value or 0 for each in points), default=0)
    slot = 100 / len(points)
    drawn, labels = [], []
    for nth, each in enumerate(points):
        tall = _tall(each.value, most)
        left, middle = slot * (nth + (1 - FILLED) / 2), slot * (nth + 0.5)
        title = f"{each.when}: {each.text}"
        drawn.append(Bar(_percent(left), BASE - tall, _percent(slot * FILLED), tall, title))
        if each.value and len(points) <= LABELLED:
            labels.append(_label(middle, BASE - tall, each.text))
    if not labels:
        labels = [
            _label(slot * (nth + 0.5), BASE - _tall(points[nth].value, most), points[nth].text)
            for nth in _highest(points)
        ]
    return Picture(labels, bars=drawn, ends=_ends(points))


def line(points: list[Point], most: float | None = None) -> Picture:
    """Draw a line through the values; it is broken where there is none.

    ``most``: the value at the top, if that is not the highest there is.
    """
    top = most or max((each.value or 0 for each in points), default=0)
    places = list(_places(points, top))
    strokes = [
        Stroke(_percent(a[0]), a[1], _percent(b[0]), b[1])
        for a, b in pairwise(places)
        if a and b
    ]  # fmt: skip
    known = [nth for nth, place in enumerate(places) if place]
    chosen = known[-1:]
    for nth in _highest(points):
        if chosen and abs(_x(nth, points) - _x(chosen[0], points)) >= APART:
            chosen.append(nth)
    labels = [
        _label(place[0], _above(place, places), points[n].text)
        for n in chosen
        if (place := places[n])
    ]
    # A value whose neighbours have none would not be seen without.
    alone = [n for n in known if not any(place for place in _beside(places, n))]
    dots = [(_percent(place[0]), place[1]) for n in {*chosen, *alone} if (place := places[n])]
    return Picture(labels, strokes=strokes, dots=dots, ends=_ends(points))


def _places(points: list[Point], top: float) -> Iterator[Place]:
    for nth, each in enumerate(points):
        yield None if each.value is None else (_x(nth, points), BASE - _tall(each.value, top))


def _above(place: tuple[float, float], places: list[Place]) -> float:
    """Return how high the line goes where a place's label will be, so that it is not crossed."""
    x = place[0]
    before = 0.0 if x < EDGE else REACH if x > 100 - EDGE else REACH / 2
    after = REACH - before
    return min(each[1] for each in places if each and x - before <= each[0] <= x + after)


def _beside(places: list[Place], nth: int) -> list[Place]:
    return [places[n] for n in (nth - 1, nth + 1) if 0 <= n < len(places)]


def _x(nth: int, points: list[Point]) -> float:
    # Half a percent is left at both ends for the line's own width.
    return 50.0 if len(points) == 1 else 0.5 + 99 * nth / (len(points) - 1)


def _tall(value: float | None, most: float) -> float:
    """Return the height of a value; what is more than nothing is seen."""
    if not value or value < 0 or not most:
        return 0
    return round(max(2.0, (BASE - TOP) * value / most), 1)


def _highest(points: list[Point]) -> list[int]:
    values = [(each.value, -nth) for nth, each in enumerate(points) if each.value]
    return [-max(values)[1]] if values else []


def _label(x: float, y: float, text: str) -> Label:
    anchor = "start" if x < EDGE else "end" if x > 100 - EDGE else "middle"
    edge = {"start": max(0.0, x - 1), "end": min(100.0, x + 1)}.get(anchor, x)
    return Label(_percent(edge), int(y) - 8, anchor, text)


def _ends(points: list[Point]) -> tuple[str, str]:
    first, last = (each.end or each.when for each in (points[0], points[-1]))
    return first, last if len(points) > 1 else ""


def _percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"
