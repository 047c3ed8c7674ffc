"""What the assistant saved, what it had no answer for, and who writes its answers."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import g, redirect, request, url_for

from ...agents.models import ADMINISTRATOR
from ...assistant import asking, embedding, endpoints, outcomes
from ...clock import stamp, utcnow
from ...errors import Forbidden, Invalid
from ...sites import service as sites
from ..presenters import assistant as presenter
from .frame import bp, page
from .inbox import shell

SPANS = (7, 30, 90)

#: Times one question is taken off at once.
MOST = 50


@bp.get("/assistant")
def assistant() -> str:
    """Show figures of a span for each site, and questions that nothing answered."""
    return _assistant()


@bp.post("/assistant/<site_key>/writer")
def update_writer(site_key: str) -> Any:
    """Change who writes a site's answers, and try it if asked. Administrators only."""
    if g.agent.role != ADMINISTRATOR:
        raise Forbidden("Only administrators choose who writes answers.")
    site = sites.find_site(site_key)
    typed = presenter.typed(request.form)
    try:
        endpoints.choose(site.id, on="on" in request.form, embeds="embeds" in request.form, **typed)
    except Invalid as error:
        del typed["key"]
        return _assistant(open=site.key, typed=typed, faults=list(error.details["fields"])), 422
    if "check" in request.form:
        return _assistant(open=site.key, checked=(_try(site.id),))
    return redirect(url_for("console.assistant", saved=site.key), 303)


def _try(site_id: int) -> str | None:
    """Return what is wrong with the models a site names, the first first; ``None`` if nothing."""
    writer, embedder = endpoints.named(site_id), endpoints.embedder_of(site_id)
    if not writer and not embedder:
        return "No address, no model."
    wrong = asking.check(writer) if writer else None
    return wrong or (embedding.check(embedder) if embedder else None)


@bp.post("/assistant/<site_key>/questions")
def update_questions(site_key: str) -> Any:
    """Take a question off the writers' list, or put it back; one may have been asked often."""
    site = sites.find_site(site_key)
    back = "back" in request.form
    asked = request.form.getlist("showing")[:MOST]
    for showing in asked:
        outcomes.dismiss(site.id, showing, dismissed=not back)
    gone = None if back else "~".join([site.key, *asked])
    days = request.form.get("days", "")
    return redirect(url_for("console.assistant", days=days, dismissed=gone), 303)


def _assistant(
    *,
    open: str | None = None,
    typed: Mapping[str, str] | None = None,
    faults: Sequence[str] = (),
    checked: tuple[str | None] | None = None,
) -> str:
    wished = request.args.get("days", "")
    days = int(wished) if wished in {str(span) for span in SPANS} else 30
    since, until = stamp(utcnow() - timedelta(days=days)), stamp()
    shown = [
        presenter.site(
            each, since, until,
            (typed or {}) if each.key == open else {}, faults if each.key == open else (),
        )
        for each in sites.open_sites()
    ]  # fmt: skip
    return page(
        "assistant.html",
        **shell(),
        place="assistant",
        days=days,
        spans=SPANS,
        figured=shown,
        open=open or request.args.get("saved"),
        saved=request.args.get("saved"),
        checked=checked,
        dismissed=request.args.get("dismissed", "").split("~"),
    )
