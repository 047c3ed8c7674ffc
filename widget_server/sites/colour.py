"""Text that can be read on any accent a site picks (WCAG 2.2, 1.4.3), as the window has it."""

import re

from .look import DEFAULTS

#: Text stands on grounds tinted with the accent, too; with this on the plain one they all keep 4.5.
ENOUGH = 5.4


def known(accent: str | None) -> str:
    """Return ``accent``, or ours if it is no colour."""
    ours: str = DEFAULTS["look"]["accent"]
    return accent if accent and re.fullmatch("#[0-9a-fA-F]{6}", accent) else ours


def text_on(colour: str) -> str:
    """Return black or white, whichever reads better on ``colour``; one of them always has 4.5."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(colour, ink))


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
