"""A figure, its bar, and whether it is met."""

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    bar: float
    ok: bool
    sign: str


def at_least(name: str, value: float, unit: str, bar: float) -> Figure:
    return Figure(name, round(value, 3), unit, bar, value >= bar, "≥")


def at_most(name: str, value: float, unit: str, bar: float) -> Figure:
    return Figure(name, round(value, 3), unit, bar, value <= bar, "≤")


def report(figures: Iterator[Figure], file: Path) -> bool:
    """Print each figure as it comes, write them all down; return whether every bar is met."""
    done = []
    for figure in figures:
        verdict = "ok" if figure.ok else "MISSED"
        number = f"{figure.value:,.3f}".rstrip("0").rstrip(".")
        print(f"{figure.name:<58} {number:>10} {figure.unit:<6} {figure.bar:>8,g}  {verdict}")
        done.append(figure)
    keep(done, file)
    return all(figure.ok for figure in done)


def keep(done: list[Figure], file: Path) -> None:
    """Write figures down with the day and the machine."""
    told = {
        "at": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "figures": [asdict(figure) for figure in done],
    }
    file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")


def machine() -> str:
    """Return what a reader has to know of this machine to judge its figures."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    system = f"{platform.system()}, Python {platform.python_version()}"
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores of {name}, shared with other work (load {load:.1f}), {system}"
