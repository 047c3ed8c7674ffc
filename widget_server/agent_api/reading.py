"""What programs read: the inbox, one ticket whole, sites, agents and teams, as plain values."""

from typing import Any

from ..agents import service as agents
from ..agents import teams
from ..agents.models import ADMINISTRATOR, Agent
from ..attachments import service as attachments
from ..audit import Audit
from ..desk import finding
from ..rules.models import Rule
from ..sites import service as registry
from ..sites.look import complete
from ..sites.models import Category, Site
from ..tickets import inbox, service
from ..tickets.models import Event, Message, Ticket
from ..tickets.states import COMPLETED, IN_PROGRESS, WAITING
from ..webhooks.models import Delivery, Webhook


def view(name: str, agent_id: int, site_id: int | None) -> inbox.View:
    """Return the part of the inbox a name stands for; who waits longest comes first."""
    match name:
        case "mine":
            return inbox.View(inbox.OPEN, agent_id, site_id)
        case "unassigned":
            return inbox.View(inbox.OPEN, inbox.NOBODY, site_id)
        case "waiting":
            return inbox.View((WAITING,), None, site_id, oldest_first=True)
        case "due":
            return inbox.View(inbox.OPEN, None, site_id, by_due=True)
        case "in_progress":
            return inbox.View((IN_PROGRESS,), None, site_id)
        case "snoozed":
            return inbox.View(inbox.OPEN, None, site_id, asleep=True)
        case "completed":
            return inbox.View((COMPLETED,), None, site_id)
        case _:
            return inbox.View(inbox.OPEN, None, site_id)


def search(text: str, agent_id: int, sites: list[Site]) -> list[inbox.Row]:
    """Return what a search with the console's operators finds; a number's tickets come first."""
    number = text.removeprefix("#")
    ids = {site.id for site in sites}
    by_number = (
        inbox.find_by_number(int(number), ids)
        if number.isascii() and number.isdecimal() and len(number) < 16
        else []
    )
    known = {row.id for row in by_number}
    only = next(iter(ids)) if len(ids) == 1 else None
    by_text = [row for row in finding.find(text, agent_id, only) if row.site_id in ids]
    return by_number + [row for row in by_text if row.id not in known]


def rows(found: list[inbox.Row]) -> list[dict[str, Any]]:
    names = agents.names()
    return [
        {
            "id": row.id,
            "number": row.number,
            "site": {"key": row.site_key, "name": row.site_name},
            "title": row.title,
            "state": row.state,
            "progress": row.progress,
            "updated_at": row.updated_at,
            "due_at": row.due_at,
            "priority": row.priority,
            "tags": row.tags,
            "unread": row.unread_since is not None,
            "assignee": _ref(row.assignee_id, names),
            "category": row.category,
            "requester": {"name": row.requester_name, "email": row.email},
        }
        for row in found
    ]


def detail(site: Site, ticket: Ticket) -> dict[str, Any]:
    """Return a ticket with everything said and done, notes included."""
    return summary(site, ticket) | {"thread": _thread(ticket)}


def summary(site: Site, ticket: Ticket) -> dict[str, Any]:
    """Return a ticket without its thread."""
    requester = service.requester_of(ticket)
    return {
        "id": ticket.id,
        "number": ticket.number,
        "site": {"key": site.key, "name": site.name},
        "title": ticket.title,
        "state": ticket.state,
        "progress": ticket.progress,
        "checklist": ticket.checklist,
        "category": ticket.category_id,
        "assignee": _ref(ticket.assignee_id, agents.names()),
        "requester": {
            "id": requester.id,
            "name": requester.name,
            "email": ticket.email or requester.email,
            "email_verified": requester.email_verified_at is not None
            and ticket.email in (None, requester.email),
            "sub": requester.sub,
            "claims": requester.claims or {},
        },
        "fields": ticket.fields,
        "context": ticket.context,
        "locale": ticket.locale,
        "opened_at": ticket.opened_at,
        "updated_at": ticket.updated_at,
        "answered_at": ticket.answered_at,
        "completed_at": ticket.completed_at,
        "due_at": ticket.due_at,
        "priority": ticket.priority,
        "tags": ticket.tags,
    }


