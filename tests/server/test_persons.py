"""A person takes along what is kept of them, or has it removed to the last file."""

import json

import pytest

from widget_server import persons
from widget_server.attachments import service as attachments
from widget_server.clock import utcnow
from widget_server.database import query
from widget_server.identity.models import Requester
from widget_server.orders import service as orders
from widget_server.orders.pricing import Line
from widget_server.orders.service import Offer
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id

from .test_sessions import PNG


@pytest.fixture
def order(clock, ada, ada_s_ticket, agent, site):
    """An order Ada accepted."""
    offer = Offer("Secret work", [Line("Hours", 1_000, 100, 0)], "EUR", 1, utcnow().date())
    actor = Actor("agent", str(agent.record.id), agent.record.name)
    made = orders.quote(find_by_id(site.id, ada_s_ticket["id"]), actor, offer)
    (shown,) = ada.get(f"/tickets/{ada_s_ticket['id']}").json["orders"]
    path = f"/tickets/{ada_s_ticket['id']}/quotes/{made.quote_id}/acceptance"
    assert ada.post(path, digest=shown["quote"]["digest"]).status_code == 200
    return made


def test_quotes_and_what_was_decided_are_exported_and_erased(order, site):
    person = Requester.get(Requester.sub == "ada")
    (ticket,) = persons.export(site.id, person.id)["tickets"]
    (told,) = ticket["orders"]
    assert (told["quote"], told["order"], told["state"]) == (
        "2026-0001", "2026-0001", "awaiting_payment",
    )  # fmt: skip
    assert told["decisions"][0]["email"] == "ada@customers.example"
    assert told["versions"][0]["title"] == "Secret work"
    persons.erase(site.id, person.id)
    for table in ("purchase", "quote", "decision", "order_move", "receipt"):
        assert query(f"SELECT * FROM {table}") == []
    # Sums of a day name nobody and stay.
    assert query("SELECT quoted, accepted FROM revenue") == [(100, 100)]


@pytest.fixture
def ada_s_ticket(ada, agent, site):
    file = ada.upload("a.png", PNG).json["id"]
    ticket = ada.open(title="Secret thing", body="My address is here", attachments=[file])
    agent.reply(site, ticket["number"], "Answer for Ada")
    agent.reply(site, ticket["number"], "Between us", kind="note")
    return ticket


def test_an_administrator_exports_everything_a_person_wrote_and_was_told(ada_s_ticket, agent, site):
    answer = agent.get(f"/tickets/{site.key}/{ada_s_ticket['number']}/requester/export")
    assert "attachment" in answer.headers["Content-Disposition"]
    data = json.loads(answer.data)
    assert data["person"]["email"] == "ada@customers.example"
    (ticket,) = data["tickets"]
    assert [said["text"] for said in ticket["messages"]] == ["My address is here", "Answer for Ada"]
    assert ticket["files"][0]["name"] == "a.png"
    assert "Between us" not in answer.get_data(as_text=True)


def test_erasing_leaves_no_trace_in_database_or_on_disk(ada_s_ticket, agent, bruno, site):
    kept = bruno.open(title="Bruno's")
    (path,) = [row[0] for row in query("SELECT id FROM attachment")]
    place = f"/tickets/{site.key}/{ada_s_ticket['number']}/requester/erasure"
    assert "1 " in agent.get(place).get_data(as_text=True)
    assert agent.post(place).status_code == 303
    for table in ("ticket", "message", "event", "attachment", "mail", "incoming", "requester",
                  "session", "ticket_search", "idempotency"):  # fmt: skip
        rows = str(query(f"SELECT * FROM {table}"))
        for trace in ("ada@customers", "Secret thing", "My address", ada_s_ticket["id"]):
            assert trace not in rows, table
    assert not attachments.Files.storage.path(path).exists()
    assert bruno.get(f"/tickets/{kept['id']}").json["title"] == "Bruno's"
    assert agent.get(f"/tickets/{site.key}/{ada_s_ticket['number']}").status_code == 404


def test_an_erased_person_s_session_is_over(ada, ada_s_ticket, site):
    person = Requester.get(Requester.sub == "ada")
    assert persons.erase(site.id, person.id) == 1
    assert ada.get("/tickets").status_code == 401


def test_an_agent_who_is_no_administrator_may_do_neither(ada_s_ticket, agent, site):
    query("SELECT 1")
    from widget_server.database import execute

    execute("UPDATE agent SET role = 'agent'")
    place = f"/tickets/{site.key}/{ada_s_ticket['number']}/requester"
    assert agent.get(f"{place}/export").status_code == 403
    assert agent.post(f"{place}/erasure").status_code == 403
