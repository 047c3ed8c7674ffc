"""How a site looks, as a form: what is shown, what was typed, and what it means."""

from collections.abc import Mapping
from typing import Any

from ...errors import Invalid
from ...sites import look
from ...sites.colour import contrast, readable, text_on
from ...sites.look import LANGUAGES, ORIGINS, complete
from ...sites.look import NAME as NAME
from ...sites.models import Site
from ...sites.service import clean_origin, clean_origins

#: What the accent is read on as text, in the window's two schemes.
GROUNDS = {"light": "#ffffff", "dark": "#1b1e26"}

#: What WCAG asks of text.
ENOUGH = 4.5

SINGLE = (
    "name", "origins", "accent", "radius", "position", "offset_x", "offset_y", "theme",
    "default_language", "logo",
)  # fmt: skip

#: The name of a language in itself.
SPOKEN = {
    "es": "Español", "it": "Italiano", "en": "English",
    "fr": "Français", "de": "Deutsch", "pt": "Português",
}  # fmt: skip


def form(site: Site) -> dict[str, Any]:
    full = complete(site.settings)
    chosen = full["look"]
    return {
        "name": site.name,
        "origins": "\n".join(site.origins),
        **{name: chosen[name] for name in ("accent", "radius", "position", "theme")},
        "offset_x": chosen["offset"][0],
        "offset_y": chosen["offset"][1],
        "logo": chosen["logo"] or "",
        "default_language": full["default_language"],
        "written": full["languages"],
        "label": {code: full["labels"].get(code, "") for code in LANGUAGES},
        "greeting": {code: full["greeting"].get(code, "") for code in LANGUAGES},
    }


def typed(sent: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form sent, ready to be shown again as it was typed."""
    values: dict[str, Any] = {name: sent.get(name, "")[:4_000] for name in SINGLE}
    for name in ("label", "greeting"):
        values[name] = {code: sent.get(f"{name}-{code}", "")[:500] for code in LANGUAGES}
    values["written"] = [code for code in LANGUAGES if sent.get(f"written-{code}")]
    return values


def read(site: Site, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return name, origins and settings of a site; :exc:`Invalid` names each field at fault."""
    faults: dict[str, Any] = {}
    name = " ".join(typed["name"].split())
    if not 0 < len(name) <= NAME:
        faults["name"] = [name]
    origins: list[str] = []
    try:
        origins = read_origins(typed["origins"])
    except Invalid as error:
        faults |= error.details["fields"]
    offset = [_number(typed["offset_x"]), _number(typed["offset_y"])]
    settings = site.settings | {
        "default_language": typed["default_language"],
        # Help is always written in the language that stands in for the others.
        "languages": [
            code for code in LANGUAGES if code in {*typed["written"], typed["default_language"]}
        ],
        "labels": _said(typed["label"]),
        "greeting": _said(typed["greeting"]),
        "look": complete(site.settings)["look"]
        | {
            "accent": typed["accent"].strip().lower(),
            "radius": _number(typed["radius"]),
            "position": typed["position"],
            "offset": offset,
            "theme": typed["theme"],
            "logo": typed["logo"].strip() or None,
        },
    }
    try:
        look.check(settings)
    except Invalid as error:
        faults |= error.details["fields"]
    if faults:
        raise Invalid(fields=faults)
    return {"name": name, "origins": origins, "settings": settings}


def read_origins(text: str) -> list[str]:
    """Return the origins of a text, one a line; :exc:`Invalid` names the line that is none."""
    lines = text.split()
    if not lines or len(lines) > ORIGINS:
        raise Invalid(fields={"origins": [""]})
    for line in lines:
        clean_origin(line)
    return clean_origins(lines)


def draft(site: Site, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the part of unsaved settings a preview needs."""
    parts = ("default_language", "labels", "greeting", "look")
    return {name: complete(settings)[name] for name in parts} | {"name": site.name}


def contrasts(accent: str) -> list[dict[str, Any]]:
    """Return where the accent is read or read on, in which colours, and how well."""
    on = text_on(accent)
    shown = [_shown("button", on, accent, accent, on)]
    for name, ground in GROUNDS.items():
        shown.append(_shown(name, readable(accent, ground), ground, accent, accent))
    return shown


def _shown(name: str, ink: str, ground: str, accent: str, plain: str) -> dict[str, Any]:
    poor = contrast(plain, ground)
    return {
        "name": name,
        "ink": ink,
        "ground": ground,
        "ratio": round(contrast(ink, ground), 1),
        "changed": ink != plain and poor < ENOUGH,
        "poor": round(poor, 1),
    }


def _number(text: Any) -> int:
    text = str(text).strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: " ".join(text.split()) for code, text in texts.items() if text.strip()}
