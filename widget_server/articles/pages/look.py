"""The pages' stylesheet in a site's colours, readable whatever accent it picked."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ...sites.look import DEFAULTS

SHEET = (Path(__file__).parent / "web" / "help.css").read_text("utf-8")

#: Grounds the accent is read on as text.
LIGHT, DARK = "#ffffff", "#15171d"
ENOUGH = 4.6


class Look(NamedTuple):
    css: str
    version: str


@lru_cache(maxsize=256)
def sheet(accent: str | None, theme: str | None) -> Look:
    """Return the stylesheet for an accent and a theme: ``auto``, ``light`` or ``dark``."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", accent or ""):
        accent = DEFAULTS["look"]["accent"]
    assert accent is not None
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
    LIGHT: "--page: #ffffff; --sunken: #f5f6f8; --ink: #191c23; --soft: #565d6d; --line: #e2e5ea;",
    DARK: "--page: #15171d; --sunken: #1d2028; --ink: #eceef3; --soft: #a5acba; --line: #323744;",
}


def _colours(accent: str, ground: str) -> str:
    on = "#000000" if contrast(accent, "#000000") > contrast(accent, "#ffffff") else "#ffffff"
    link = readable(accent, ground)
    return f"{GROUNDS[ground]} --accent: {accent}; --on-accent: {on}; --link: {link};"


def readable(colour: str, ground: str) -> str:
    """Return ``colour``, moved away from ``ground`` until text in it can be read."""
    away = 0 if luminance(ground) > 0.5 else 255
    parts = _parts(colour)
    for step in range(21):
        mixed = [round(part + (away - part) * step / 20) for part in parts]
        shade = "#" + "".join(f"{part:02x}" for part in mixed)
        if contrast(shade, ground) >= ENOUGH:
            break
    return shade


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG counts it, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
