"""Saved replies: their page, and what the composer offers after a slash."""

from typing import Any

from flask import Response, g, jsonify, redirect, request, url_for
from marshmallow import ValidationError

from ...desk import replies
from ...sites import service as sites
from ...tickets import service
from ..forms import SavedReplyForm
from ..presenters.people import name_of
from .acts import PATH
from .frame import bp, page, words
from .inbox import shell
from .ticket import load


@bp.get(f"{PATH}/replies")
def offered_replies(site_key: str, number: int) -> Response:
    """Return the saved replies of a ticket's site, their places filled."""
    site, ticket = load(site_key, number)
    requester = service.requester_of(ticket)
    known = {
        "name": name_of(requester.name, ticket.email or requester.email),
        "site": site.name,
        "agent": g.agent.name,
    }
    return jsonify(
        [
            {"name": each.name, "body": replies.filled(each.body, ticket, **known)}
            for each in replies.offered(site.id)
        ]
    )


@bp.get("/replies")
def saved_replies() -> str:
    """Show every saved reply, each with its form, and one to add."""
    return _page()


@bp.post("/replies")
def create_reply() -> Any:
    return _save(None)


@bp.post("/replies/<reply_id>")
def update_reply(reply_id: str) -> Any:
    return _save(reply_id)


@bp.post("/replies/<reply_id>/removal")
def remove_reply(reply_id: str) -> Any:
    """Remove a saved reply; the page that follows can put it back."""
    return _page(removed=replies.remove(reply_id))


def _save(reply_id: str | None) -> Any:
    try:
        data = SavedReplyForm().load(request.form)
    except ValidationError:
        return _page(refused=request.form, editing=reply_id), 422
    site = sites.find_site(data["site"]) if data["site"] else None
    saved = replies.save(
        reply_id, name=data["name"], body=data["body"], site_id=site.id if site else None
    )
    return redirect(url_for("console.saved_replies", saved=saved) + f"#reply-{saved}", 303)


def _page(**values: Any) -> str:
    places = [(f"{{{place}}}", words()(f"replies.place.{place}")) for place in replies.PLACES]
    return page(
        "replies.html",
        replies=replies.all_replies(),
        places=places,
        saved=request.args.get("saved"),
        owners={site.id: site for site in sites.all_sites()},
        lengths={"name": replies.NAME, "body": replies.BODY},
        **shell(),
        **values,
    )
