"""Agents who see some of the sites only: what lies elsewhere does not exist for them."""

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter

from widget_server.agents import people, teams
from widget_server.agents import service as agents
from widget_server.database import query
from widget_server.desk import mentions, replies
from widget_server.errors import VentanillaError
from widget_server.tickets.models import Ticket

from .conftest import PASSWORD
from .test_teams import owners


@pytest.fixture
def bakery(add_site):
    return add_site("Bakery")


@pytest.fixture
def baker(clerk, bakery):
    """Carlos, who answers for the bakery alone."""
    people.limit(clerk, [bakery.id])
    return clerk


@pytest.fixture
def inside(browser, baker):
    her = browser()
    assert her.sign_in(baker.email).status_code == 303
    return her


def addresses(app, prefix):
    """Return (method, rule) of every address below a prefix."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(prefix)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    ]


def filled(rule, site):
    """Return a rule's path on a site; what else it names is called 1."""
    values = dict(rule.defaults or {})
    for name in rule.arguments - set(values):
        match rule._converters[name]:
            case IntegerConverter():
                values[name] = 1
            case AnyConverter() as choice:
                values[name] = min(choice.items)
            case _:
                values[name] = site.key if name == "site_key" else "1"
    return rule.build(values)[1]


def test_every_page_of_another_site_is_not_found(app, site, ada, inside):
    ada.open()
    tried = [each for each in addresses(app, "/console/") if "site_key" in each[1].arguments]
    assert len(tried) > 40
    wrong = []
    for method, rule in tried:
        path = filled(rule, site).removeprefix("/console")
        answer = inside.get(path) if method == "GET" else inside.post(path)
        if answer.status_code not in {403, 404}:
            wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


def test_every_endpoint_of_another_site_is_not_found(app, site, ada, baker, program):
    ada.open()
    mine = program("tickets:read", "tickets:write", "settings:read", "agents:read", agent=baker)
    wrong = []
    for method, rule in addresses(app, "/api/v1/agent/"):
        if "site_key" not in rule.arguments:
            continue
        path = filled(rule, site).removeprefix("/api/v1/agent")
        answer = mine.send(method, path, json={} if method in {"POST", "PUT", "PATCH"} else None)
        if answer.status_code not in {403, 404, 422} or "Shop" in answer.text:
            wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    ["/", "/?view=unassigned", "/?view=waiting", "/?view=due", "/?view=completed", "/?q=corkscrew",
     "/?q=%231", "/?q=1", "/?q=is:open", "/?q=from:ada", "/?q=site:shop", "/?q=is:unread",
     "/pulse", "/replies", "/mail", "/articles", "/categories", "/contact"],
)  # fmt: skip
def test_lists_hold_nothing_of_other_sites(path, site, bakery, visit, inside):
    visit("ada", name="Ada Ferrer").open(title="The corkscrew of the other shop")
    replies.save(None, name="Shoptalk", body="Hello", site_id=site.id)
    page = inside.get(path)
    assert page.status_code == 200
    assert "of the other shop" not in page.text
    assert ">Shop<" not in page.text
    assert "Shoptalk" not in page.text


def test_what_is_ones_own_is_there(bakery, visit, inside):
    guest = visit("ada", at=bakery, name="Ada Ferrer")
    number = guest.open(title="A hard loaf")["number"]
    assert 'data-unread="1"' in inside.get("/").text
    for path in ("/", "/?view=unassigned", "/?view=waiting", "/?q=loaf", "/?q=is:open",
                 "/?q=site:bakery", f"/tickets/{bakery.key}/{number}"):  # fmt: skip
        assert "A hard loaf" in inside.get(path).text, path


def test_programs_count_and_list_within_reach(site, bakery, ada, visit, baker, program):
    ada.open()
    visit("bo", at=bakery, name="Bo").open(title="A hard loaf")
    mine = program("tickets:read", agent=baker)
    assert [each["title"] for each in mine.get("/tickets").json["tickets"]] == ["A hard loaf"]
    assert mine.get("/counts").json["counts"]["open"] == 1
    assert mine.get("/me").json["agent"]["sites"] == [bakery.key]
    both = program("tickets:read", agent=baker, only_site=site.id)
    assert both.get("/tickets").json["tickets"] == []
    assert both.get("/counts").json["counts"]["open"] == 0


def test_work_is_not_given_to_who_cannot_see_it(site, bakery, boss, baker, ada, visit, program):
    members = [boss.id, baker.id]
    duties = [(site.id, ""), (bakery.id, "")]
    teams.save(None, name="All", mode="load", members=members, duties=duties)
    ada.open()
    visit("bo", at=bakery, name="Bo").open()
    ada.open()
    assert owners() == ["Berta", "Carlos", "Berta"]
    whole = program()
    refused = whole.put(f"/tickets/{site.key}/1/assignee", agent=baker.id)
    assert refused.status_code == 422
    ((ticket_id,),) = query("SELECT id FROM ticket WHERE site_id = ? AND number = 1", site.id)
    ticket = Ticket.get(Ticket.site_id == site.id, Ticket.id == ticket_id)
    assert mentions.note(ticket, "@Carlos, have a look", by=boss.id) == []
    told = {each.email for each in agents.team(site.id, None)}
    assert told == {boss.email}


def test_losing_a_site_leaves_its_work_to_others(site, bakery, boss, clerk, ada, program):
    ada.open()
    program().put(f"/tickets/{site.key}/1/assignee", agent=clerk.id)
    people.limit(clerk, [bakery.id])
    assert owners() == [None]


def test_an_administrator_is_never_limited(site, bakery, boss):
    people.limit(boss, [bakery.id])
    assert people.sites_of(boss) is None


def test_an_administrators_work_elsewhere_is_anybodys_once_they_are_one_no_more(
    site, bakery, boss, baker, ada, program
):
    number = ada.open()["number"]
    people.change(baker, role="administrator")
    ticket = f"/tickets/{site.key}/{number}"
    assert program().put(f"{ticket}/assignee", agent=baker.id).status_code == 200
    people.change(people.find(baker.id), name="Bruno", site_ids=[bakery.id])
    assert program().get(ticket).json["assignee"]["id"] == baker.id
    people.change(people.find(baker.id), role="agent", site_ids=[bakery.id])
    assert program().get(ticket).json["assignee"] is None


def test_a_password_chosen_while_an_agent_is_changed_is_kept(clerk, monkeypatch):
    find, fresh = people.find, "a password of just now"

    def slow(agent_id):
        found = find(agent_id)
        agents.set_password(found, fresh)
        return found

    monkeypatch.setattr(people, "find", slow)
    people.change(clerk, name="Carla")
    assert agents.with_password(clerk.email, fresh).name == "Carla"


def test_sites_are_chosen_in_the_console_and_by_programs(bakery, boss, clerk, browser, program):
    her = browser()
    her.sign_in(boss.email)
    her.post("/confirm", password=PASSWORD, next="")
    answer = her.post(f"/agents/{clerk.id}", name="Carlos", role="agent", sees=[bakery.key])
    assert answer.status_code == 303
    assert people.sites_of(clerk) == {bakery.id}
    assert "Bakery" in her.get("/agents").text
    changed = program().send("PATCH", f"/agents/{clerk.id}", json={"sites": []})
    assert changed.json["sites"] is None
    with pytest.raises(VentanillaError):
        people.change(clerk, role="nobody")


def test_reach_ends_with_the_request(site, ada, inside):
    """The next request of the same thread may be anybody's."""
    inside.get("/")
    assert ada.open()["number"] == 1