def _thread(ticket: Ticket) -> list[dict[str, Any]]:
    messages, events, files = inbox.conversation(ticket)
    by_message: dict[str | None, list[dict[str, Any]]] = {}
    for file in files:
        by_message.setdefault(file.message_id, []).append(attachments.view(file))
    entries = [message(each, by_message.get(each.id, [])) for each in messages]
    entries += [_event(each) for each in events]
    return sorted(entries, key=lambda entry: (entry["at"], entry["type"], entry["id"]))


def message(message: Message, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "note" if message.internal_at else "reply",
        "id": message.id,
        "at": message.sent_at,
        "author": {"kind": message.author, "name": message.author_name},
        "body": message.body,
        "quoted": message.quoted,
        "attachments": files,
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "type": "event",
        "id": event.id,
        "at": event.at,
        "author": {"kind": event.actor, "name": event.actor_name},
        "kind": event.kind,
        "data": event.data,
    }


def site(site: Site, categories: list[Category]) -> dict[str, Any]:
    return {
        "key": site.key,
        "name": site.name,
        "origins": site.origins,
        "categories": [category(each) for each in categories],
        **contact(site),
    }


def contact(site: Site) -> dict[str, Any]:
    settings = complete(site.settings)
    return {name: settings[name] for name in ("contact", "calendars", "channels")}


def category(category: Category) -> dict[str, Any]:
    return {
        "id": category.id,
        "name": category.name,
        "hint": category.hint,
        "icon": category.icon,
        "notice": category.notice,
        "fields": category.fields,
    }


def agent(
    agent: Agent, limits: dict[int, frozenset[int]], link: str | None = None
) -> dict[str, Any]:
    """Return an agent; ``link``: where they choose their password, if it was not mailed."""
    return {
        "id": agent.id,
        "name": agent.name,
        "email": agent.email,
        "role": agent.role,
        "locale": agent.locale,
        "active": agent.disabled_at is None,
        "invited": agent.invited,
        "second_factor": agent.totp_at is not None,
        "sites": _sites(agent, limits),
        "invitation_link": link,
    }


def _sites(agent: Agent, limits: dict[int, frozenset[int]]) -> list[str] | None:
    """Return the keys of the sites an agent is limited to, of those within reach."""
    if agent.role == ADMINISTRATOR or agent.id not in limits:
        return None
    return [site.key for site in registry.all_sites() if site.id in limits[agent.id]]


def all_teams(sites: list[Site]) -> list[dict[str, Any]]:
    keys = {site.id: site.key for site in sites}
    return [
        team
        | {
            "duties": [
                {"site": keys[site_id], "category": category}
                for site_id, category in team["duties"]
                if site_id in keys
            ]
        }
        for team in teams.all_teams()
    ]


def logged(row: Audit, sites: dict[int, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "agent": {"id": row.agent_id, "name": row.agent_name},
        "via": row.via,
        "act": row.act,
        "site": sites.get(row.about_site) if row.about_site is not None else None,
        "number": row.number,
        "data": row.data,
        "address": row.address,
    }


def webhook(hook: Webhook, site_key: str) -> dict[str, Any]:
    return {
        "id": hook.id,
        "site": site_key,
        "url": hook.url,
        "events": hook.events,
        "active": hook.disabled_at is None,
        "off_because": hook.disabled_because,
        "failing_since": hook.failing_since,
        "created_at": hook.created_at,
        "changed_at": hook.changed_at,
    }


def delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": f"msg_{delivery.id}",
        "event": delivery.event,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "status": delivery.status,
        "duration_ms": delivery.duration,
        "answer": delivery.answer,
        "error": delivery.error,
        "created_at": delivery.created_at,
        "tried_at": delivery.tried_at,
        "next_at": delivery.next_at,
    }


def rule(rule: Rule, runs: int) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "active": rule.enabled_at is not None,
        "when": rule.occasion,
        "match": rule.match,
        "conditions": rule.conditions,
        "acts": rule.acts,
        "runs": runs,
        "created_at": rule.created_at,
        "changed_at": rule.changed_at,
    }


def _ref(agent_id: int | None, names: dict[int, str]) -> dict[str, Any] | None:
    return None if agent_id is None else {"id": agent_id, "name": names.get(agent_id, "")}
