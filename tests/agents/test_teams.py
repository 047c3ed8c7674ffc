"""Who gets what comes in, and what is written of what agents do."""

from contextlib import suppress

import pytest

from widget_server import audit
from widget_server.agents import people, teams
from widget_server.agents import service as agents
from widget_server.database import execute, is_sqlite, query, transaction
from widget_server.errors import Invalid


@pytest.fixture
def crew(app):
    return [
        agents.add_agent(email=f"{name}@team.example", name=name, password="correct horse")
        for name in ("Ana", "Ben", "Cai")
    ]


def owners():
    rows = query(
        "SELECT a.name FROM ticket t LEFT JOIN agent a ON a.id = t.assignee_id ORDER BY t.number"
    )
    return [name for (name,) in rows]


def test_a_team_takes_turns(site, crew, ada):
    members = [each.id for each in crew]
    teams.save(None, name="Front", mode="round_robin", members=members, duties=[(site.id, "")])
    for _ in range(5):
        ada.open()
    assert owners() == ["Ana", "Ben", "Cai", "Ana", "Ben"]


def test_a_team_gives_to_whoever_has_least(site, crew, ada, client):
    members = [each.id for each in crew]
    teams.save(None, name="Front", mode="load", members=members, duties=[(site.id, "")])
    ids = [ada.open()["id"] for _ in range(3)]
    ada.put(f"/tickets/{ids[1]}/closure")
    ada.open()
    assert owners() == ["Ana", "Ben", "Cai", "Ben"]


def test_a_categorys_team_goes_before_the_sites(site, crew, ada):
    teams.save(None, name="All", mode="round_robin", members=[crew[0].id], duties=[(site.id, "")])
    bugs = [(site.id, "bug")]
    teams.save(None, name="Bugs", mode="round_robin", members=[crew[1].id], duties=bugs)
    ada.open(category="bug")
    ada.open(category="help")
    assert owners() == ["Ben", "Ana"]


def test_nobody_on_leave_is_given_anything(site, crew, ada):
    members = [each.id for each in crew[:2]]
    teams.save(None, name="Front", mode="round_robin", members=members, duties=[(site.id, "")])
    people.change(crew[0], active=False)
    ada.open()
    ada.open()
    assert owners() == ["Ben", "Ben"]


@pytest.mark.parametrize("way", ["reply", "reopen", "limit"])
def test_what_goes_on_after_its_agent_left_is_the_teams_or_anybodys(
    site, add_site, crew, ada, agent, way
):
    ben, cai = crew[1], crew[2]
    people.change(ben, role="agent")
    numbers = [ada.open()["number"] for _ in range(2)]
    for number in numbers:
        execute("UPDATE ticket SET assignee_id = ? WHERE number = ?", ben.id, number)
        agent.post(f"/tickets/{site.key}/{number}/state", state="completed")
    if way == "limit":
        people.limit(people.find(ben.id), [add_site("Bakery").id])
    else:
        people.change(ben, active=False)
    ids = [row["id"] for row in ada.get("/tickets").json["tickets"]][::-1]

    def go_on(ticket_id):
        if way == "reopen":
            return ada.delete(f"/tickets/{ticket_id}/closure").status_code
        return ada.post(f"/tickets/{ticket_id}/messages", body="Still broken").status_code

    assert owners() == ["Ben", "Ben"], "what was done stays theirs"
    assert go_on(ids[0]) < 300
    assert owners() == [None, "Ben"]
    teams.save(None, name="T", mode="round_robin", members=[cai.id], duties=[(site.id, "")])
    assert go_on(ids[1]) < 300
    assert owners() == [None, "Cai"]


def test_by_hand_and_other_sites_stay_unassigned(site, add_site, crew, ada, visit):
    other = add_site(name="Other")
    teams.save(None, name="A", mode="by_hand", members=[crew[0].id], duties=[(site.id, "")])
    ada.open()
    visit("olga", at=other, email="olga@x.example").open()
    assert owners() == [None, None]


def test_a_team_that_was_read_can_be_written_back_whoever_has_left(site, crew, agent, app):
    members = [each.id for each in crew[:2]]
    made = teams.save(None, name="Front", mode="by_hand", members=members, duties=[])
    people.change(crew[0], active=False)
    (read,) = teams.all_teams()
    teams.save(made, name="Back", **{name: read[name] for name in ("mode", "members", "duties")})
    assert [team["name"] for team in teams.all_teams()] == ["Back"]
    with pytest.raises(Invalid):
        teams.save(None, name="New", mode="by_hand", members=members, duties=[])


