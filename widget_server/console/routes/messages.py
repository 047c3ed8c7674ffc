"""Replies and notes, with their files. A double press makes one message."""

from typing import Any

from flask import g, make_response, request
from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage

from ... import idempotency
from ...attachments import service as attachments
from ...attachments.models import Attachment
from ...desk import drafts, mentions, presence, sending
from ...errors import VentanillaError
from ...limits import limited
from ...sites.look import FILES
from ...tickets import service
from ..forms import MessageForm
from .acts import PATH, done, me
from .frame import bp, is_part, page, words
from .ticket import load, whole


class Refused(Exception):
    """The message cannot be sent as it is. The text says why."""

    def __init__(self, sentence: str, status: int = 422, *, may_insist: bool = False) -> None:
        super().__init__(sentence)
        self.status, self.may_insist = status, may_insist


@bp.post(f"{PATH}/messages")
@limited("60 per minute", by=lambda: f"agent {g.agent.id}")
def create_message(site_key: str, number: int) -> Any:
    """Answer in public, or leave a note for the team."""
    site, ticket = load(site_key, number)
    try:
        kind = _send(ticket)
    except Refused as refusal:
        if is_part():
            response = make_response(
                page("_refusal.html", sentence=str(refusal), may_insist=refusal.may_insist),
                refusal.status,
            )
            response.headers["HX-Reswap"] = "none"
            return response
        said: dict[str, Any] = {name: request.form.get(name, "") for name in ("body", "kind")}
        said["may_insist"] = refusal.may_insist
        return whole(site, ticket, **said, refusal=str(refusal)), refusal.status
    return done(site, ticket, sent=kind)


def _send(ticket: Any) -> str:
    """Keep the files, write the message, and return its kind."""
    said = words()
    try:
        data = MessageForm().load(request.form)
    except ValidationError as error:
        raise Refused(said("composer.too_long" if "body" in error.messages else "error.invalid")) \
            from error  # fmt: skip
    sent = [each for each in request.files.getlist("files") if each.filename]
    # What was taken back with its reply goes along again.
    before = request.form.getlist("kept")
    if len(sent) + len(before) > FILES:
        raise Refused(said("composer.too_many", count=FILES))
    if not data["body"] and not sent and not before:
        raise Refused(said("composer.empty"))
    seen = request.form.get("seen")
    if data["kind"] == "reply" and seen and not request.form.get("sure"):
        quicker = presence.answered_meanwhile(ticket, g.agent.id, seen)
        if quicker:
            raise Refused(said("composer.answered_meanwhile", name=quicker), 409, may_insist=True)
    kept = _receive(ticket, sent)
    files = [*before, *(attachment.id for attachment in kept)]
    waits = data["kind"] == "reply" and sending.Wait.seconds > 0

    def act() -> dict[str, str]:
        drafts.forget(ticket, g.agent.id)
        if waits:
            return {"sending": sending.hold(ticket, me(), body=data["body"], files=files)}
        message = service.post_message(
            ticket, me(), body=data["body"], files=files, internal=data["kind"] == "note"
        )
        if data["kind"] == "note":
            mentions.note(ticket, data["body"], by=g.agent.id)
        return {"message": message}

    content = {name: data[name] for name in ("kind", "body")}
    content["files"] = [[attachment.name, attachment.sha256] for attachment in kept]
    repeated = True
    try:
        _, repeated = idempotency.once(ticket.site_id, scope(ticket), data["key"], content, act)
    except VentanillaError as error:
        raise Refused(said.error(error.code), error.status) from error
    finally:
        if repeated:
            _discard(kept)
    return "waiting" if waits else str(data["kind"])


def scope(ticket: Any) -> str:
    """Return what a key of the agent's messages on a ticket is unique in."""
    return f"console:{g.agent.id}:{ticket.id}"


def _receive(ticket: Any, sent: list[FileStorage]) -> list[Attachment]:
    kept: list[Attachment] = []
    for each in sent:
        name = each.filename or ""
        try:
            kept.append(
                attachments.receive(ticket.site_id, me().owner, name=name, source=each.stream)
            )
        except VentanillaError as error:
            _discard(kept)
            raise Refused(f"{name}: {words().error(error.code)}", error.status) from error
    return kept


def _discard(kept: list[Attachment]) -> None:
    for attachment in kept:
        attachments.discard(attachment.site_id, attachment.owner, attachment.id)
