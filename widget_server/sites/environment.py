"""What a site runs on, as its server told: for agents, whom it often saves the first question."""

import json
from typing import Any

from ..clock import stamp
from ..database import execute, query

#: What a part may be; anything else a host runs is told as a plugin.
KINDS = ("core", "language", "theme", "plugin")


def tell(site_id: int, parts: list[dict[str, str]]) -> None:
    """Keep ``parts``, each a kind, a name and a version, instead of what was told before."""
    execute(
        "INSERT INTO environment (site_id, parts, told_at) VALUES (?, ?, ?) ON CONFLICT (site_id)"
        " DO UPDATE SET parts = excluded.parts, told_at = excluded.told_at",
        site_id, json.dumps(parts, ensure_ascii=False), stamp(),
    )  # fmt: skip


def forget(site_id: int) -> None:
    """The owner no longer wants it known."""
    execute("DELETE FROM environment WHERE site_id = ?", site_id)


def of(site_id: int) -> dict[str, Any] | None:
    """Return the parts by kind and when they were told, or None."""
    rows = query("SELECT parts, told_at FROM environment WHERE site_id = ?", site_id)
    if not rows:
        return None
    parts = json.loads(rows[0][0])
    return {
        "told_at": rows[0][1],
        **{kind: [part for part in parts if part["kind"] == kind] for kind in KINDS},
    }
