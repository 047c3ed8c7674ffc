"""Agents are told when an address is told nothing any more."""

from ..agents import service as agents
from ..agents.models import ADMINISTRATOR
from ..mail import outbox
from ..mail.addresses import AGENT
from ..sites.service import site_of
from .models import Webhook


def raise_for(hook: Webhook) -> None:
    """Write to every administrator, in the caller's transaction."""
    path = f"/console/webhooks/{site_of(hook.site_id).key}/{hook.id}"
    for agent in agents.all_agents():
        if agent.role == ADMINISTRATOR:
            outbox.write(
                site_id=hook.site_id,
                kind="hook_off",
                recipient=agent.email,
                recipient_name=agent.name,
                audience=AGENT,
                locale=agent.locale,
                about={"hook": hook.url, "path": path},
                once=f"hook:{hook.id}:{hook.failing_since or hook.changed_at}:{agent.email}",
            )
