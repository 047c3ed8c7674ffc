"""What time is it? Aware UTC, in the one text form used in the database and on the wire."""

from datetime import UTC, datetime, timedelta


def utcnow() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def stamp(at: datetime | None = None, *, seconds: float = 0) -> str:
    """Return ``at`` (default: now) plus ``seconds`` as ``2026-11-23T10:00:00.000000Z``.

    The text has a fixed width, so comparing two stamps compares the two moments.
    """
    moment = (at or utcnow()) + timedelta(seconds=seconds)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def parse(text: str) -> datetime:
    """Return the aware datetime a stamp stands for; raise :exc:`ValueError` if it is none."""
    if len(text) != 27 or text[10] != "T" or text[-1] != "Z":
        raise ValueError(f"{text!r} is not a time as we write it.")
    return datetime.fromisoformat(text)
