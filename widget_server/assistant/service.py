"""What may answer a request being written."""

from typing import Any


def suggest(site_id: int, title: str, body: str) -> list[dict[str, Any]]:
    """Return suggestions, best first. A site without published articles has none to offer."""
    return []
