"""The settings: one place for all pages, one site at a time, and the sites themselves."""

import re

import pytest
from flask import url_for

from widget_server import audit
from widget_server.agents.models import Agent
from widget_server.console.places import PLACES, SITE
from widget_server.sites import service as sites
from widget_server.sites.models import Site, SiteKey

from ..support.visitor import open_session


@pytest.fixture
def boss(agent):
    Agent.update(role="administrator", locale="en").execute()
    return agent


def links(page):
    nav = page.text.split('class="area-nav"')[1].split("</nav>")[0]
    return re.findall(r'href="(/console/[^"]+)"', nav)


def test_every_place_opens_and_marks_itself_in_the_list(boss, site):
    shown = links(boss.get("/settings"))
    assert len([path for path in shown if path != "/console/settings"]) == len(PLACES) - 1
    for path in shown:
        page = boss.get(path.removeprefix("/console"))
        assert page.status_code == 200, path
        ids = re.findall(r' id="([^"]+)"', page.text)
        assert len(ids) == len(set(ids)), path
        marked = re.findall(r'<li><a href="([^"]+)" aria-current="page">', page.text)
        assert path.replace("&amp;", "&") in marked, path


def test_an_agent_finds_only_what_agents_may_open(agent, site):
    Agent.update(role="agent").execute()
    shown = " ".join(links(agent.get("/settings")))
    for place in ("look", "payments", "retention", "audit"):
        assert f"/console/{place}" not in shown
    for path in links(agent.get("/settings")):
        assert agent.get(path.removeprefix("/console")).status_code == 200


def test_the_menu_of_a_person_is_about_the_person(boss, site):
    menu = boss.get("/").text.split('class="menu-body"')[1].split("</details>")[0]
    assert re.findall(r'href="/console/([^"]+)"', menu) == ["account", "sessions"]


@pytest.mark.parametrize("place", [each for each in PLACES if each.group == SITE])
def test_a_page_of_a_site_shows_the_one_chosen_and_leads_to_the_others(
    app, boss, site, add_site, place
):
    other = add_site("Bolt")
    with app.test_request_context():
        path = url_for(place.endpoint)
    nav, content = boss.get(f"{path}?site={site.key}".removeprefix("/console")).text.split(
        'id="main"'
    )
    assert f'href="{path}?site={other.key}"' in nav
    assert site.name in content
    assert "Bolt" not in content


def test_addresses_from_before_still_lead_to_their_pages(boss, site):
    for path in ("/categories", "/contact", "/mail", "/offers", "/payments", "/agents", "/audit",
                 "/api", "/account", "/sessions", "/replies"):  # fmt: skip
        assert 'class="area-nav"' in boss.get(path).text


def test_saving_stays_at_the_site(boss, site, add_site):
    add_site("Another first")
    answer = boss.post(f"/contact/{site.key}", answer_hours="8")
    assert f"site={site.key}" in answer.location
    assert site.name in boss.get(answer.location.removeprefix("/console")).text


def test_an_empty_console_leads_to_the_first_site(boss):
    assert 'href="/console/sites/new"' in boss.get("/").text
    assert boss.get("/look").location == "/console/sites/new"
    assert boss.get("/retention").location == "/console/sites/new"
    answer = boss.post(
        "/sites", name="  My   shop ", origins="https://Shop.example\nhttp://b.example:81"
    )
    (site,) = sites.all_sites()
    assert (site.name, site.origins) == ("My shop", ["https://shop.example", "http://b.example:81"])
    key = SiteKey.get()
    assert key.secret in answer.text
    assert f"{key.kid}.{key.secret}" in answer.text
    assert f"/w/{site.key}.js" in answer.text
    assert key.secret not in boss.get(f"/look?site={site.key}").text
    assert 'href="/console/sites/new"' not in boss.get("/").text.split('id="main"')[1]
    assert {row.act for row in audit.rows()[0]} >= {"site.added", "site.key_added"}


@pytest.mark.parametrize(
    ("name", "origins", "said"),
    [
        ("", "https://a.example", "Write a name"),
        ("x" * 61, "https://a.example", "Write a name"),
        ("A", "", "at least one address"),
        ("A", "shop.example", "<code>shop.example</code>"),
        ("A", "https://a.example ftp://b", "<code>ftp://b</code>"),
        ("A", "https://user@a.example", "at least one address"),
        ("A", "https://a.example:port", "at least one address"),
        ("A", "https://[::1", "at least one address"),
    ],
)
def test_a_site_that_makes_no_sense_is_refused_beside_its_field(boss, name, origins, said):
    answer = boss.post("/sites", name=name, origins=origins)
    assert answer.status_code == 422
    assert said in answer.text
    assert sites.all_sites() == []


def test_an_archived_site_shows_no_window_and_comes_back(boss, site, client, ada):
    ada.open(title="Still here")
    answer = boss.post(f"/sites/{site.key}/archive")
    page = boss.get(answer.location.removeprefix("/console")).text
    assert "was archived" in page
    assert site.key not in page.split('class="area-nav"')[1].split("</nav>")[0]
    assert client.get(f"/w/{site.key}.js").status_code == 404
    assert client.get(f"/help/{site.key}/es/").status_code == 404
    assert open_session(client, site).status_code == 404
    assert "Still here" in boss.get("/").text
    assert boss.get(f"/tickets/{site.key}/1").status_code == 200
    assert f"writer-{site.key}" not in boss.get("/assistant").text
    assert "This site is archived" in boss.get(f"/look?site={site.key}").text
    assert boss.post(f"/sites/{site.key}/restoration").status_code == 303
    assert open_session(client, site).status_code == 201
    assert [row.act for row in audit.rows()[0]][:2] == ["site.restored", "site.archived"]


def test_keys_are_added_retired_and_taken_back(boss, site):
    made = boss.post(f"/look/{site.key}/keys")
    new = SiteKey.get(SiteKey.kid != site.signing.kid)
    assert new.secret in made.text
    assert new.secret not in boss.get(f"/look?site={site.key}").text
    answer = boss.post(f"/look/{site.key}/keys/{site.signing.kid}/retirement")
    page = boss.get(answer.location.removeprefix("/console")).text
    assert "no longer accepted" in page
    assert SiteKey.get(SiteKey.kid == site.signing.kid).retired_at
    boss.post(f"/look/{site.key}/keys/{site.signing.kid}/restoration")
    assert SiteKey.get(SiteKey.kid == site.signing.kid).retired_at is None
    assert boss.post(f"/look/{site.key}/keys/nothing/retirement").status_code == 404
    acts = [row.act for row in audit.rows()[0]]
    assert acts[:3] == ["site.key_restored", "site.key_retired", "site.key_added"]
    assert new.secret not in str([row.data for row in audit.rows()[0]])


def test_who_signed_in_long_ago_types_the_password_again(boss, site):
    from widget_server.agents.models import AgentSession

    AgentSession.update(confirmed_at="2020-01-01T00:00:00.000000+00:00").execute()
    for path in (f"/look/{site.key}/keys", f"/look/{site.key}/keys/{site.signing.kid}/retirement",
                 "/sites", f"/sites/{site.key}/archive", f"/retention/{site.key}"):  # fmt: skip
        assert "/console/confirm" in boss.post(path).location
    assert Site.get().archived_at is None
    assert SiteKey.select().count() == 1
