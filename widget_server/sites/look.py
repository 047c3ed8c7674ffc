"""How a site looks and what it asks, with a sensible value for everything left open."""

import re
from typing import Any

from ..errors import Invalid
from . import beginnings

#: Limits of a request, the same for every site: they are part of the contract with the panel.
FILES, TITLE, BODY = 3, 200, 10_000

#: Characters of a site's name, and its origins at most.
NAME, ORIGINS = 60, 30

#: The languages of the window, in the order they are offered.
LANGUAGES = ("es", "it", "en", "fr", "de", "pt")

POSITIONS, THEMES = ("end", "start"), ("auto", "light", "dark")

#: Pixels a corner may be round and the button away from it; characters of a label and a greeting.
ROUNDEST, FARTHEST, LABEL, GREETING = 28, 200, 40, 140

#: The address of a logo: its host also stands in policies, so it is held to what a host may be.
PICTURE = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/\S*)?")

#: Extensions offered in the file dialog. The server judges by content, see ``attachments``.
ACCEPT = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp",
    ".pdf", ".doc", ".docx", ".odt", ".rtf",
    ".zip", ".7z", ".rar", ".gz", ".tar",
)  # fmt: skip

DEFAULTS: dict[str, Any] = {
    "languages": ["es", "en"],
    "default_language": "es",
    "labels": {},
    "greeting": beginnings.GREETING,
    "look": {
        "accent": "#2454d6",
        "radius": 12,
        "position": "end",
        "offset": [20, 20],
        "theme": "auto",
        "logo": None,
    },
    "contact": {"email": None, "answer_hours": 24, "answer_calendar": None},
    "calendars": [],
    "channels": [],
    "orders": {
        "currency": "EUR",
        "rate": 2_100,
        "validity_days": 30,
        "lead_days": 10,
        "calendar": None,
        "seller": "",
        "terms": "",
    },
    #: ``address``: mail to it opens tickets if ``opens``; ``confirm``: visitors prove theirs first.
    "mail": {"address": None, "opens": True, "category": None, "confirm": False},
    #: Days after closing that tickets and files are kept, None for good; see ``retention``.
    "retention": {
        "tickets_days": None,
        "files_days": None,
        "orders_years": 10,
        "begins_at": None,
    },
}

#: Settings that are groups, each completed by itself.
GROUPS = {"look", "contact", "mail", "orders", "retention"}


def complete(settings: dict[str, Any]) -> dict[str, Any]:
    """Return ``settings`` with defaults for what is missing, one level deep."""
    full = dict(DEFAULTS)
    for name, value in settings.items():
        default: dict[str, Any] = DEFAULTS.get(name) or {}
        full[name] = {**default, **value} if name in GROUPS else value
    return full


def check(settings: dict[str, Any]) -> None:
    """Raise :exc:`Invalid` naming what is wrong with how a site is to look and speak."""
    full = complete(settings)
    chosen, faults = full["look"], {}
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", str(chosen["accent"])):
        faults["accent"] = "A colour such as #2454d6."
    if not _within(chosen["radius"], ROUNDEST):
        faults["radius"] = f"A whole number from 0 to {ROUNDEST}."
    if chosen["position"] not in POSITIONS:
        faults["position"] = f"One of {', '.join(POSITIONS)}."
    offset = chosen["offset"]
    if not (len(offset) == 2 and all(_within(each, FARTHEST) for each in offset)):
        faults["offset"] = f"Two whole numbers from 0 to {FARTHEST}."
    if chosen["theme"] not in THEMES:
        faults["theme"] = f"One of {', '.join(THEMES)}."
    if chosen["logo"] and not PICTURE.fullmatch(str(chosen["logo"])):
        faults["logo"] = "The address of a picture, such as https://www.example.com/logo.png."
    if full["default_language"] not in LANGUAGES:
        faults["default_language"] = f"One of {', '.join(LANGUAGES)}."
    for name, most in (("labels", LABEL), ("greeting", GREETING)):
        if any(len(str(text)) > most for text in full[name].values()):
            faults[name] = f"At most {most} characters."
    if faults:
        raise Invalid(fields={name: [text] for name, text in faults.items()})


def _within(value: Any, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def complete_category(category: dict[str, Any]) -> dict[str, Any]:
    return {"icon": "chat", "hint": {}, "notice": None, "fields": []} | category
