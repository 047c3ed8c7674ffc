"""The pages' stylesheet in a site's colours, readable whatever accent it picked."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ...sites import colour

SHEET = (Path(__file__).parent / "web" / "help.css").read_text("utf-8")

#: Grounds the accent is read on as text.
LIGHT, DARK = "#ffffff", "#15171d"


class Look(NamedTuple):
    css: str
    version: str


@lru_cache(maxsize=256)
def sheet(accent: str | None, theme: str | None) -> Look:
    """Return the stylesheet for an accent and a theme: ``auto``, ``light`` or ``dark``."""
    accent = colour.known(accent)
    light = f"{_colours(accent, LIGHT)} color-scheme: light;"
    dark = f"{_colours(accent, DARK)} color-scheme: dark;"
    match theme:
        case "light":
            head = f":root {{ {light} }}"
        case "dark":
            head = f":root {{ {dark} }}"
        case _:
            head = (
                f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
            )
    css = f"{head}\n{SHEET}"
    return Look(css, hashlib.sha256(css.encode()).hexdigest()[:12])


GROUNDS = {
    LIGHT: "--page: #ffffff; --sunken: #f5f6f8; --ink: #191c23; --soft: #565d6d; --line: #e2e5ea;"
    " --bad: #b3261e;",
    DARK: "--page: #15171d; --sunken: #1d2028; --ink: #eceef3; --soft: #a5acba; --line: #323744;"
    " --bad: #ff9d94;",
}


def _colours(accent: str, ground: str) -> str:
    on, link = colour.text_on(accent), colour.readable(accent, ground)
    return f"{GROUNDS[ground]} --accent: {accent}; --on-accent: {on}; --link: {link};"
