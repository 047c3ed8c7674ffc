"""Files of a ticket."""

from urllib.parse import urlsplit

from flask import Response, redirect

from ...attachments import service as attachments
from ...errors import NotFound
from .acts import PATH
from .frame import bp
from .ticket import load

#: Seconds a browser may remember a redirect; well under the signed link's own life.
REMEMBERED = 300


@bp.get(f"{PATH}/files/<file_id>", defaults={"variant": "whole"})
@bp.get(f"{PATH}/files/<file_id>/<any(preview):variant>")
def ticket_file(site_key: str, number: int, file_id: str, variant: str) -> Response:
    """Lead to a fresh short-lived link: a page may stay open longer than one lasts."""
    _, ticket = load(site_key, number)
    attachment = attachments.find(ticket.site_id, file_id)
    view = attachments.view(attachment)
    link = view["preview_url"] if variant == "preview" else view["url"]
    if attachment.ticket_id != ticket.id or link is None:
        raise NotFound("This file is gone.")
    response = redirect(urlsplit(link).path, 303)
    response.headers["Cache-Control"] = f"private, max-age={REMEMBERED}"
    response.vary.add("Cookie")  # By this session alone: the next may not see it.
    return response  # type: ignore[return-value]
