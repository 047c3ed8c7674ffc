"""A category as a form, and back."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from ...errors import Invalid
from ...sites.look import LANGUAGES
from ...sites.models import Category

NEW = "new"

#: Stands for a name without letters of the alphabet.
NAMELESS = "field"

#: What the panel can draw.
ICONS = ("chat", "bug", "plug", "wrench", "box", "card", "info", "mail", "phone", "clock")

#: Empty fields offered below the ones there are.
SPARE = 1


def form(category: Category | None) -> dict[str, Any]:
    """Return a category as it stands in the form; ``None`` is an empty one."""
    notice = (category.notice if category else None) or {}
    return {
        "icon": category.icon if category else "chat",
        "name": _texts(category.name if category else {}),
        "hint": _texts(category.hint if category else {}),
        "notice": _texts(notice.get("text") or {}),
        "tone": notice.get("tone") or "info",
        "from": notice.get("from") or "",
        "until": notice.get("until") or "",
        "fields": [_field(field) for field in (category.fields if category else [])]
        + [_field({"type": "text"})] * SPARE,
    }


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: texts.get(language, "") for language in LANGUAGES}


def _field(field: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": field.get("key", ""),
        "type": field["type"],
        "label": _texts(field.get("label") or {}),
        "help": _texts(field.get("help") or {}),
        "required": bool(field.get("required")),
        "pattern": field.get("pattern") or "",
        "options": ", ".join(_shown(option) for option in field.get("options") or []),
    }


def typed(sent: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields as they were sent, to be shown again if they are refused."""
    rows = sorted(
        int(match[1]) for name in sent if (match := re.fullmatch(r"type-(\d{1,2})", name))
    )

    def texts(name: str, most: int) -> dict[str, str]:
        return {each: sent.get(f"{name}-{each}", "").strip()[:most] for each in LANGUAGES}

    return {
        "icon": sent.get("icon", "chat"),
        "name": texts("name", 60),
        "hint": texts("hint", 120),
        "notice": texts("notice", 1_000),
        "tone": sent.get("tone", "info"),
        "from": sent.get("from", "")[:10],
        "until": sent.get("until", "")[:10],
        "fields": [
            {
                "key": sent.get(f"key-{row}", "")[:40],
                "type": sent.get(f"type-{row}", ""),
                "label": texts(f"label-{row}", 80),
                "help": texts(f"help-{row}", 160),
                "required": f"required-{row}" in sent,
                "pattern": sent.get(f"pattern-{row}", "").strip()[:400],
                "options": sent.get(f"options-{row}", "")[:4_000],
            }
            for row in rows
        ],
    }


def read(fields: dict[str, Any], former: Category | None = None) -> dict[str, Any]:
    """Return the category the form describes. Raises :exc:`Invalid` if it has no name.

    ``former``: as it stood; what the form does not show of its fields stays.
    """
    stood = {field["key"]: field for field in (former.fields if former else [])}
    name = _filled(fields["name"])
    if not name:
        raise Invalid(fields={"name": ["Give it a name."]})
    notice = _filled(fields["notice"])
    return {
        "icon": fields["icon"] if fields["icon"] in ICONS else "chat",
        "name": name,
        "hint": _filled(fields["hint"]),
        "notice": {
            "tone": fields["tone"],
            "text": notice,
            **{end: fields[end] for end in ("from", "until") if fields[end]},
        }
        if notice
        else None,
        "fields": [
            _asked(each, stood.get(each["key"], {}))
            for each in fields["fields"]
            if _filled(each["label"])
        ],
    }


def _asked(field: dict[str, Any], former: dict[str, Any]) -> dict[str, Any]:
    label = _filled(field["label"])
    asked = {
        "key": field["key"] or slug(next(iter(label.values()))),
        "type": field["type"],
        "label": label,
        "required": field["required"],
    }
    if _filled(field["help"]):
        asked["help"] = _filled(field["help"])
    if field["pattern"]:
        asked["pattern"] = field["pattern"]
    if former.get("max_length"):
        asked["max_length"] = former["max_length"]
    if field["type"] == "choice":
        asked["options"] = _options(field["options"], label, former.get("options") or [])
    return asked


def _options(
    text: str, languages: Mapping[str, str], former: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the options that were typed, each with a value of its own.

    One that stood there keeps its value, which requests were answered with, and its languages.
    """
    stood = {_shown(option): option for option in former}
    names = dict.fromkeys(part.strip() for part in text.split(",") if part.strip())
    taken = {option["value"] for option in former}
    options = []
    for name in names:
        option = stood.get(name)
        if option is None:
            value = slug(name)
            # What no letters are left of, and what others are called too, stands for itself.
            value = name if value in taken or value == NAMELESS else value
            option = {"value": value, "label": dict.fromkeys(languages, name)}
        taken.add(option["value"])
        options.append(option)
    return options


def _shown(option: dict[str, Any]) -> str:
    return str(next(iter((option.get("label") or {}).values()), option["value"]))


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}


def slug(text: str) -> str:
    """Return small letters, digits and underscores that stand for a name."""
    plain = unicodedata.normalize("NFD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].lstrip("0123456789_") or NAMELESS
