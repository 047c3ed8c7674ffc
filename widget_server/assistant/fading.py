"""What was typed and never became a request is not kept for good; that it was asked counts on."""

from ..clock import stamp
from ..database import execute, query, transaction
from ..jobs import handler
from . import index
from .index import SOLVED

#: Days a question is kept: as long as writers see those that found nothing.
KEPT = 90

#: Days one votes for the article that solved it.
VOTES = 365

#: Votes that end in one night, each taken out of the index by itself.
AT_ONCE = 1_000


@handler("assistant.fade", every=86_400)
def fade() -> None:
    """Empty the old questions nobody filed; requests take theirs along when they go."""
    old, older = (stamp(seconds=-days * 86_400) for days in (KEPT, VOTES))
    for (site_id,) in query("SELECT id FROM site"):
        execute(
            "UPDATE suggestion_showing SET question = '', written = NULL WHERE site_id = ?"
            " AND at < ? AND ticket_id IS NULL AND article_id IS NULL"
            " AND (question <> '' OR written IS NOT NULL)",
            site_id, old,
        )  # fmt: skip
        for (showing,) in query(
            "SELECT id FROM suggestion_showing WHERE site_id = ? AND at < ? AND ticket_id IS NULL"
            " AND article_id IS NOT NULL AND (question <> '' OR written IS NOT NULL)"
            " ORDER BY at LIMIT ?",
            site_id, older, AT_ONCE,
        ):  # fmt: skip
            with transaction():
                index.drop(site_id, SOLVED, f"showing:{showing}")
                execute(
                    "UPDATE suggestion_showing SET question = '', written = NULL"
                    " WHERE site_id = ? AND id = ?",
                    site_id, showing,
                )  # fmt: skip
