"""What a core install brings along: the distributions `pyproject.toml` asks for, without extras."""

import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def core() -> dict[str, Distribution]:
    """Return every distribution a core install has beside ours, by its name."""
    found: dict[str, Distribution] = {}
    wanted = tomllib.loads(PROJECT.read_text())["project"]["dependencies"]
    while wanted:
        needed = Requirement(wanted.pop())
        name = needed.name.lower().replace("_", "-")
        if name in found or not _meant(needed):
            continue
        found[name] = distribution(name)
        wanted += found[name].requires or []
    return found


def megabytes(distributions: dict[str, Distribution]) -> float:
    """Return what their files take, less what Python compiles for itself."""
    files = [
        Path(str(file.locate()))
        for each in distributions.values()
        for file in each.files or []
        if file.suffix != ".pyc"
    ]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1_000_000


def _meant(needed: Requirement) -> bool:
    return needed.marker is None or needed.marker.evaluate({"extra": ""})
