"""Requests over HTTP: load, act, answer."""

from typing import Any

from flask import Response, current_app, request
from flask_smorest import Blueprint

from .. import idempotency
from ..identity.guards import requester_required
from ..identity.service import Caller, ensure_stored
from ..limits import limited
from ..proof.guards import admit
from ..sites.look import complete
from ..sites.service import site_of
from . import ratings, schemas, service, thread
from .models import Ticket

bp = Blueprint("tickets", __name__, description="Requests and their conversation.")
updates = Blueprint("updates", __name__, description="What is new.")

#: Documented header of every act that creates something.
KEY = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": True,
            "schema": {"type": "string", "minLength": 8, "maxLength": 128},
            "description": "The same key answers the same thing once.",
        }
    ]
}


def language(caller: Caller) -> str:
    """Return the two letters texts are picked by: asked for, or the caller's own."""
    asked = request.accept_languages.best or caller.locale or ""
    return asked[:2].lower()


def must_confirm(caller: Caller) -> bool:
    """Does the site show agents only tickets whose address is proven, and this one's is not?"""
    if caller.kind == "identified" or caller.proven:
        return False
    return bool(complete(site_of(caller.site_id).settings)["mail"]["confirm"])


def _answer(data: Any, status: int = 200) -> Any:
    # The rows are dumped already; a schema's second pass would cost more than the query.
    response = current_app.json.response(data)
    response.status_code = status
    return response


@bp.get("")
@bp.arguments(schemas.ListQuery(), location="query")
@bp.alt_response(200, schema=schemas.Home)
@requester_required
def index(caller: Caller, args: dict[str, Any]) -> Response:
    """List the caller's tickets, the latest update first."""
    page = thread.home(
        caller,
        language(caller),
        state=args.get("state"),
        text=args.get("q"),
        before=args.get("before"),
    )
    return _answer(page)


@bp.post("")
@bp.arguments(schemas.OpenTicket())
@bp.alt_response(201, schema=schemas.TicketDetail)
@bp.doc(**KEY)
@limited("20 per minute; 200 per day")
@requester_required
def create(caller: Caller, data: dict[str, Any]) -> Response:
    """File a request."""

    made: list[Ticket] = []
    # Not part of the request: sent again, it may come with another.
    proof, website = data.pop("proof"), data.pop("website")

    def act() -> dict[str, str]:
        admit(caller, proof, website)
        ensure_stored(caller, ttl=current_app.config["VISITOR_TTL"])
        ticket = service.open_ticket(
            caller,
            title=data["title"],
            body=data["body"],
            locale=(data["locale"] or language(caller))[:2] or "en",
            category=data["category"],
            email=data["email"],
            notify=data["notify"],
            files=data["attachments"],
            fields=data["fields_"],
            context=data["context"],
            held=must_confirm(caller),
        )
        made.append(ticket)
        return {"ticket": ticket.id}

    answer, _ = idempotency.once(
        caller.site_id, f"open:{caller.id}", request.headers.get("Idempotency-Key"), data, act
    )
    ticket = made[0] if made else service.find_ticket(caller, answer["ticket"])
    return _answer(thread.detail(caller, ticket, language(caller)), 201)


@bp.get("/<ticket_id>")
@bp.alt_response(200, schema=schemas.TicketDetail)
@requester_required
def show(caller: Caller, ticket_id: str) -> Response:
    """Return a ticket with its thread; reading it marks it read."""
    ticket = service.find_ticket(caller, ticket_id)
    service.mark_read(ticket)
    return _answer(thread.detail(caller, ticket, language(caller)))


@bp.post("/<ticket_id>/messages")
@bp.arguments(schemas.PostMessage())
@bp.alt_response(201, schema=schemas.Posted)
@bp.doc(**KEY)
@limited("60 per minute")
@requester_required
def create_message(caller: Caller, data: dict[str, Any], ticket_id: str) -> Response:
    """Reply; a completed ticket is reopened by it."""
    ticket = service.find_ticket(caller, ticket_id)

    def act() -> dict[str, str]:
        message = service.post_message(
            ticket, service.as_actor(caller), body=data["body"], files=data["attachments"]
        )
        return {"message": message}

    answer, _ = idempotency.once(
        caller.site_id,
        f"reply:{caller.id}:{ticket.id}",
        request.headers.get("Idempotency-Key"),
        data,
        act,
    )
    ticket = service.find_ticket(caller, ticket_id)
    detail = thread.detail(caller, ticket, language(caller))
    entry = next(item for item in detail["thread"] if item["id"] == answer["message"])
    return _answer({"entry": entry, "ticket": detail}, 201)


@bp.put("/<ticket_id>/closure")
@bp.alt_response(200, schema=schemas.TicketDetail)
@requester_required
def create_closure(caller: Caller, ticket_id: str) -> Response:
    """Close the ticket."""
    service.close(service.find_ticket(caller, ticket_id), service.as_actor(caller))
    return answer_ticket(caller, ticket_id)


@bp.delete("/<ticket_id>/closure")
@bp.alt_response(200, schema=schemas.TicketDetail)
@requester_required
def destroy_closure(caller: Caller, ticket_id: str) -> Response:
    """Undo the closure."""
    service.reopen(service.find_ticket(caller, ticket_id), service.as_actor(caller))
    return answer_ticket(caller, ticket_id)


@bp.put("/<ticket_id>/notification")
@bp.arguments(schemas.Notification())
@bp.alt_response(200, schema=schemas.TicketDetail)
@requester_required
def update_notification(caller: Caller, data: dict[str, Any], ticket_id: str) -> Response:
    """Choose whether news of this ticket are mailed."""
    service.set_notify(service.find_ticket(caller, ticket_id), data["notify"])
    return answer_ticket(caller, ticket_id)


@bp.put("/<ticket_id>/rating")
@bp.arguments(schemas.NewRating())
@bp.alt_response(200, schema=schemas.TicketDetail)
@requester_required
def update_rating(caller: Caller, data: dict[str, Any], ticket_id: str) -> Response:
    """Say how a completed ticket went; said again, the last word counts."""
    ratings.rate(service.find_ticket(caller, ticket_id), service.as_actor(caller), **data)
    return answer_ticket(caller, ticket_id)


@updates.get("")
@updates.arguments(schemas.UpdatesQuery(), location="query")
@updates.alt_response(200, schema=schemas.News)
@requester_required
def show_updates(caller: Caller, args: dict[str, Any]) -> Response:
    """Return what changed after ``since``, or 304 when nothing did.

    No browser keeps it, for the next person at that browser asks under the same address. One that
    asks whether its copy still holds has kept it from a version that let it: 304 would show it.
    """
    if args["since"] == caller.cursor and "If-None-Match" not in request.headers:
        return Response(status=304)
    return _answer(thread.news(caller, language(caller), args["since"]))


def answer_ticket(caller: Caller, ticket_id: str) -> Response:
    """Answer an act with the ticket as it is now."""
    ticket = service.find_ticket(caller, ticket_id)
    return _answer(thread.detail(caller, ticket, language(caller)))
