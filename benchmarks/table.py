"""`make bench-table`: write the figures of the last `make bench` into the README, twice."""

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
BEGIN, END = "<!-- figures: made by make bench-table -->", "<!-- end of figures -->"

#: What each part of `make bench` keeps, and how its rows are headed.
PARTS = {
    "results.json": "The page that embeds it, and the server",
    "visitors.json": "What Lighthouse says of the page, the median of five looks",
    "console.json": "The console",
    "suggestions.json": "The assistant",
}

#: Our row among the others, around what a page pays before anybody clicks.
OURS = re.compile(r"^(\| \*\*Ventanilla\*\* [^|]*\|[^|]*\| )[^|]*( \|)", re.M)
BEFORE_A_CLICK = (
    "requests before the first click",
    "loader with its configuration, brotli",
    "script before the first click",
)


def main() -> int:
    kept = {name: HERE / name for name in PARTS}
    missing = [name for name, path in kept.items() if not path.is_file()]
    if missing:
        print(f"No {', '.join(missing)} yet: run `make bench` first.", file=sys.stderr)
        return 1
    parts = {name: json.loads(path.read_text()) for name, path in kept.items()}
    text = put(README.read_text(), render(parts))
    README.write_text(compared(text, parts["results.json"]["figures"]))
    return 0


def render(kept: dict[str, dict[str, Any]]) -> str:
    """Return the table of all parts, with the day and the machine of the last."""
    last = list(kept.values())[-1]
    lines = [f"Measured {last['at']} on {last['machine']}.", "", "| figure | measured | bar |"]
    lines.append("| --- | ---: | ---: |")
    for name, part in kept.items():
        figures = part["figures"]
        lines.append(f"| **{PARTS[name]}** | | |")
        lines += map(_row, _widest(figures) if name == "console.json" else figures)
    return "\n".join(lines)


def put(text: str, table: str) -> str:
    """Return ``text`` with the table between its marks; raise ValueError if they are not there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The README has no section between {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def compared(text: str, figures: list[dict[str, Any]]) -> str:
    """Return ``text`` with what a page pays before a click in our row among the others."""
    of = {figure["name"]: figure["value"] for figure in figures}
    requests, size, script = (of[name] for name in BEFORE_A_CLICK)
    pays = f"{requests:.0f}, {size / 1_000:.1f} kB, {script:.0f} ms"
    text, found = OURS.subn(rf"\g<1>{pays}\g<2>", text)
    if found != 1:
        raise ValueError("The README has no row of ours, or several, where it compares.")
    return text


def _widest(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return, for each database, its slowest page and what grew most: 35 rows say no more."""
    found = []
    for engine in dict.fromkeys(figure["name"].split(",")[0] for figure in figures):
        own = [figure for figure in figures if figure["name"].startswith(f"{engine},")]
        times = [float(re.search(r"\(([\d.]+) ms\)", figure["name"])[1]) for figure in own]
        grown = max(own, key=lambda figure: figure["value"])
        met = sum(figure["ok"] for figure in own)
        found += [
            {"name": f"{engine}, 100,000 tickets: slowest of {len(own)} pages", "value": max(times),
             "unit": "ms", "bar": None, "ok": True},
            grown | {"name": f"{engine}: their time ÷ at 1,000 tickets, largest ({met} met it)"},
        ]  # fmt: skip
    return found


def _row(figure: dict[str, Any]) -> str:
    value = figure["value"]
    number = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    unit = "" if figure["unit"] == "ratio" else f" {figure['unit']}".rstrip()
    bar = "" if figure["bar"] is None else f"{figure['sign']} {figure['bar']:,g}"
    missed = "" if figure["ok"] else ", missed"
    return f"| {figure['name']} | {number}{unit} | {bar}{missed} |"


if __name__ == "__main__":
    sys.exit(main())