def test_the_requester_never_sees_who_was_given_it(site, crew, ada):
    teams.save(None, name="A", mode="load", members=[crew[0].id], duties=[(site.id, "")])
    ticket = ada.open()
    assert "Ana" not in str(ada.get(f"/tickets/{ticket['id']}").json)


def test_a_team_is_kept_in_the_console(agent, site, crew):
    form = {"name": "Front", "mode": "load", "member": [str(each.id) for each in crew],
            "duty": [f"{site.key}/", f"{site.key}/bug"]}  # fmt: skip
    assert agent.post("/teams/new", **form).status_code == 303
    (team,) = teams.all_teams()
    assert (team["name"], len(team["members"]), len(team["duties"])) == ("Front", 3, 2)
    assert "Front" in agent.get("/agents").text
    assert agent.post(f"/teams/{team['id']}", remove="1").status_code == 303
    assert teams.all_teams() == []
    assert query("SELECT count(*) FROM team_duty") == [(0,)]


def test_everything_an_agent_does_is_written(agent, site, ada):
    number = ada.open()["number"]
    place = f"/tickets/{site.key}/{number}"
    agent.reply(site, number, "Coming")
    agent.post(f"{place}/state", state="completed")
    agent.post(f"{place}/assignee", assignee="me")
    agent.post(f"/contact/{site.key}", answer_hours="8")
    agent.post(f"/categories/{site.key}/new", **{"name-es": "Nueva", "icon": "chat"})
    found, _ = audit.rows()
    acts = [(row.act, row.agent_name, row.via) for row in found]
    for act in ("ticket.reply", "ticket.closed", "ticket.assigned", "site.changed",
                "category.saved", "account.signed_in"):  # fmt: skip
        assert (act, "Inés", "console") in acts, act
    page = agent.get("/audit").text
    assert f"#{number}" in page
    only = agent.get(f"/audit?site={site.key}&ticket={number}").text
    assert "Nueva" not in only
    assert agent.get("/audit?group=category").text.count("Nueva") == 1


def test_the_log_holds_nothing_anybody_wrote(agent, site, ada):
    number = ada.open(body="My card is 4111")["number"]
    agent.reply(site, number, "The secret answer")
    assert "secret" not in str(query("SELECT * FROM audit"))


def test_what_fails_is_not_in_the_log(agent, site, app):
    before = query("SELECT count(*) FROM audit")
    audit.enter(audit.Acting(1, "Inés", audit.CONSOLE, "some_act"))
    with suppress(ZeroDivisionError), transaction():
        audit.note("site.changed", site_id=site.id)
        raise ZeroDivisionError
    audit.leave()
    assert query("SELECT count(*) FROM audit") == before


def test_a_change_that_tells_nothing_is_logged_under_its_requests_name(app):
    audit.enter(audit.Acting(None, "Inés", audit.CONSOLE, "update_something"))
    with transaction():
        execute("DELETE FROM team WHERE id = 0")
    audit.leave()
    assert [row.act for row in audit.rows()[0]] == ["update_something"]


def test_an_erased_persons_tickets_keep_no_details(agent, site, ada):
    number = ada.open()["number"]
    agent.post(f"/tickets/{site.key}/{number}/state", state="completed")
    agent.post(f"/tickets/{site.key}/{number}/requester/erasure")
    rows = query("SELECT act, data FROM audit WHERE ticket_id IS NOT NULL")
    assert rows
    assert {data for _, data in rows} == {"{}"}
    assert query("SELECT data FROM audit WHERE act = 'person.erased'") == [('{"tickets": 1}',)]


def test_the_log_is_read_through_an_index(app):
    if not is_sqlite():
        return
    for term in ("agent_id = 1", "about_site = 1", "act >= 'ticket.' AND act < 'ticket/'", "1 = 1"):
        plan = query(
            f"EXPLAIN QUERY PLAN SELECT * FROM audit WHERE {term} ORDER BY id DESC LIMIT 9"
        )
        assert "SCAN" not in str(plan) or "INDEX" in str(plan), plan
