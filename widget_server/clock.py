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
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: str) -> datetime:
    """Return the aware datetime a stamp stands for; raise :exc:`ValueError` if it is none."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
