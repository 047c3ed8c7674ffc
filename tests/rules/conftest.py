"""Rules that are on, and the ticket they act on."""

import json

import pytest

from widget_server.database import query
from widget_server.rules import service
from widget_server.tickets import service as tickets

from ..webhooks.conftest import boss, browser, clerk, letters, program, receiver, settings

__all__ = ["boss", "browser", "clerk", "letters", "program", "receiver", "settings"]


@pytest.fixture
def rule(app):
    """Make a rule and switch it on: ``rule("opened", [conditions], [acts])``."""

    def make(occasion, conditions, acts, *, match="all", name="Rule", on=True):
        given = {
            "name": name,
            "occasion": occasion,
            "match": match,
            "conditions": [
                {"field": field, "value": value, "not": bool(more)}
                for field, value, *more in conditions
            ],
            "acts": [{"act": act, "value": value} for act, value in acts],
        }
        made = service.find(service.save(None, given))
        if on:
            service.switch_on(made.id, made.changed_at)
        return made

    return make


@pytest.fixture
def ticket(ada, site):
    """Return the ticket as it is now, whatever happened to it."""
    made = ada.open(title="Pedido con IVA duplicado", body="Ayuda,\npor  favor. ¡Es URGENTE!")
    return lambda: tickets.find_by_id(site.id, made["id"])


def did(ticket):
    """Return what the history says rules did: the rule, and each act."""
    rows = query(
        "SELECT actor_name, data, internal_at FROM event WHERE ticket_id = ? AND kind = 'rule'"
        " ORDER BY at, id",
        ticket.id,
    )
    assert all(internal for *_, internal in rows)
    return [(name, json.loads(data)["did"]) for name, data, _ in rows]
