"""People: their history on a page, their tickets made one, their address, agents named in notes."""

import pytest

from widget_server.agents import service as agents
from widget_server.database import query
from widget_server.desk import mentions
from widget_server.tickets import inbox

from .test_inbox import explained, numbers


@pytest.fixture
def two(ada):
    return [ada.open(title="First", body="One"), ada.open(title="Second", body="Two")]


def bodies(ada, ticket):
    thread = ada.get(f"/tickets/{ticket['id']}").json["thread"]
    return [entry["body"] for entry in thread if entry["type"] == "message"]


def test_merged_tickets_are_one_and_every_link_leads_to_it(agent, ada, two, site):
    first, second = two
    agent.post(f"/tickets/{site.key}/2/merger", number="1")
    assert bodies(ada, first) == ["One", "Two"]
    assert bodies(ada, second) == ["One", "Two"]
    assert [row["number"] for row in ada.get("/tickets").json["tickets"]] == [1]
    assert ada.get("/tickets").json["counts"] == {"waiting": 1, "in_progress": 0, "completed": 0}
    ada.post(f"/tickets/{second['id']}/messages", body="Three")
    assert bodies(ada, first) == ["One", "Two", "Three"]
    assert agent.get(f"/tickets/{site.key}/2").location.endswith("/1")
    assert numbers(agent.get("/").text) == [1]
    assert numbers(agent.get("/?view=completed").text) == []
    assert numbers(agent.get("/?q=second").text) == [1]


def test_a_chain_of_mergers_leads_to_its_end(agent, ada, two, site):
    third = ada.open(title="Third")
    agent.post(f"/tickets/{site.key}/1/merger", number="2")
    agent.post(f"/tickets/{site.key}/2/merger", number="3")
    assert ada.get(f"/tickets/{two[0]['id']}").json["id"] == third["id"]


def test_what_waits_is_not_lost_in_what_was_completed(clock, agent, ada, two, site):
    agent.post(f"/tickets/{site.key}/1/state", state="completed")
    clock.pass_(hours=10)
    again = ada.open(title="Still broken")
    agent.post(f"/tickets/{site.key}/3/merger", number="1")
    shown = ada.get(f"/tickets/{two[0]['id']}").json
    assert (shown["state"], shown["answer_by"]) == ("waiting", again["answer_by"])
    assert "reopened" in {each.get("kind") for each in shown["thread"]}
    assert sorted(numbers(agent.get("/?view=waiting").text)) == [1, 2]


def test_what_was_answered_goes_on_in_what_was_completed(agent, ada, two, site):
    agent.post(f"/tickets/{site.key}/1/state", state="completed")
    agent.reply(site, 2, "Which one?")
    agent.post(f"/tickets/{site.key}/2/merger", number="1")
    shown = ada.get(f"/tickets/{two[0]['id']}").json
    assert (shown["state"], shown["answer_by"]) == ("in_progress", None)


def test_what_was_completed_stays_so_and_waits_for_nothing(agent, ada, two, site):
    third = ada.open(title="Third")
    for number in (1, 2):
        agent.post(f"/tickets/{site.key}/{number}/state", state="completed")
    agent.post(f"/tickets/{site.key}/2/merger", number="1")
    assert ada.get(f"/tickets/{two[0]['id']}").json["state"] == "completed"
    agent.reply(site, 3, "Done")
    agent.post(f"/tickets/{site.key}/1/merger", number="3")
    assert ada.get(f"/tickets/{third['id']}").json["answer_by"] is None


def test_what_waits_wakes_what_it_becomes_part_of(agent, two, site):
    agent.post(f"/tickets/{site.key}/1/snooze", until="reply")
    agent.post(f"/tickets/{site.key}/2/merger", number="1")
    assert numbers(agent.get("/").text) == [1]


