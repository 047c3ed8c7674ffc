"""The console's words: catalogs of texts, and how times, sizes and counts are said."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.core import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.numbers import format_decimal

from ..clock import parse, utcnow
from ..sites.look import LANGUAGES

FOLDER = Path(__file__).parent / "locales"
DAY = 86_400


@cache
def catalog(language: str) -> dict[str, str]:
    """Return every text of a language by its key."""
    texts: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return texts


def supported(locale: str | None) -> str | None:
    """Return the language of the console that ``locale`` asks for, if it speaks it."""
    language = (locale or "")[:2].lower()
    return language if language in LANGUAGES else None


class Words:
    """Says things in one language. A missing text is an error, never an empty page."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = catalog(language)

    def __call__(self, key: str, **values: Any) -> str:
        return self._texts[key].format(**values)

    def count(self, key: str, number: int) -> str:
        """Return the text for one or for several."""
        form = f"{key}.{Locale.parse(self.language).plural_form(number)}"
        said = form if form in self._texts else f"{key}.other"
        return self(said, count=format_decimal(number, locale=self.language))

    def error(self, code: str) -> str:
        """Return the sentence for an error's code; what has none is our own fault."""
        return self._texts.get(f"error.{code}") or self("error.internal_error")

    def of(self, texts: dict[str, str]) -> str:
        """Return the text a site wrote in several languages, in this one or in the first."""
        return texts.get(self.language) or next(iter(texts.values()), "")

    def ago(self, at: str) -> str:
        """Return a time as people say it: relative up to a day, then the date."""
        moment, now = parse(at), utcnow()
        seconds = (now - moment).total_seconds()
        if seconds < 60:
            return self("time.now")
        if seconds < DAY:
            return str(
                format_timedelta(
                    moment - now, add_direction=True, format="short", locale=self.language
                )
            )
        return self.date(moment, now)

    def soon(self, at: str) -> str:
        """Return a moment to come: its hour today, else its day and hour."""
        moment, now = parse(at), utcnow()
        hour = str(format_skeleton("Hm", moment, locale=self.language))
        return hour if moment.date() == now.date() else f"{self.date(moment, now)}, {hour}"

    def date(self, moment: datetime, now: datetime) -> str:
        if moment.year == now.year:
            return str(format_skeleton("MMMd", moment, locale=self.language))
        return str(format_date(moment, "medium", locale=self.language))

    def exact(self, at: str) -> str:
        """Return the exact moment; the browser puts it into its own time zone."""
        moment = parse(at)
        hour = format_skeleton("Hm", moment, locale=self.language)
        return f"{format_date(moment, 'medium', locale=self.language)}, {hour} UTC"

    def size(self, number: int) -> str:
        """Return a size in bytes as people read it."""
        for unit in ("B", "kB", "MB"):
            if number < 1_000 or unit == "MB":
                break
            number = round(number / 1_000, 1)  # type: ignore[assignment]
        return f"{format_decimal(number, format='#,##0.#', locale=self.language)} {unit}"
