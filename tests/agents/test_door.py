"""Passwords and tries: who gets in, how often one may guess, who is kept out."""

from contextlib import suppress

import pytest

from widget_server.agents import people, tries
from widget_server.agents import service as agents
from widget_server.agents.guards import BROWSER_COOKIE
from widget_server.database import query

from ..support.threads import at_once
from .conftest import EMAIL, PASSWORD, guess_from_everywhere


def test_guessing_gets_slower_up_to_an_hour(clock, boss, browser):
    her, waits = browser(), []
    for _ in range(6):
        assert her.sign_in(EMAIL, "guess").status_code == 422
    for _ in range(9):
        refused = her.sign_in(EMAIL)
        assert refused.status_code == 429
        waits.append(int(refused.headers["Retry-After"]))
        clock.pass_(seconds=waits[-1])
        assert her.sign_in(EMAIL, "guess").status_code == 422
    assert [wait // 30 for wait in waits] == [1, 2, 4, 8, 16, 32, 64, 120, 120]
    clock.pass_(hours=1, seconds=1)
    assert her.sign_in(EMAIL).status_code == 303


def test_guessers_from_everywhere_slow_down_and_the_owner_does_not(clock, boss, browser):
    owner = browser()
    owner.sign_in(EMAIL)
    owner.post("/sign-out")
    guess_from_everywhere(EMAIL)
    assert browser("203.0.113.9").sign_in(EMAIL).status_code == 429
    owner.address = "203.0.113.9"
    assert owner.sign_in(EMAIL).status_code == 303


def test_an_office_that_mistypes_now_and_then_is_never_slowed_down(clock, app):
    """Somebody signs in at every hour of every day, and somebody else gets it wrong first."""
    for hour in range(0, 24 * 30, 8):
        mistyped = tries.keys(
            "password", f"a{hour}@team.example", address="192.0.2.1", browser=None
        )
        tries.spend(mistyped)
        tries.spend(mistyped)
        tries.forgive(mistyped)
        clock.pass_(hours=8)


def test_a_browser_planted_with_a_cookie_is_not_trusted(boss, browser):
    victim = browser()
    victim.client.set_cookie(BROWSER_COOKIE, "planted", path="/console/")
    victim.sign_in(EMAIL)
    assert victim.client.get_cookie(BROWSER_COOKIE, path="/console/").value != "planted"


def test_a_hundred_tries_at_once_are_a_hundred(boss):
    counted = tries.keys("password", EMAIL, address="192.0.2.1", browser=None)
    let = []

    def guess():
        with suppress(tries.TooManyTries):
            for _ in range(3):
                tries.spend(counted)
                let.append(True)

    at_once(guess, 10)
    assert len(let) == tries.ONE[0]


def test_a_session_in_use_goes_on_and_one_that_is_not_ends(clock, boss, browser):
    daily, away = browser(), browser()
    for each in (daily, away):
        cookie = each.sign_in(EMAIL).headers.getlist("Set-Cookie")[0]
        assert f"Max-Age={agents.LONGEST_SECONDS};" in cookie
    for _ in range(4):
        clock.pass_(days=9)
        assert daily.inside
    assert not away.inside
    for _ in range(36):
        clock.pass_(days=9)
        assert daily.inside
    clock.pass_(days=6)
    assert not daily.inside


def test_a_page_writes_nothing_for_who_was_seen_a_moment_ago(clock, boss, browser):
    her = browser()
    her.sign_in(EMAIL)
    until = "SELECT seen_at, expires_at FROM agent_session"
    before = query(until)
    clock.pass_(minutes=5)
    assert her.inside
    assert query(until) == before


def test_sensitive_pages_ask_for_the_password_again(clock, boss, browser):
    her = browser()
    her.sign_in(EMAIL)
    assert her.get("/account/second-factor").status_code == 200
    clock.pass_(minutes=16)
    for path in ("/account/password", "/account/recovery-codes", "/agents", "/api/tokens"):
        assert her.post(path, password="another password").location.startswith("/console/confirm")
    door = her.get("/account/second-factor")
    assert door.location == "/console/confirm?next=/console/account/second-factor"
    assert her.post("/confirm", password="guess", next="/console/api").status_code == 422
    assert her.post("/confirm", password=PASSWORD, next="/console/api").location == "/console/api"
    assert her.get("/account/second-factor").status_code == 200
    assert query("SELECT count(*) FROM api_token") == [(0,)]


def test_changing_the_password_signs_every_other_browser_out(boss, browser):
    here, there = browser(), browser()
    here.sign_in(EMAIL)
    there.sign_in(EMAIL)
    assert here.post("/account/password", password="short").status_code == 422
    assert here.post("/account/password", password="a longer password").status_code == 303
    assert (here.inside, there.inside) == (True, False)
    assert there.sign_in(EMAIL, "a longer password").status_code == 303


def test_the_last_administrator_stays(agent, boss):
    people.change(boss, active=False)
    (me,) = [each for each in agents.all_agents() if each.role == "administrator"]
    assert agent.post(f"/agents/{me.id}", name="Inés", role="agent").status_code == 422
    assert agent.post(f"/agents/{me.id}", act="deactivate").status_code == 422
    assert agent.get("/agents").status_code == 200


def test_who_is_deactivated_is_out_at_once(agent, clerk, browser, ada, site):
    number = ada.open()["number"]
    agent.post(f"/tickets/{site.key}/{number}/assignee", assignee=str(clerk.id))
    theirs = browser()
    theirs.sign_in(clerk.email)
    assert theirs.inside
    agent.post(f"/agents/{clerk.id}", act="deactivate")
    assert not theirs.inside
    assert theirs.sign_in(clerk.email).status_code == 422
    assert query("SELECT assignee_id FROM ticket") == [(None,)]


@pytest.mark.parametrize("path", ["/agents", "/agents/1", "/teams/new"])
def test_a_clerk_keeps_no_team(clerk, browser, path):
    his = browser()
    his.sign_in(clerk.email)
    assert his.post(path, email="x@y.example", name="X", role="administrator").status_code == 403


@pytest.mark.parametrize("typed", ["ana@xn--espaa-rta.es", " Ana@ESPAÑA.es", "ana@espan\u0303a.es"])
def test_an_address_is_the_same_however_its_letters_are_written(boss, browser, typed):
    """Browsers write what stands behind the @ in the letters of names on the network."""
    ana = agents.add_agent(email="ana@españa.es", name="Ana", password=PASSWORD)
    hers = browser()
    assert hers.sign_in(typed).status_code == 303
    hers.post("/sign-out")
    guess_from_everywhere(ana.email)
    assert browser("203.0.113.9").sign_in(typed).status_code == 429
    assert hers.sign_in(typed).status_code == 303
    assert people.find_by_email(typed).id == ana.id