def test_what_one_person_wrote_is_never_merged_into_anothers(agent, ada, bruno, two, site):
    bruno.open(title="Bruno's")
    assert agent.post(f"/tickets/{site.key}/3/merger", number="1").status_code == 409
    assert agent.post(f"/tickets/{site.key}/1/merger", number="1").status_code == 422
    assert agent.post(f"/tickets/{site.key}/1/merger", number="99").status_code == 404
    assert query("SELECT count(*) FROM ticket WHERE merged_into IS NOT NULL") == [(0,)]


def test_an_address_is_changed_and_who_did_it_stays_known(agent, visitor, site):
    ticket = visitor.open(email="typo@exmaple.com")
    path = f"/tickets/{site.key}/{ticket['number']}"
    agent.post(f"{path}/address", email="right@example.com")
    assert query("SELECT email FROM ticket") == [("right@example.com",)]
    page = agent.get(path).text
    assert "Inés cambió la dirección de typo@exmaple.com a right@example.com" in page
    assert "cambió" not in visitor.get(f"/tickets/{ticket['id']}").text
    assert agent.post(f"{path}/address", email="no address").status_code == 422


def test_a_persons_page_has_all_they_asked_and_nothing_else(agent, ada, bruno, two, site):
    bruno.open(title="Bruno's")
    (requester,) = query("SELECT requester_id FROM ticket WHERE number = 1")[0]
    page = agent.get(f"/people/{site.key}/{requester}").text
    assert "Ada Ferrer" in page
    assert sorted(numbers(page)) == [1, 2]
    rows, after = inbox.of_requester(site.id, requester, most=1)
    rest, _ = inbox.of_requester(site.id, requester, after=after, most=1)
    assert [row.number for row in (*rows, *rest)] == [2, 1]


def test_a_person_of_another_site_is_not_found(agent, ada, two, add_site):
    (requester,) = query("SELECT requester_id FROM ticket WHERE number = 1")[0]
    other = add_site("Other")
    assert agent.get(f"/people/{other.key}/{requester}").status_code == 404


def test_a_persons_history_walks_its_index(app, site, monkeypatch):
    asked = []
    monkeypatch.setattr(inbox, "query", lambda sql, *params: asked.append((sql, params)) or [])
    inbox.of_requester(site.id, "x", after="2026-01-01T00:00:00.000000Z~x")
    plan = explained(*asked[0])
    assert "ticket_mine" in plan or "ticket_inbox_site" in plan
    assert "SCAN ticket" not in plan
    assert "Seq Scan on ticket" not in plan


def test_who_is_named_in_a_note_finds_it(agent, ada, two, site):
    bea = agents.add_agent(email="bea@team.example", name="Bea Solís", password="long enough pw")
    agent.reply(site, 1, "@bea look, and @nobody, mail@bea.example too", kind="note")
    assert mentions.unseen(bea.id) == 1
    assert mentions.unseen(agent.record.id) == 0
    agent.reply(site, 1, "@bea said in public")
    (ticket,) = [inbox.find_ticket(site.id, 1)]
    mentions.see(ticket, bea.id)
    assert mentions.unseen(bea.id) == 0


def test_what_agents_began_on_a_merged_ticket_comes_along(agent, two, site):
    bea = agents.add_agent(email="bea@team.example", name="Bea", password="long enough pw")
    agent.reply(site, 2, "@bea look", kind="note")
    agent.post(f"/tickets/{site.key}/1/draft", body="Half a reply")
    agent.post(f"/tickets/{site.key}/2/draft", body="Half a note", kind="note")
    agent.post(f"/tickets/{site.key}/2/merger", number="1")
    page = agent.get(f"/tickets/{site.key}/1").text
    assert ">Half a note\n\nHalf a reply</textarea>" in page
    assert 'value="note" checked' in page
    assert numbers(agent.get("/?q=has:draft").text) == [1]
    assert mentions.unseen(bea.id) == 1
    mentions.see(inbox.find_ticket(site.id, 1), bea.id)
    assert mentions.unseen(bea.id) == 0
