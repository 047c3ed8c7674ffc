"""Webhooks: which programs are told of a site's events, and how that went. Administrators only."""

from typing import Any

from flask import g, redirect, request, url_for

from ...agents.guards import administrators, confirmed
from ...errors import Conflict, Invalid
from ...limits import limited
from ...sites import service as sites
from ...sites.models import Site
from ...webhooks import deliveries, service
from ...webhooks.kinds import EVENTS
from ...webhooks.models import STATES, Webhook
from .frame import bp, page
from .inbox import shell

ONE = "/webhooks/<site_key>/<webhook_id>"


def _paced(view: Any) -> Any:
    return limited("60 per hour", by=lambda: f"agent {g.agent.id}")(view)


@bp.get("/webhooks")
@administrators
def webhooks() -> str:
    """List the addresses of all sites."""
    return _all()


@bp.post("/webhooks")
@administrators
@confirmed
@_paced
def create_webhook() -> Any:
    """Make one and show its secret this one time."""
    site = sites.find_site(request.form.get("site", ""))
    url, events = request.form.get("url", ""), request.form.getlist("event")
    try:
        made, secret = service.create(site.id, url=url, events=events)
    except (Invalid, Conflict) as error:
        return _all(typed=request.form, picked=events, faults=_faults(error)), 422
    return _one(site, made, secret=secret)


@bp.get(ONE)
@administrators
def webhook(site_key: str, webhook_id: str) -> str:
    """Show one: what it is told, and the log."""
    site = sites.find_site(site_key)
    return _one(site, service.find(site.id, webhook_id))


@bp.post(ONE)
@administrators
def update_webhook(site_key: str, webhook_id: str) -> Any:
    """Change address and events, or switch it on and off."""
    site = sites.find_site(site_key)
    url, events = request.form.get("url", ""), request.form.getlist("event")
    try:
        service.change(site.id, webhook_id, url=url, events=events, on="on" in request.form)
    except Invalid as error:
        hook = service.find(site.id, webhook_id)
        return _one(site, hook, typed=request.form, picked=events, faults=_faults(error)), 422
    return redirect(_place(site, webhook_id, saved=1), 303)


@bp.post(f"{ONE}/removal")
@administrators
def remove_webhook(site_key: str, webhook_id: str) -> Any:
    service.remove(sites.find_site(site_key).id, webhook_id)
    return redirect(url_for("console.webhooks", removed=1), 303)


@bp.post(f"{ONE}/secret")
@administrators
@confirmed
@_paced
def create_webhook_secret(site_key: str, webhook_id: str) -> Any:
    """Make a new secret and show it this one time; for a day both sign."""
    site = sites.find_site(site_key)
    secret = service.rotate(site.id, webhook_id)
    return _one(site, service.find(site.id, webhook_id), secret=secret, rotated=True)


@bp.post(f"{ONE}/tests")
@administrators
@_paced
def create_webhook_test(site_key: str, webhook_id: str) -> Any:
    """Send a harmless event now; the log has what came of it."""
    site = sites.find_site(site_key)
    tried = deliveries.test(site.id, webhook_id)
    return redirect(_place(site, webhook_id, tried=tried.id), 303)


@bp.post(f"{ONE}/deliveries/<delivery_id>/resending")
@administrators
def create_resending(site_key: str, webhook_id: str, delivery_id: str) -> Any:
    """Send one again, under the id it had."""
    site = sites.find_site(site_key)
    deliveries.resend(service.find(site.id, webhook_id), delivery_id)
    return redirect(_place(site, webhook_id, resent=delivery_id), 303)


def _place(site: Site, webhook_id: str, **query: Any) -> str:
    return url_for("console.webhook", site_key=site.key, webhook_id=webhook_id, **query)


def _faults(error: Invalid | Conflict) -> dict[str, str]:
    fields = error.details.get("fields") or {"": [str(error)]}
    return {name: said[0] for name, said in fields.items()}


def _all(**values: Any) -> str:
    places = {site.id: site for site in sites.all_sites()}
    return page(
        "webhooks.html",
        hooks=[(each, places[each.site_id]) for each in service.everywhere()],
        places=sites.open_sites(),
        events=EVENTS,
        removed="removed" in request.args,
        **values,
        **shell(),
    )


def _one(site: Site, hook: Webhook, **values: Any) -> str:
    asked = request.args
    state = asked.get("state") if asked.get("state") in STATES else None
    log, more = deliveries.log(hook.site_id, hook.id, state=state, before=asked.get("before"))
    return page(
        "webhook.html",
        hook=hook,
        owner=site,
        events=EVENTS,
        log=log,
        more=more,
        state=state,
        states=STATES,
        **{name: asked.get(name) for name in ("saved", "tried", "resent")},
        **values,
        **shell(),
    )
