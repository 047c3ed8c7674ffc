"""What the help pages say around the articles, in each language."""

import json
from functools import cache
from pathlib import Path

from babel.dates import format_date

from ...clock import parse

FOLDER = Path(__file__).parent / "locales"

#: Languages by the name they have for themselves.
NAMES = {
    "es": "Español",
    "it": "Italiano",
    "en": "English",
    "fr": "Français",
    "de": "Deutsch",
    "pt": "Português",
}


class Words:
    """Says things in one language. A missing text is an error, never an empty page."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._texts: dict[str, str] = json.loads((FOLDER / f"{locale}.json").read_text("utf-8"))

    def __call__(self, key: str, **values: object) -> str:
        return self._texts[key].format(**values) if values else self._texts[key]

    def day(self, at: str) -> str:
        return str(format_date(parse(at), "long", locale=self.locale))


@cache
def words(locale: str) -> Words:
    return Words(locale)
