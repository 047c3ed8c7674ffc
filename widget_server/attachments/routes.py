"""Files over HTTP: raw bytes in, signed links out."""

import io
from typing import Any, cast
from urllib.parse import unquote

from flask import Blueprint as FlaskBlueprint
from flask import Response, current_app, redirect, request, send_file
from flask_smorest import Blueprint

from ..errors import Invalid, NotFound
from ..identity.guards import requester_required
from ..identity.service import Caller, ensure_stored
from ..limits import limited
from . import service
from .links import TTL
from .models import Attachment
from .names import disposition
from .schemas import AttachmentView

bp = Blueprint("attachments", __name__, description="Files sent with messages.")
files = FlaskBlueprint("files", __name__)

#: Nothing uploaded can run: not as a page, not as a script, not in a frame.
LOCKED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": f"private, max-age={TTL}",
    "Referrer-Policy": "no-referrer",
}


@bp.post("")
@bp.response(201, AttachmentView)
@bp.doc(
    requestBody={
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    parameters=[
        {
            "in": "header",
            "name": "X-File-Name",
            "required": True,
            "schema": {"type": "string"},
            "description": "The file's name, percent-encoded UTF-8.",
        }
    ],
)
@limited("60 per minute")
@requester_required
def create_attachment(caller: Caller) -> dict[str, Any]:
    """Send one file; a message takes it by its id."""
    ensure_stored(caller, ttl=current_app.config["VISITOR_TTL"])
    attachment = service.receive(
        caller.site_id, f"requester:{caller.id}", name=file_name(), source=request.stream
    )
    return service.view(attachment)


@bp.delete("/<attachment_id>")
@bp.response(204)
@requester_required
def destroy_attachment(caller: Caller, attachment_id: str) -> None:
    """Remove a file that was not sent yet."""
    service.discard(caller.site_id, f"requester:{caller.id}", attachment_id)


def file_name() -> str:
    """Return the name in ``X-File-Name`` or raise :exc:`Invalid`."""
    try:
        name = unquote(request.headers.get("X-File-Name", ""), errors="strict").strip()
    except UnicodeDecodeError:
        name = ""
    if not name:
        raise Invalid(
            "Send the file's name, percent-encoded, in X-File-Name.",
            fields={"X-File-Name": ["The file's name, percent-encoded UTF-8."]},
        )
    return name


@files.get("/files/<token>")
def show_file(token: str) -> Response:
    """Hand out the bytes a signed link names, as a download, or an image's preview inline."""
    site_id, file_id, preview = service.Files.links.read(token)
    attachment = service.find(site_id, file_id)
    elsewhere = None if preview else service.Files.storage.address(file_id, attachment.name)
    response = (
        cast(Response, redirect(elsewhere, 303))
        if elsewhere
        else _bytes(attachment, preview=preview)
    )
    response.headers.update(LOCKED)
    if elsewhere:
        response.headers["Cache-Control"] = "no-store"
    else:
        kind = "inline" if preview else "attachment"
        response.headers["Content-Disposition"] = disposition(kind, attachment.name)
    return response


def _bytes(attachment: Attachment, *, preview: bool) -> Response:
    try:
        handle = service.Files.storage.open(attachment.id, preview=preview)
    except FileNotFoundError as error:
        raise NotFound("This file is gone.") from error
    size = handle.seek(0, io.SEEK_END)
    handle.seek(0)
    kind = "image/webp" if preview else attachment.type
    response = send_file(handle, mimetype=kind, conditional=False)
    response.content_length = size
    response.set_etag(f"{attachment.sha256[:32]}{'p' * preview}")
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    return response
