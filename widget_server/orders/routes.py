"""Decisions over HTTP, and the documents behind signed addresses."""

from typing import Any

from flask import Blueprint as FlaskBlueprint
from flask import Flask, Response, request
from flask_smorest import Blueprint

from ..errors import NotFound, Unauthenticated
from ..identity.guards import requester_required
from ..identity.service import Caller
from ..identity.tokens import Tokens
from ..limits import limited
from ..tickets.routes import answer_ticket
from ..tickets.schemas import TicketDetail
from . import book, documents, schemas, service, typefaces
from .models import Order, Quote
from .service import Whence
from .views import LINK_LIFE, Documents

bp = Blueprint("quotes", __name__, description="Quotes and what is decided on them.")
pages = FlaskBlueprint("orders", __name__)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": f"private, max-age={LINK_LIFE}",
    "Referrer-Policy": "no-referrer",
}


def init_app(app: Flask) -> None:
    Documents.tokens = Tokens(app.config["SECRET_KEY"], "document")
    Documents.server = app.config["SERVER_URL"]
    typefaces.furnish(app.config["DOCUMENT_FONT"])


@bp.post("/<ticket_id>/quotes/<quote_id>/acceptance")
@bp.arguments(schemas.Acceptance())
@bp.alt_response(200, schema=TicketDetail)
@limited("30 per minute")
@requester_required
def create_acceptance(
    caller: Caller, data: dict[str, Any], ticket_id: str, quote_id: str
) -> Response:
    """Accept the version of a quote that `digest` names; doing so again changes nothing."""
    order, version = service.find(caller, ticket_id, quote_id)
    service.accept(caller, order, version, digest=data["digest"], whence=_whence())
    return answer_ticket(caller, ticket_id)


@bp.post("/<ticket_id>/quotes/<quote_id>/refusal")
@bp.arguments(schemas.Refusal())
@bp.alt_response(200, schema=TicketDetail)
@limited("30 per minute")
@requester_required
def create_refusal(caller: Caller, data: dict[str, Any], ticket_id: str, quote_id: str) -> Response:
    """Decline a quote, with a reason if there is one to give."""
    order, version = service.find(caller, ticket_id, quote_id)
    service.decline(
        caller, order, version, digest=data["digest"], reason=data["reason"], whence=_whence()
    )
    return answer_ticket(caller, ticket_id)


@pages.get("/orders/<token>")
@limited("60 per minute")
def show_document(token: str) -> Response:
    """Send the PDF a signed address leads to, in the reader's language."""
    try:
        site_id, order_id, quote_id = Documents.tokens.read(token, ttl=LINK_LIFE)
    except Unauthenticated as error:
        raise NotFound("This link has expired. Open the ticket again.") from error
    order, quote = book.version(site_id, order_id, quote_id)
    return send(order, quote, request.args.get("lang"))


def send(order: Order, quote: Quote, language: str | None) -> Response:
    """Answer with the document of a version."""
    document = documents.of(order, quote, language)
    response = Response(document.content, mimetype="application/pdf", headers=HEADERS)
    response.headers.set("Content-Disposition", "attachment", filename=document.name)
    return response


def _whence() -> Whence:
    return Whence(request.headers.get("Origin"), request.remote_addr)
