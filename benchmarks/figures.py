"""A figure, its bar, and whether it is met."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    bar: float
    ok: bool


def at_least(name: str, value: float, unit: str, bar: float) -> Figure:
    return Figure(name, round(value, 3), unit, bar, value >= bar)


def at_most(name: str, value: float, unit: str, bar: float) -> Figure:
    return Figure(name, round(value, 3), unit, bar, value <= bar)


def report(figures: Iterator[Figure], file: Path) -> bool:
    """Print each figure as it comes, write them all down; return whether every bar is met."""
    done = []
    for figure in figures:
        verdict = "ok" if figure.ok else "MISSED"
        number = f"{figure.value:,.3f}".rstrip("0").rstrip(".")
        print(f"{figure.name:<58} {number:>10} {figure.unit:<6} {figure.bar:>8,g}  {verdict}")
        done.append(figure)
    file.write_text(json.dumps([asdict(figure) for figure in done], indent=2) + "\n")
    return all(figure.ok for figure in done)
