"""Rules as administrators keep them: in order, on or off. No HTTP."""

from collections.abc import Mapping
from typing import Any

from .. import audit
from ..clock import stamp
from ..database import execute, fetch, insert, query, transaction
from ..errors import Conflict, NotFound
from ..ids import new_id
from . import grammar
from .models import Rule

#: Counting stops here.
COUNTED = 1_000


class RuleChanged(Conflict):
    code, message = "changed_meanwhile", "The rule was changed since its rehearsal was shown."


def all_rules() -> list[Rule]:
    return fetch(Rule, "1 = 1 ORDER BY place, id")


def enabled(occasion: str) -> list[Rule]:
    """Return the rules of an occasion that are on, in their order."""
    return fetch(Rule, "enabled_at IS NOT NULL AND occasion = ? ORDER BY place, id", occasion)


def any_enabled(occasion: str) -> bool:
    return bool(
        query("SELECT 1 FROM rule WHERE enabled_at IS NOT NULL AND occasion = ? LIMIT 1", occasion)
    )


def find(rule_id: str) -> Rule:
    found = fetch(Rule, "id = ?", rule_id)
    if not found:
        raise NotFound("No such rule.")
    return found[0]


def save(rule_id: str | None, given: Mapping[str, Any]) -> str:
    """Write a rule and return its id. What was changed is off until it is rehearsed anew."""
    checked, now = grammar.check(given), stamp()
    if rule_id is not None:
        rule = find(rule_id)
        if all(getattr(rule, name) == value for name, value in checked.items()):
            return rule_id
    values = {**checked, "enabled_at": None, "changed_at": now}
    with transaction():
        if rule_id is None:
            ((count, last),) = query("SELECT count(*), coalesce(max(place), 0) FROM rule")
            if count >= grammar.MOST:
                raise Conflict(f"At most {grammar.MOST} rules.")
            rule_id = new_id()
            insert(Rule, id=rule_id, place=last + 1, created_at=now, **values)
        else:
            Rule.update(**values).where(Rule.id == rule_id).execute()
        audit.note("rule.saved", name=checked["name"])
    return rule_id


def switch_on(rule_id: str, seen: str) -> None:
    """Let a rule act. ``seen``: the version whose rehearsal was looked at."""
    with transaction():
        rule = find(rule_id)
        if rule.changed_at != seen:
            raise RuleChanged()
        execute(
            "UPDATE rule SET enabled_at = coalesce(enabled_at, ?) WHERE id = ?", stamp(), rule_id
        )
        audit.note("rule.enabled", name=rule.name)


def switch_off(rule_id: str) -> None:
    with transaction():
        rule = find(rule_id)
        execute("UPDATE rule SET enabled_at = NULL WHERE id = ?", rule_id)
        audit.note("rule.disabled", name=rule.name)


def move(rule_id: str, *, up: bool) -> None:
    """Let a rule change places with its neighbour."""
    with transaction():
        find(rule_id)
        order = [rule.id for rule in all_rules()]
        place = order.index(rule_id)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(order):
            return
        order[place], order[other] = order[other], order[place]
        for number, each in enumerate(order, 1):
            execute("UPDATE rule SET place = ? WHERE id = ?", number, each)
        audit.note("rule.moved", name=find(rule_id).name)


def remove(rule_id: str) -> None:
    with transaction():
        rule = find(rule_id)
        execute("DELETE FROM rule WHERE id = ?", rule_id)
        audit.note("rule.removed", name=rule.name)


def runs(days: int = 30) -> dict[str, int]:
    """Return how often each rule acted lately, each up to :data:`COUNTED`."""
    since = stamp(seconds=-days * 86_400)
    return {rule.id: _runs(rule.id, since) for rule in all_rules()}


def _runs(rule_id: str, since: str) -> int:
    rows = query(
        "SELECT count(*) FROM (SELECT 1 FROM rule_run WHERE rule_id = ? AND at > ?"
        " LIMIT ?) counted",
        rule_id, since, COUNTED,
    )  # fmt: skip
    return int(rows[0][0])
