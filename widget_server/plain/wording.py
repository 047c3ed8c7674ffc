"""Texts of an administrator's in the reader's language, and how long there is to wait."""

from datetime import timedelta

from babel.dates import format_timedelta


def pick(texts: dict[str, str], locale: str) -> str:
    """Return a text in the reader's language or, without one, the first there is."""
    return texts.get(locale) or next(iter(texts.values()), "")


def when(seconds: int, locale: str) -> str:
    """Return ``in 57 minutes``, in the reader's language."""
    return str(format_timedelta(timedelta(seconds=seconds), add_direction=True, locale=locale))
