"""What documents say, in the six languages of those who read them."""

import json
from datetime import date, tzinfo
from functools import cache
from pathlib import Path

from ..clock import parse

FOLDER = Path(__file__).parent / "locales"
LANGUAGES = ("es", "it", "en", "fr", "de", "pt")


@cache
def words(language: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return texts


def day(day: date, language: str) -> str:
    from babel.dates import format_date  # Like all of babel, for those who draw a document.

    return str(format_date(day, "medium", locale=language))


def moment(at: str, zone: tzinfo, language: str) -> str:
    from babel.dates import format_datetime

    return str(format_datetime(parse(at), "medium", tzinfo=zone, locale=language))
