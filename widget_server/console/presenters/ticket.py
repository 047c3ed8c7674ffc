"""One ticket as agents see it: the conversation with notes and events, and the cards beside it."""

from typing import Any

from markupsafe import Markup, escape

from ... import money
from ...attachments.models import Attachment
from ...desk.models import Sending
from ...identity.models import Requester
from ...sites.models import Category, Site
from ...text import plain_to_html, to_html
from ...tickets.forms import labelled
from ...tickets.models import Event, Message, Ticket
from ..language import Words
from . import rules
from .people import initials, name_of

#: Events that the first message already tells.
SILENT = {"opened"}


def thread(
    messages: list[Message],
    events: list[Event],
    files: list[Attachment],
    *,
    words: Words,
    requester: str,
    agent_id: int,
) -> list[dict[str, Any]]:
    """Merge messages and events by time; what happened stands before what was said of it."""
    by_message: dict[str | None, list[dict[str, Any]]] = {}
    for each in files:
        by_message.setdefault(each.message_id, []).append(file(each, words))
    entries = [
        message(each, by_message.get(each.id, []), requester=requester, agent_id=agent_id)
        for each in messages
    ]
    entries += [event(each, words) for each in events if each.kind not in SILENT]
    return sorted(entries, key=lambda entry: (entry["at"], entry["type"], entry["id"]))


def message(
    message: Message, files: list[dict[str, Any]], *, requester: str, agent_id: int
) -> dict[str, Any]:
    by_agent = message.author == "agent"
    name = message.author_name or ("" if by_agent else requester)
    return {
        "type": "message",
        "id": message.id,
        "at": message.sent_at,
        "kind": "note" if message.internal_at else message.author,
        "name": name,
        "initials": initials(name),
        "mine": by_agent and message.author_id == str(agent_id),
        # Both renderers return sanitised HTML; nothing else of a person's text is marked safe.
        "html": to_html(message.body) if by_agent else plain_to_html(message.body),
        "files": files,
        "quoted": plain_to_html(message.quoted) if message.quoted else None,
        "mailed": message.via == "mail",
    }


def waiting(sending: Sending | None) -> dict[str, Any] | None:
    """Return a reply that can still be taken back."""
    if sending is None:
        return None
    return {
        "id": sending.id,
        "name": sending.agent_name,
        "until": sending.due_at,
        "html": to_html(sending.body),
        "files": len(sending.files),
    }


def file(attachment: Attachment, words: Words) -> dict[str, Any]:
    return {
        "id": attachment.id,
        "name": attachment.name,
        "size": words.size(attachment.size),
        "kind": attachment.kind,
        "preview": attachment.preview_at is not None,
    }


def event(event: Event, words: Words) -> dict[str, Any]:
    return {
        "type": "event",
        "id": event.id,
        "at": event.at,
        "kind": event.kind,
        "text": _told(event, words),
    }


def _told(event: Event, words: Words) -> str:
    name = event.actor_name or words("person.requester")
    if event.actor == "rule":
        name = words("rules.by", name=name)
    data = event.data
    match event.kind:
        case "state":
            return words("event.state", name=name, to=words(f"state.{data['to']}"))
        case "progress":
            return words("event.progress", name=name, to=data["to"])
        case "category":
            return words("event.category", name=name, to=words.of(data["to"]))
        case "rated":
            said = words(f"event.rated.{'good' if data['good'] else 'bad'}", name=name)
            return f"{said}: {data['comment']}" if data["comment"] else said
        case "checklist":
            return words("event.checklist", name=name, done=data["done"], of=data["of"])
        case "order_moved":
            to = words(f"order.{data['to']}")
            return words("event.order_moved", number=data["number"], to=to)
        case "part_refunded" | "return_asked":
            sum = money.shown(data["amount"], data["currency"], words.language)
            return words(f"event.{event.kind}", name=name, number=data["number"], amount=sum)
        case "quoted" | "ordered" | "accepted" | "declined" | "paid" | "refunded" | "surplus":
            return words(f"event.{event.kind}", name=name, number=data["number"])
        case "assigned" if event.actor == "system":
            return words("event.given", to=data["to"])
        case "assigned" if data["to"] is None:
            return words("event.unassigned", name=name)
        case "assigned" if data["to"] == event.actor_name:
            return words("event.taken", name=name)
        case "assigned":
            return words("event.assigned", name=name, to=data["to"])
        case "rule":
            return rules.did(data, words)
        case "priority":
            return words("event.priority", name=name, to=words(f"priority.{data['to']}"))
        case "tagged":
            return words("event.tagged", name=name, tags=_tags(data))
        case "merged":
            return words("event.merged", name=name, number=data["number"])
        case "address":
            return words("event.address", name=name, before=data["from"] or "–", to=data["to"])
        case "snoozed" if data["until"] is None:
            return words("event.snoozed_reply", name=name)
        case "snoozed":
            at = data["until"]
            # An element, so that the browser puts it into the reader's own time.
            until = Markup('<time datetime="{}" data-exact>{}</time>').format(at, words.exact(at))
            return Markup(words("event.snoozed", name=escape(name), until=until))
        case _:
            return words(f"event.{event.kind}", name=name)


def _tags(data: dict[str, Any]) -> str:
    return " ".join([f"+{tag}" for tag in data["added"]] + [f"−{tag}" for tag in data["removed"]])


def requester_card(ticket: Ticket, requester: Requester, site: Site) -> dict[str, Any]:
    """Return who asks and how sure we are of it."""
    email = ticket.email or requester.email
    verified = requester.email_verified_at is not None and email == requester.email
    return {
        "name": name_of(requester.name, email),
        "initials": initials(name_of(requester.name, email)),
        "email": email,
        "email_verified": verified,
        "identified": requester.sub is not None,
        "sub": requester.sub,
        "claims": requester.claims or {},
        "site": site.name,
        "opened": requester.opened,
    }


def context(ticket: Ticket, words: Words) -> list[dict[str, Any]]:
    """Return what the page told of itself, in reading order; only web addresses become links."""
    told = dict(ticket.context or {})
    host = told.pop("host", None) or {}
    shown = [
        {"label": words(f"context.{name}"), "value": told[name], "link": _is_web(told[name])}
        for name in ("url", "title", "browser", "viewport", "language")
        if told.get(name)
    ]
    return shown + [
        {"label": name, "value": value, "link": _is_web(value)} for name, value in host.items()
    ]


def _is_web(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def answers(ticket: Ticket, category: Category | None, words: Words) -> list[dict[str, str]]:
    return labelled(category, ticket.fields, words.language)
