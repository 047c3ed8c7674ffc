"""What a rule does to a ticket, under the rule's own name, inside its caller's transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .. import audit
from ..agents import service as agents
from ..agents import teams
from ..clock import stamp
from ..database import query
from ..desk import replies
from ..errors import NotFound, VentanillaError
from ..mail import outbox
from ..mail.addresses import AGENT
from ..sites.service import site_of
from ..tickets import labels, ledger, service
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from ..webhooks import listening
from ..webhooks import service as webhooks
from . import grammar
from .models import Rule

#: A rule's reply goes to a ticket once in so many seconds: two machines must not write each other.
REPLY_AGAIN = 86_400

_acting: ContextVar[bool] = ContextVar("rules acting", default=False)


class Idle(Exception):
    """An act that came to nothing; the text names the reason, for the history."""


def is_acting() -> bool:
    """Is what happens now a rule's doing?"""
    return _acting.get()


@contextmanager
def as_rule(rule: Rule) -> Iterator[None]:
    """What happens inside is this rule's doing: no rule considers it, the log names it."""
    token = _acting.set(True)
    audit.enter(audit.Acting(None, rule.name, audit.RULE))
    try:
        yield
    finally:
        audit.leave()
        _acting.reset(token)


def act(rule: Rule, ticket: Ticket, event: str) -> bool:
    """Do what a rule says, write down what came of it, and return whether it replied."""
    done: list[dict[str, str]] = []
    for each in rule.acts:
        try:
            to = _do(rule, ticket, each["act"], each["value"], event)
            done.append({"act": each["act"], "to": to})
        except (Idle, VentanillaError) as error:
            why = str(error) if isinstance(error, Idle) else "refused"
            done.append({"act": each["act"], "idle": why})
    actor = Actor("rule", rule.id, rule.name)
    ledger.record(ticket, actor, "rule", internal=True, data={"rule": rule.name, "did": done})
    audit.note(
        "rule.acted", site_id=ticket.site_id, ticket=(ticket.id, ticket.number),
        rule=rule.name, did=[each["act"] for each in done if "to" in each],
    )  # fmt: skip
    return any(each["act"] == grammar.REPLY and "to" in each for each in done)


def idle(ticket: Ticket, act: Mapping[str, Any], acts: Sequence[Mapping[str, Any]]) -> bool:
    """Would one of a rule's acts change nothing? For the rehearsal."""
    match act["act"]:
        case "assign":
            return bool(act["value"] == f"agent:{ticket.assignee_id}")
        case "tag":
            return act["value"] in ticket.tags
        case "priority":
            return bool(act["value"] == ticket.priority)
        case "notify":
            assigned = any(each["act"] == grammar.ASSIGN for each in acts)
            return act["value"] == grammar.ASSIGNEE and ticket.assignee_id is None and not assigned
        case "webhook":
            return not _hook(ticket, act["value"])
    return False


def _do(rule: Rule, ticket: Ticket, act: str, value: str, event: str) -> str:
    """Do one act and return whom or what it concerned. Raises :exc:`Idle`."""
    actor = Actor("rule", rule.id, rule.name)
    match act:
        case "assign":
            agent_id, name = _assignee(ticket, value)
            service.assign(ticket, actor, agent_id=agent_id, name=name)
            return name
        case "tag":
            labels.add_tags(ticket, actor, [value])
            return value
        case "priority":
            labels.set_priority(ticket, actor, value)
            return value
        case "reply":
            return _reply(rule, ticket, value)
        case "note":
            voice = _voice(rule, rule.name)
            service.post_message(ticket, voice, body=value, files=[], internal=True)
            return ""
        case "notify":
            return _notify(rule, ticket, value, event)
        case _:
            if not _hook(ticket, value):
                raise Idle("webhook_off")
            listening.tell_one(value, ticket, actor, {"id": rule.id, "name": rule.name})
            return ""


def _voice(rule: Rule, name: str) -> Actor:
    """Whoever writes for the team; the id tells that it was a rule."""
    return Actor("agent", f"rule:{rule.id}", name)


def _assignee(ticket: Ticket, value: str) -> tuple[int, str]:
    kind, _, number = value.partition(":")
    if kind == "team":
        chosen = teams.next_of(int(number), ticket.site_id)
        if chosen is None:
            raise Idle("nobody")
        return chosen
    found = [agent for agent in agents.agents_of(ticket.site_id) if agent.id == int(number)]
    if not found:
        raise Idle("nobody")
    return found[0].id, found[0].name


def _reply(rule: Rule, ticket: Ticket, reply_id: str) -> str:
    reply = replies.find(reply_id)
    if reply.site_id not in (None, ticket.site_id):
        raise Idle("other_site")
    if query(
        "SELECT 1 FROM rule_run WHERE site_id = ? AND ticket_id = ? AND rule_id = ?"
        " AND replied = 1 AND at > ? LIMIT 1",
        ticket.site_id, ticket.id, rule.id, stamp(seconds=-REPLY_AGAIN),
    ):  # fmt: skip
        raise Idle("replied_already")
    site, requester = site_of(ticket.site_id).name, service.requester_of(ticket)
    name = requester.name or ticket.email or requester.email or ""
    body = replies.filled(reply.body, ticket, name=name, site=site, agent=site)
    service.post_message(ticket, _voice(rule, site), body=body, files=[], automatic=True)
    return reply.name


def _notify(rule: Rule, ticket: Ticket, value: str, event: str) -> str:
    told = [
        agent for agent in agents.agents_of(ticket.site_id) if agent.id in _members(ticket, value)
    ]
    if not told:
        raise Idle("nobody")
    for agent in told:
        outbox.write(
            site_id=ticket.site_id,
            ticket_id=ticket.id,
            kind="agent_rule",
            recipient=agent.email,
            recipient_name=agent.name,
            audience=AGENT,
            locale=agent.locale,
            about={"rule": rule.name},
            once=f"{ticket.id}:rule:{rule.id}:{event}:{agent.email}",
        )
    return ", ".join(agent.name for agent in told)


def _members(ticket: Ticket, value: str) -> set[int]:
    if value == grammar.ASSIGNEE:
        now: Ticket = ledger.locked(ticket)
        return {now.assignee_id} if now.assignee_id is not None else set()
    kind, _, number = value.partition(":")
    if kind == "agent":
        return {int(number)}
    return {
        agent_id
        for team in teams.all_teams()
        if team["id"] == int(number)
        for agent_id in team["members"]
    }


def _hook(ticket: Ticket, hook_id: str) -> bool:
    try:
        return webhooks.find(ticket.site_id, hook_id).disabled_at is None
    except NotFound:
        return False
