"""A row of the audit log as a sentence."""

from typing import Any

from ... import money
from ...audit import Audit
from ...sites.models import Site
from ..language import Words, catalog

#: What the log can be narrowed to.
GROUPS = (
    "ticket",
    "site",
    "category",
    "agent",
    "team",
    "token",
    "person",
    "account",
    "webhook",
    "rule",
)


#: What only programs need to know.
UNSAID = {"category", "order", "version"}


def row(row: Audit, sites: dict[int, Site], words: Words) -> dict[str, Any]:
    site = sites.get(row.about_site) if row.about_site is not None else None
    return {
        "at": row.at,
        "who": row.agent_name,
        "via": row.via,
        "address": row.address,
        "text": _said(row.act, words),
        "detail": _detail(row, words),
        "site": site,
        "number": row.number,
    }


def _said(act: str, words: Words) -> str:
    """Return an act in words; a program's is called as it is in the console."""
    known = catalog(words.language)
    names = (act, act.removeprefix("agent_"))
    told = (known.get(f"audit.act.{name}") for name in names)
    return next(filter(None, told), act.replace("_", " "))


def _detail(row: Audit, words: Words) -> str:
    """Return what changed, from what to what where both are known."""
    data = row.data
    match row.act:
        case "ticket.state":
            return f"{words('state.' + data['from'])} → {words('state.' + data['to'])}"
        case "ticket.progress":
            return f"{data['from']} % → {data['to']} %"
        case "ticket.category":
            return words.of(data["to"])
        case "ticket.checklist":
            return f"{data['done']}/{data['of']}"
        case "ticket.assigned":
            return data["to"] or words("rail.nobody")
        case "agent.role":
            return (
                f"{data['agent']}: {words('role.' + data['was'])} → {words('role.' + data['to'])}"
            )
        case "agent.invited":
            return f"{data['agent']} · {words('role.' + data['role'])}"
        case "team.saved":
            members = words.count("teams.members", data["members"])
            return f"{data['name']} · {words('teams.mode.' + data['mode'])} · {members}"
        case "rule.acted":
            return ", ".join(words(f"rules.act.{act}") for act in data["did"])
        case "token.created":
            return str(data["name"])
        case "ticket.surplus" | "ticket.part_refunded" | "ticket.return_asked":
            sum = money.shown(data["amount"], data["currency"], words.language)
            return f"{data['number']} · {sum}"
        case "ticket.order_moved":
            return f"{data['number']} → {words('order.' + data['to'])}"
        case "ticket.snoozed":
            return words.exact(data["until"]) if data["until"] else ""
        case "ticket.address":
            return f"{data['from'] or '–'} → {data['to']}"
        case "agent.limited":
            return f"{data['agent']} · {words.count('team.sees', data['sites'])}"
    parts = [_part(value, words) for name, value in data.items() if name not in UNSAID]
    return " · ".join(part for part in parts if part)


def _part(value: Any, words: Words) -> str:
    if isinstance(value, dict):
        return words.of(value) if value and all(isinstance(v, str) for v in value.values()) else ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
