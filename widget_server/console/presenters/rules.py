"""A rule as people read it, and as its form has it."""

from collections.abc import Mapping
from typing import Any

from ...agents import service as agents
from ...agents import teams
from ...desk import replies
from ...rules import grammar
from ...rules.models import Rule
from ...sites import service as sites
from ...webhooks import service as webhooks
from ..language import Words

NEW: dict[str, Any] = {
    "name": "",
    "occasion": grammar.OPENED,
    "match": grammar.ALL,
    "conditions": [],
    "acts": [{"act": grammar.ASSIGN, "value": ""}],
}

#: What a fresh condition and a fresh act begin as.
CONDITION = {"field": grammar.TEXT, "not": False, "value": ""}
ACT = {"act": grammar.ADD_TAG, "value": ""}


class Names:
    """What the values of a rule are called; read once a page."""

    def __init__(self, words: Words) -> None:
        everywhere = sites.all_sites()
        self.words = words
        self.sites = {site.key: site.name for site in everywhere}
        self.categories = {
            f"{site.key}/{each.id}": f"{site.name} · {words.of(each.name)}"
            for site in everywhere
            for each in sites.categories(site.id)
        }
        self.people = {f"agent:{each.id}": each.name for each in agents.all_agents()}
        self.teams = {f"team:{each['id']}": each["name"] for each in teams.all_teams()}
        self.replies = {each.id: each.name for each in replies.all_replies()}
        called = {site.id: site.name for site in everywhere}
        self.hooks = {
            each.id: f"{called[each.site_id]} · {each.url}" for each in webhooks.everywhere()
        }

    def of_field(self, field: str, value: str) -> str:
        match field:
            case "site":
                return self.sites.get(value, "?")
            case "category":
                return self.categories.get(value, "?")
            case "priority":
                return self.words(f"priority.{value}")
        return value

    def of_act(self, act: str, value: str) -> str:
        match act:
            case "assign" | "notify":
                if value == grammar.ASSIGNEE:
                    return self.words("rules.assignee")
                return self.people.get(value) or self.teams.get(value, "?")
            case "priority":
                return self.words(f"priority.{value}")
            case "reply":
                return self.replies.get(value, "?")
            case "webhook":
                return self.hooks.get(value, "?")
            case "note":
                return value if len(value) <= 80 else f"{value[:79]}…"
        return value


def conditions(rule: Rule, names: Names) -> list[str]:
    said = names.words
    return [
        said(
            f"rules.{'not' if each['not'] else 'is'}.{each['field']}",
            value=names.of_field(each["field"], each["value"]),
        )
        for each in rule.conditions
    ]


def acts(rule: Rule, names: Names) -> list[str]:
    return [act(each, names) for each in rule.acts]


def act(given: Mapping[str, Any], names: Names) -> str:
    return names.words(
        f"rules.does.{given['act']}", value=names.of_act(given["act"], given["value"])
    )


def form(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in NEW}


def typed(given: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form says, with the row its button adds or takes away."""
    rule: dict[str, Any] = {
        "name": given.get("name", ""),
        "occasion": given.get("occasion", ""),
        "match": given.get("match", grammar.ALL),
        "conditions": [
            {
                "field": given[f"c{n}-field"],
                "not": given.get(f"c{n}-not") == "1",
                "value": given.get(f"c{n}-value", ""),
            }
            for n in range(grammar.CONDITIONS + 1)
            if f"c{n}-field" in given
        ],
        "acts": [
            {"act": given[f"a{n}-act"], "value": given.get(f"a{n}-value", "")}
            for n in range(grammar.MOST_ACTS + 1)
            if f"a{n}-act" in given
        ],
    }
    verb, _, number = given.get("do", "").partition(":")
    what = verb.removeprefix("add-").removeprefix("drop-")
    rows: list[dict[str, Any]] = rule["acts" if what == "act" else "conditions"]
    if verb.startswith("add-"):
        rows.append(dict(ACT if what == "act" else CONDITION))
    elif verb.startswith("drop-") and number.isascii() and number.isdecimal():
        del rows[int(number[:3]) : int(number[:3]) + 1]
    return rule


def did(data: Mapping[str, Any], words: Words) -> str:
    """Return what the history tells of a rule: each act, and why one came to nothing."""
    told = []
    for each in data["did"]:
        text = words(f"rules.did.{each['act']}")
        if "idle" in each:
            text = words("rules.idle", act=text, why=words(f"rules.idle.{each['idle']}"))
        elif each["to"] and each["act"] != grammar.NOTE:
            value = each["to"]
            if each["act"] == grammar.SET_PRIORITY:
                value = words(f"priority.{value}")
            text = f"{text} {value}"
        told.append(text)
    return words("event.rule", rule=data["rule"], did="; ".join(told))
