"""What letters about quotes and orders tell, as their reader writes sums and days."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from ..money import shown

DAYS = ("delivery", "valid_until")


def told(facts: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return the facts of an order's event as texts."""
    texts: dict[str, str] = {}
    for name, value in facts.items():
        if value and name == "total":
            texts[name] = shown(value[0], value[1], language)
        elif value and name in DAYS:
            texts[name] = str(format_date(date.fromisoformat(value), "full", locale=language))
        elif value:
            texts[name] = str(value)
    return texts
