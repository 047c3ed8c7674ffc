"""Mail in the console: is it set up, what waits for a decision, what could not be delivered."""

from typing import Any

from flask import Response, g, redirect, request, url_for

from ...agents import service as agents
from ...agents.guards import safe_next
from ...agents.models import ADMINISTRATOR
from ...errors import Forbidden, Invalid
from ...mail import desk, outbox, settings
from ...sites import service as sites
from ...tickets import inbox as tickets
from .. import forms
from .frame import bp, page
from .inbox import shell
from .settings import chosen_sites


@bp.get("/mail")
def mail() -> str:
    """Show how mail is set up, what came in and waits, and what came back."""
    return _mail()


@bp.post("/mail/check")
def create_mail_check() -> str:
    """Try the servers now and send the agent a letter."""
    _administrators_only()
    return _mail(checked=settings.check(g.agent.email, g.agent.name, g.agent.locale))


@bp.post("/mail/sites/<site_key>")
def update_site_mail(site_key: str) -> Any:
    """Change which address a site's mail comes to and what it does."""
    _administrators_only()
    site = sites.find_site(site_key)
    data = forms.SiteMailForm().load(request.form)
    settings.update(site, **data)
    return redirect(url_for("console.mail", site=site.key, saved=site.key), 303)


@bp.post("/mail/incoming/<site_key>/<incoming_id>/acceptance")
def accept_mail(site_key: str, incoming_id: str) -> Any:
    """Let a mail in: to the ticket named, or as a new one."""
    site = sites.find_site(site_key)
    number = (request.form.get("number") or "").strip().lstrip("#")
    if number and not number.isdecimal():
        raise Invalid(fields={"number": ["A ticket's number, such as 1042."]})
    ticket = tickets.find_ticket(site.id, int(number[:18])) if number else None
    made = desk.accept(site.id, incoming_id, by=g.agent.email, ticket=ticket)
    if made is None:
        return redirect(url_for("console.mail"), 303)
    place = url_for("console.ticket", site_key=site.key, number=made.number)
    return redirect(place, 303)


@bp.post("/mail/incoming/<site_key>/<incoming_id>/refusal")
def refuse_mail(site_key: str, incoming_id: str) -> Any:
    """Turn a mail away; it is kept for a while, out of sight."""
    desk.discard(sites.find_site(site_key).id, incoming_id, by=g.agent.email)
    return redirect(url_for("console.mail"), 303)


@bp.get("/mail/incoming/<site_key>/<incoming_id>/source")
def mail_source(site_key: str, incoming_id: str) -> Response:
    """Return the mail as it came."""
    raw = desk.source(sites.find_site(site_key).id, incoming_id)
    headers = {"Content-Disposition": 'attachment; filename="mail.eml"'}
    return Response(raw, mimetype="application/octet-stream", headers=headers)


@bp.post("/mail/letters/<site_key>/<mail_id>/retry")
def retry_mail(site_key: str, mail_id: str) -> Any:
    """Send a letter that failed once more."""
    outbox.retry(sites.find_site(site_key).id, mail_id)
    return redirect(safe_next(request.form.get("next")), 303)


@bp.post("/mailed")
def update_mailed() -> Any:
    """Choose what the agent is mailed about."""
    agents.choose_mail(g.agent, request.form.get("mailed", ""))
    return redirect(url_for("console.sessions"), 303)


def _mail(**values: Any) -> str:
    waiting = desk.quarantined()
    everywhere = {site.id: site for site in sites.all_sites()}
    return page(
        "mail.html",
        status=settings.status(),
        waiting=waiting,
        numbers=desk.ticket_numbers(waiting),
        failures=outbox.failures(),
        sites_by_id=everywhere,
        site_settings=[(site, settings.of(site)) for site in chosen_sites()],
        categories={site.id: sites.categories(site.id) for site in everywhere.values()},
        administrator=g.agent.role == ADMINISTRATOR,
        saved=request.args.get("saved"),
        **shell(),
        **values,
    )


def _administrators_only() -> None:
    if g.agent.role != ADMINISTRATOR:
        raise Forbidden("Only administrators change how mail is set up.")
