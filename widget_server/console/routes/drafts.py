"""Writing: drafts kept on the server, replies taken back or said at once, Markdown previewed."""

import json
from typing import Any

from flask import Response, g, make_response, redirect, request, url_for

from ... import idempotency
from ...database import transaction
from ...desk import drafts, sending
from ...text import to_html
from ..forms import DraftForm
from .acts import PATH, done
from .frame import bp, is_part, page
from .messages import scope
from .ticket import kept_files, load, parts


@bp.post(f"{PATH}/draft")
def update_draft(site_key: str, number: int) -> Response:
    """Keep what is written so far, unless it comes after the message it became."""
    _, ticket = load(site_key, number)
    draft = DraftForm().load(request.form)
    key = draft.pop("key")
    with transaction():
        if key and idempotency.is_used(ticket.site_id, scope(ticket), key):
            return Response(status=409)
        drafts.save(ticket, g.agent.id, **draft)
    return Response(status=204)


@bp.post(f"{PATH}/sending")
def dispatch_sending(site_key: str, number: int) -> Any:
    """Say at once what waits to be said."""
    site, ticket = load(site_key, number)
    sending.dispatch(ticket, g.agent.id)
    return done(site, ticket)


@bp.post(f"{PATH}/sending/withdrawal")
def withdraw_sending(site_key: str, number: int) -> Any:
    """Take a reply back: its text returns to the composer, its files with it."""
    site, ticket = load(site_key, number)
    taken = sending.withdraw(ticket, g.agent.id)
    if taken is None:
        return done(site, ticket, late=True)
    if not is_part():
        place = url_for("console.ticket", site_key=site_key, number=number, kept=taken.files)
        return redirect(place, 303)
    response = make_response(parts(site, ticket, acted=True, kept=kept_files(ticket, taken.files)))
    response.headers["HX-Trigger"] = json.dumps({"message-withdrawn": {"body": taken.body}})
    return response


@bp.post("/messages/preview")
def preview_message() -> str:
    """Show how Markdown will read."""
    return page("_preview.html", title="", html=to_html(DraftForm().load(request.form)["body"]))
