"""What the assistant saved, and what it had no answer for."""

from datetime import timedelta

from flask import request

from ...assistant import outcomes
from ...clock import stamp, utcnow
from ...sites import service as sites
from .frame import bp, page
from .inbox import shell

SPANS = (7, 30, 90)


@bp.get("/assistant")
def assistant() -> str:
    """Show figures of a span for each site, and questions that nothing answered."""
    wished = request.args.get("days", "")
    days = int(wished) if wished in {str(span) for span in SPANS} else 30
    since, until = stamp(utcnow() - timedelta(days=days)), stamp()
    shown = []
    for site in sites.all_sites():
        figures = outcomes.figures(site.id, since, until)
        shown.append((site, figures, outcomes.unanswered(site.id, since)))
    return page(
        "assistant.html", **shell(), place="assistant", days=days, spans=SPANS, figured=shown,
    )  # fmt: skip
