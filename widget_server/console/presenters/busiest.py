"""When requests come and what they are about, of some days together."""

from collections import Counter
from typing import Any

from ...figures.days import hours
from ...figures.service import Span
from ..language import Words
from . import pictures
from .figures import say
from .pictures import Point

#: Categories shown by name; the table has all.
BUSIEST = 8


def busiest_hours(whole: Span, words: Words) -> dict[str, Any]:
    """Return when requests come: a bar for each hour of the day."""
    counts = [whole.told.hours.get(hour, 0) for hour in hours()]
    points = [
        Point(f"{hour}:00", count, say(count, "count", words))
        for hour, count in zip(hours(), counts, strict=True)
    ]
    most = max(range(24), key=lambda hour: counts[hour])
    return {
        "id": "hours",
        "title": words("figures.busy_hours"),
        "definition": words("figures.busy_hours.means"),
        "headline": f"{most:02}:00–{(most + 1) % 24:02}:00" if any(counts) else "–",
        "note": _part(counts[most], whole, words),
        "picture": pictures.bars(points) if any(counts) else None,
        "head": [words("figures.column.opened")],
        "rows": [(point.when, [point.text]) for point in points],
    }


def busiest_categories(whole: Span, names: dict[str, str], words: Words) -> dict[str, Any]:
    """Return what requests are about, the most frequent first."""
    told = Counter[str]()
    for category, count in whole.told.categories.items():
        told[names.get(category) or words("figures.no_category")] += count
    ranked = told.most_common()
    most = ranked[0][1] if ranked else 0
    return {
        "id": "categories",
        "title": words("figures.busy_categories"),
        "definition": words("figures.busy_categories.means"),
        "headline": ranked[0][0] if ranked else "–",
        "note": _part(most, whole, words),
        "ranks": [
            {"name": name, "text": say(count, "count", words), "width": 100 * count / most}
            for name, count in ranked[:BUSIEST]
        ],
        "head": [words("figures.column.opened")],
        "rows": [(name, [say(count, "count", words)]) for name, count in ranked],
    }


def _part(count: int, whole: Span, words: Words) -> str:
    if not count:
        return ""
    return words("figures.part", share=say(count / whole.told.opened, "share", words))
