"""Mail for programs: what waits for a decision, what failed, how it is set up."""

from dataclasses import asdict
from typing import Any

from flask import Response, g

from ...errors import Conflict, Invalid
from ...mail import desk, outbox, settings
from ...sites import service as sites
from ...tickets import inbox
from .. import answers, mail
from ..guards import allowed, site_keys, site_of
from .frame import TOKEN, answer, bp, seldom
from .tickets import READ, WRITE

INCOMING = "/sites/<site_key>/mail/incoming/<incoming_id>"


class DecidedMeanwhile(Conflict):
    code, message = "decided_meanwhile", "Somebody else decided on it before you."


@bp.get("/mail")
@allowed("settings:read")
@bp.alt_response(200, schema=mail.MailStatus)
@bp.doc(**TOKEN)
def agent_mail() -> Response:
    """Return how mail is set up and whether it works."""
    return answer(asdict(settings.status()))


@bp.post("/mail/check")
@allowed("settings:write")
@seldom
@bp.alt_response(200, schema=mail.MailChecked)
@bp.doc(**TOKEN)
def agent_create_mail_check() -> Response:
    """Send the token's agent a letter and look into the mailbox, now."""
    return answer(asdict(settings.check(g.agent.email, g.agent.name, g.agent.locale)))


@bp.put("/sites/<site_key>/mail")
@allowed("settings:write")
@bp.arguments(mail.SiteMail())
@bp.alt_response(200, schema=mail.SiteMail)
@bp.doc(**TOKEN)
def agent_update_site_mail(data: dict[str, Any], site_key: str) -> Response:
    """Change which address a site's mail comes to and what it does; what is left out stays."""
    site = site_of(site_key)
    known = {each.id for each in sites.categories(site.id)}
    if data.get("category") and data["category"] not in known:
        raise Invalid(fields={"category": ["The site has no such category."]})
    settings.update(site, **data)
    return answer(settings.of(site))


@bp.get("/mail/incoming")
@allowed(READ)
@bp.alt_response(200, schema=mail.Waiting)
@bp.doc(**TOKEN)
def agent_waiting_mail() -> Response:
    """List the mail that waits for a decision, the oldest first, 100 at most."""
    return answer({"mails": mail.waiting(desk.quarantined(), site_keys())})


@bp.post(f"{INCOMING}/acceptance")
@allowed(WRITE)
@bp.arguments(mail.MailAcceptance())
@bp.alt_response(200, schema=answers.TakenIn)
@bp.doc(**TOKEN)
def agent_accept_mail(data: dict[str, Any], site_key: str, incoming_id: str) -> Response:
    """Let a mail in: to the ticket named, or as a new one."""
    site = site_of(site_key)
    number = data["number"]
    ticket = inbox.find_ticket(site.id, number) if number is not None else None
    made = desk.accept(site.id, incoming_id, by=g.agent.email, ticket=ticket)
    if made is None:
        raise DecidedMeanwhile()
    return answer({"site": site.key, "number": made.number})


@bp.post(f"{INCOMING}/refusal")
@allowed(WRITE)
@bp.response(204)
@bp.doc(**TOKEN)
def agent_refuse_mail(site_key: str, incoming_id: str) -> None:
    """Turn a mail away; it is kept for a while, out of sight."""
    if not desk.discard(site_of(site_key).id, incoming_id, by=g.agent.email):
        raise DecidedMeanwhile()


@bp.get(f"{INCOMING}/source")
@allowed(READ)
@bp.alt_response(
    200,
    schema={"type": "string", "format": "binary"},
    content_type="application/octet-stream",
)
@bp.doc(**TOKEN)
def agent_mail_source(site_key: str, incoming_id: str) -> Response:
    """Return a mail as it came, while it is kept."""
    raw = desk.source(site_of(site_key).id, incoming_id)
    return Response(raw, mimetype="application/octet-stream")


@bp.get("/mail/letters")
@allowed(READ)
@bp.alt_response(200, schema=mail.Failed)
@bp.doc(**TOKEN)
def agent_failed_mail() -> Response:
    """List the letters that could not be delivered, the latest first, 100 at most."""
    return answer({"letters": mail.failed(outbox.failures(), site_keys())})


@bp.post("/sites/<site_key>/mail/letters/<mail_id>/retry")
@allowed(WRITE)
@bp.response(204)
@bp.doc(**TOKEN)
def agent_retry_mail(site_key: str, mail_id: str) -> None:
    """Send a letter that failed once more."""
    outbox.retry(site_of(site_key).id, mail_id)
