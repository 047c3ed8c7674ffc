"""The extra fields a category asks for, checked by the same rules as in the panel."""

import re
from datetime import date
from typing import Any

from ..errors import Invalid
from ..sites.models import Category
from ..text import split_address
from ..wire import UNUSABLE

LONGEST = {"text": 200, "long": 4_000, "url": 2_000, "order": 60, "number": 40}


def check(category: Category | None, given: dict[str, Any]) -> dict[str, str]:
    """Return the answers as texts by field key.

    Raises :exc:`Invalid` naming each field that is missing, unknown or wrong.
    """
    asked = {field["key"]: field for field in (category.fields if category else [])}
    faults = {key: ["Not asked for."] for key in given if key not in asked}
    answers: dict[str, str] = {}
    for key, field in asked.items():
        value = str(given.get(key) if given.get(key) is not None else "").strip()
        fault = _fault(field, value)
        if fault:
            faults[key] = [fault]
        elif value:
            answers[key] = value
    if faults:
        raise Invalid(fields={"fields": faults})
    return answers


def _fault(field: dict[str, Any], value: str) -> str | None:
    if not value:
        return "Fill this in." if field.get("required") else None
    most = field.get("max_length") or LONGEST.get(field["type"], 200)
    if len(value) > most:
        return f"At most {most} characters."
    if UNUSABLE.search(value):
        return "Contains characters that cannot be stored."
    match field["type"]:
        case "choice" if value not in {option["value"] for option in field.get("options", [])}:
            return "Pick one of the options."
        case "number" if not re.fullmatch(r"-?\d+([.,]\d+)?", value):
            return "Write a number."
        case "url" if not _is_address(value):
            return "Write an address that starts with https://."
        case "date":
            try:
                date.fromisoformat(value)
            except ValueError:
                return "Write a date as 2026-11-23."
    if field.get("pattern") and not re.fullmatch(field["pattern"], value):
        return "This does not look right."
    return None


def _is_address(text: str) -> bool:
    parts = split_address(text)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def labelled(
    category: Category | None, answers: dict[str, str], language: str
) -> list[dict[str, str]]:
    """Return the answers with their labels, in the order they were asked.

    What the category no longer asks for, or never did because it is another one by now, was
    answered all the same: it comes last, under its key.
    """
    shown, others = [], dict(answers)
    for field in category.fields if category else []:
        value = others.pop(field["key"], None)
        if value is None:
            continue
        for option in field.get("options", []):
            if option["value"] == value:
                value = _in(option["label"], language) or value
        shown.append({"label": _in(field["label"], language) or field["key"], "value": value})
    for key, value in others.items():
        shown.append({"label": key.replace("_", " ").capitalize(), "value": value})
    return shown


def _in(texts: dict[str, str], language: str) -> str | None:
    return texts.get(language) or next(iter(texts.values()), None)
