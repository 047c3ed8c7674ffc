"""Webhooks as programs keep them: addresses, their secrets, and what was delivered."""

from typing import Any

from flask import Response

from ...webhooks import deliveries, schemas, service
from .. import reading
from ..guards import allowed, site_of
from .frame import TOKEN, answer, bp

READ, WRITE = "webhooks:read", "webhooks:write"
ALL = "/sites/<site_key>/webhooks"
ONE = f"{ALL}/<webhook_id>"


@bp.get(ALL)
@allowed(READ)
@bp.alt_response(200, schema=schemas.Webhooks)
@bp.doc(**TOKEN)
def agent_webhooks(site_key: str) -> Response:
    """List a site's webhooks; secrets are not shown again."""
    site = site_of(site_key)
    shown = [reading.webhook(each, site.key) for each in service.of_site(site.id)]
    return answer({"webhooks": shown})


@bp.post(ALL)
@allowed(WRITE)
@bp.arguments(schemas.NewWebhook())
@bp.alt_response(201, schema=schemas.WebhookView)
@bp.doc(**TOKEN)
def agent_create_webhook(data: dict[str, Any], site_key: str) -> Response:
    """Make a webhook; its secret is in this answer and nowhere else."""
    site = site_of(site_key)
    made, secret = service.create(site.id, **data)
    return answer(reading.webhook(made, site.key) | {"secret": secret}, 201)


@bp.get(ONE)
@allowed(READ)
@bp.alt_response(200, schema=schemas.WebhookView)
@bp.doc(**TOKEN)
def agent_webhook(site_key: str, webhook_id: str) -> Response:
    """Return one webhook."""
    site = site_of(site_key)
    return answer(reading.webhook(service.find(site.id, webhook_id), site.key))


@bp.put(ONE)
@allowed(WRITE)
@bp.arguments(schemas.WebhookChange())
@bp.alt_response(200, schema=schemas.WebhookView)
@bp.doc(**TOKEN)
def agent_update_webhook(data: dict[str, Any], site_key: str, webhook_id: str) -> Response:
    """Change a webhook; ``active`` switches it on and off."""
    site = site_of(site_key)
    on = data.pop("active")
    service.change(site.id, webhook_id, on=on, **data)
    return answer(reading.webhook(service.find(site.id, webhook_id), site.key))


@bp.delete(ONE)
@allowed(WRITE)
@bp.response(204)
@bp.doc(**TOKEN)
def agent_remove_webhook(site_key: str, webhook_id: str) -> None:
    """Remove a webhook and its log."""
    service.remove(site_of(site_key).id, webhook_id)


@bp.post(f"{ONE}/secret")
@allowed(WRITE)
@bp.alt_response(201, schema=schemas.WebhookView)
@bp.doc(**TOKEN)
def agent_create_webhook_secret(site_key: str, webhook_id: str) -> Response:
    """Make a new secret; for a day both sign."""
    site = site_of(site_key)
    secret = service.rotate(site.id, webhook_id)
    shown = reading.webhook(service.find(site.id, webhook_id), site.key)
    return answer(shown | {"secret": secret}, 201)


@bp.post(f"{ONE}/tests")
@allowed(WRITE)
@bp.alt_response(201, schema=schemas.WebhookDelivery)
@bp.doc(**TOKEN)
def agent_create_webhook_test(site_key: str, webhook_id: str) -> Response:
    """Send `webhook.test` now and return what came of it."""
    return answer(reading.delivery(deliveries.test(site_of(site_key).id, webhook_id)), 201)


@bp.get(f"{ONE}/deliveries")
@allowed(READ)
@bp.arguments(schemas.DeliveriesQuery(), location="query")
@bp.alt_response(200, schema=schemas.WebhookDeliveries)
@bp.doc(**TOKEN)
def agent_webhook_deliveries(args: dict[str, Any], site_key: str, webhook_id: str) -> Response:
    """List what a webhook was told in the last 30 days, the latest first."""
    hook = service.find(site_of(site_key).id, webhook_id)
    found, more = deliveries.log(hook.site_id, hook.id, **args)
    return answer({"deliveries": [reading.delivery(each) for each in found], "next": more})


@bp.post(f"{ONE}/deliveries/<delivery_id>/resending")
@allowed(WRITE)
@bp.alt_response(202, schema=schemas.WebhookDelivery)
@bp.doc(**TOKEN)
def agent_create_resending(site_key: str, webhook_id: str, delivery_id: str) -> Response:
    """Send a delivery again, under the same id."""
    hook = service.find(site_of(site_key).id, webhook_id)
    delivery_id = delivery_id.removeprefix("msg_")
    deliveries.resend(hook, delivery_id)
    return answer(reading.delivery(deliveries.find(hook, delivery_id)), 202)
