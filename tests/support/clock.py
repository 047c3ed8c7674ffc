"""A clock that stands still and is moved by hand."""

from datetime import datetime, timedelta
from typing import Any

START = "2026-11-23T10:00:00+00:00"


class Clock:
    """Wraps a time-machine traveller; seconds pass only when told to."""

    def __init__(self, traveller: Any) -> None:
        self._traveller = traveller

    def __call__(self, moment: str | float | datetime) -> None:
        """Set the time: ISO 8601, Unix seconds or an aware datetime."""
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        self._traveller.move_to(moment, tick=False)

    def pass_(self, **span: float) -> None:
        """Let time pass: ``clock.pass_(minutes=5)``."""
        self._traveller.shift(timedelta(**span))
