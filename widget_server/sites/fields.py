"""The extra fields of a category, as an administrator may define them."""

import re
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from ..errors import Invalid

TYPES = ("text", "long", "choice", "number", "url", "date", "order")
TONES = ("info", "warning", "outage")

FIELDS, OPTIONS, PATTERN = 12, 60, 200

_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT}


def check(category: dict[str, Any]) -> None:
    """Raise :exc:`Invalid` naming what is wrong with a category's fields or notice."""
    fields = category.get("fields") or []
    if len(fields) > FIELDS:
        raise Invalid(fields={"fields": [f"At most {FIELDS}."]})
    keys = [str(field.get("key", "")) for field in fields]
    for field, key in zip(fields, keys, strict=True):
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", key) or keys.count(key) > 1:
            raise Invalid(fields={"key": [f"{key!r} must be small letters, each key once."]})
        if field.get("type") not in TYPES:
            raise Invalid(fields={f"{key}.type": [f"One of {', '.join(TYPES)}."]})
        if not isinstance(field.get("label"), dict) or not field["label"]:
            raise Invalid(fields={f"{key}.label": ["Say what is asked for."]})
        if field["type"] == "choice" and not 0 < len(field.get("options") or []) <= OPTIONS:
            raise Invalid(fields={f"{key}.options": [f"From 1 to {OPTIONS} options."]})
        if field.get("pattern"):
            _check_pattern(f"{key}.pattern", str(field["pattern"]))
    notice = category.get("notice")
    if notice and notice.get("tone") not in TONES:
        raise Invalid(fields={"notice.tone": [f"One of {', '.join(TONES)}."]})


def _check_pattern(name: str, pattern: str) -> None:
    if len(pattern) > PATTERN:
        raise Invalid(fields={name: [f"At most {PATTERN} characters."]})
    try:
        parsed = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise Invalid(fields={name: [f"This pattern cannot be read: {error}."]}) from error
    if _slow(parsed):
        raise Invalid(
            fields={name: ["A repetition inside a repetition may take for ever; write it flat."]}
        )


def _slow(parsed: Any, repeated: bool = False) -> bool:
    """May matching take longer than the text is long? Refuses more than it must, never less.

    What makes backtracking explode is a choice within a repetition: another repetition, a branch,
    or a reference to a group.
    """
    for code, arguments in parsed:
        if code in _REPEATS:
            low, high, inner = arguments
            varies = low != high and high > 1
            if (repeated and low != high) or _slow(inner, repeated or varies):
                return True
        elif code in (codes.BRANCH, codes.GROUPREF, codes.GROUPREF_EXISTS):
            if repeated or code is not codes.BRANCH:
                return True
            if any(_slow(branch, repeated) for branch in arguments[1]):
                return True
        elif code is codes.SUBPATTERN:
            if _slow(arguments[-1], repeated):
                return True
        elif code in (codes.ASSERT, codes.ASSERT_NOT) and _slow(arguments[1], repeated):
            return True
    return False
