"""Passwords, second factors and tries: who gets in, how often one may guess, who is kept out."""

import re
import threading

import pyotp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from widget_server.agents import passes, people, second_factor, tries
from widget_server.agents import service as agents
from widget_server.agents.guards import BROWSER_COOKIE
from widget_server.clock import utcnow
from widget_server.database import query, release

from .conftest import PASSWORD

EMAIL = "boss@team.example"


@pytest.fixture
def authenticator(boss):
    """Switch the boss's second factor on; return the phone and the recovery codes."""
    phone = pyotp.TOTP(second_factor.begin(boss))
    codes = second_factor.confirm(people.find(boss.id), phone.now())
    return phone, codes


def test_the_second_factor_is_asked_for_and_lets_in(clock, authenticator, browser):
    phone, _ = authenticator
    clock.pass_(seconds=30)
    her = browser()
    page = her.sign_in(EMAIL)
    assert page.status_code == 200
    assert not her.inside
    assert her.code(page, "000000" if phone.now() != "000000" else "111111").status_code == 422
    assert her.code(page, phone.now()).status_code == 303
    assert her.inside


def test_a_code_works_once(clock, authenticator, browser):
    phone, _ = authenticator
    clock.pass_(seconds=30)
    first, second = browser(), browser("192.0.2.2")
    code = phone.now()
    assert first.code(first.sign_in(EMAIL), code).status_code == 303
    assert second.code(second.sign_in(EMAIL), code).status_code == 422
    assert not second.inside


def test_of_many_at_once_one_gets_in_with_a_code(clock, authenticator, boss):
    phone, _ = authenticator
    clock.pass_(seconds=30)
    code, passed, start = phone.now(), [], threading.Barrier(6)

    def use():
        start.wait()
        try:
            second_factor.check(people.find(boss.id), code)
            passed.append(True)
        except second_factor.WrongCode:
            pass
        finally:
            release()

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert passed == [True]


def test_a_recovery_code_works_once_however_it_is_typed(authenticator, browser):
    _, codes = authenticator
    her = browser()
    assert her.code(her.sign_in(EMAIL), codes[0].upper().replace("-", " ")).status_code == 303
    again = browser()
    assert again.code(again.sign_in(EMAIL), codes[0]).status_code == 422
    assert again.code(again.sign_in(EMAIL), codes[1]).status_code == 303


@settings(
    max_examples=60, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(st.text(max_size=24))
def test_no_text_is_a_code_but_the_codes(clock, authenticator, boss, text):
    phone, codes = authenticator
    plain = "".join(mark for mark in text.lower() if mark.isalnum())
    shown = {phone.generate_otp(phone.timecode(utcnow()) + step) for step in (-1, 0, 1)}
    if plain in {code.replace("-", "") for code in codes} or "".join(text.split()) in shown:
        return
    with pytest.raises(second_factor.WrongCode):
        second_factor.check(people.find(boss.id), text)


def test_the_secret_is_sealed_and_codes_are_hashed(authenticator, boss):
    phone, codes = authenticator
    stored = str(query("SELECT * FROM agent")) + str(query("SELECT * FROM agent_recovery"))
    assert phone.secret not in stored
    assert all(code not in stored and code.replace("-", "") not in stored for code in codes)


def test_the_pass_to_the_second_step_is_not_a_way_in(clock, authenticator, browser):
    phone, _ = authenticator
    her = browser()
    page = her.sign_in(EMAIL)
    clock.pass_(seconds=601)
    assert her.code(page, phone.now()).status_code == 422
    assert not her.inside


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


def guess_from_everywhere(email):
    for number in range(tries.MANY[0]):
        tries.spend(tries.keys("password", email, address=f"198.51.100.{number}", browser=None))


def test_guessers_from_everywhere_slow_down_and_the_owner_does_not(clock, boss, browser):
    owner = browser()
    owner.sign_in(EMAIL)
    owner.post("/sign-out")
    guess_from_everywhere(EMAIL)
    assert browser("203.0.113.9").sign_in(EMAIL).status_code == 429
    owner.address = "203.0.113.9"
    assert owner.sign_in(EMAIL).status_code == 303


def test_a_browser_planted_with_a_cookie_is_not_trusted(boss, browser):
    victim = browser()
    victim.client.set_cookie(BROWSER_COOKIE, "planted", path="/console/")
    victim.sign_in(EMAIL)
    assert victim.client.get_cookie(BROWSER_COOKIE, path="/console/").value != "planted"


def test_a_hundred_tries_at_once_are_a_hundred(boss):
    counted = tries.keys("password", EMAIL, address="192.0.2.1", browser=None)
    let, start = [], threading.Barrier(10)

    def guess():
        start.wait()
        try:
            for _ in range(3):
                tries.spend(counted)
                let.append(True)
        except tries.TooManyTries:
            pass
        finally:
            release()

    threads = [threading.Thread(target=guess) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let) == tries.ONE[0]


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


def test_confirming_asks_for_the_second_factor_too(clock, authenticator, browser):
    phone, _ = authenticator
    clock.pass_(seconds=30)
    her = browser()
    her.code(her.sign_in(EMAIL), phone.now())
    clock.pass_(minutes=16)
    assert her.post("/confirm", password=PASSWORD).status_code == 422
    assert her.post("/confirm", password=PASSWORD, code=phone.now()).status_code == 303


def test_changing_the_password_signs_every_other_browser_out(boss, browser):
    here, there = browser(), browser()
    here.sign_in(EMAIL)
    there.sign_in(EMAIL)
    assert here.post("/account/password", password="short").status_code == 422
    assert here.post("/account/password", password="a longer password").status_code == 303
    assert (here.inside, there.inside) == (True, False)
    assert there.sign_in(EMAIL, "a longer password").status_code == 303


def test_the_second_factor_is_set_up_in_the_console(clock, boss, browser):
    her = browser()
    her.sign_in(EMAIL)
    page = her.get("/account/second-factor").text
    assert "<svg" in page
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert her.post("/account/second-factor", code="12").status_code == 422
    shown = her.post("/account/second-factor", code=pyotp.TOTP(secret).now())
    codes = re.findall(r"<li><code>([a-z0-9-]{14})</code>", shown.text)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert codes[0] not in her.get("/account").text
    assert her.post("/account/second-factor/removal").status_code == 303
    assert people.find(boss.id).totp is None


@pytest.mark.parametrize("email", [EMAIL, "nobody@team.example"])
def test_asking_for_a_link_tells_nothing(boss, browser, email):
    page = browser().post("/password", email=email).text.replace(email, "X")
    other = browser("192.0.2.9").post("/password", email="else@x.example").text
    assert page == other.replace("else@x.example", "X")
    assert query("SELECT count(*) FROM job WHERE kind = 'agents.reset'") == [(2,)]


class TestMailed:
    @pytest.fixture
    def settings(self, tmp_path):
        return {"SMTP_URL": f"folder:{tmp_path / 'post'}", "MAIL_FROM": "help@shop.example"}

    def link(self, letters):
        return re.findall(r"/console(/password/[\w-]+)", letters()[-1])[0]

    def test_a_mailed_link_sets_the_password_once(self, site, clerk, browser, letters):
        her, other = browser(), browser()
        other.sign_in(clerk.email)
        her.post("/password", email=clerk.email)
        link = self.link(letters)
        assert her.get(link).status_code == 200
        assert her.post(link, password="short").status_code == 422
        assert her.post(link, password="quite another one").status_code == 200
        assert her.post(link, password="and yet another").status_code == 422
        assert not other.inside
        assert her.sign_in(clerk.email, "quite another one").status_code == 303

    def test_a_link_is_good_for_half_an_hour(self, clock, site, clerk, browser, letters):
        browser().post("/password", email=clerk.email)
        link = self.link(letters)
        clock.pass_(minutes=30, seconds=1)
        assert browser().get(link).status_code == 422
        assert browser().post(link, password="quite another one").status_code == 422
        assert browser().sign_in(clerk.email).status_code == 303

    def test_a_newer_link_makes_the_older_worthless(self, site, clerk, browser, letters):
        browser().post("/password", email=clerk.email)
        older = self.link(letters)
        browser().post("/password", email=clerk.email)
        newer = next(
            link
            for text in letters()
            for link in re.findall(r"/console(/password/[\w-]+)", text)
            if link != older
        )
        assert browser().get(older).status_code == 422
        assert browser().get(newer).status_code == 200

    def test_a_link_lets_the_locked_out_owner_back_in(self, clock, site, clerk, browser, letters):
        guess_from_everywhere(clerk.email)
        her = browser("203.0.113.9")
        assert her.sign_in(clerk.email).status_code == 429
        her.post("/password", email=clerk.email)
        her.post(self.link(letters), password="quite another one")
        assert her.sign_in(clerk.email, "quite another one").status_code == 303

    def test_the_second_factor_outlives_a_reset(self, clock, site, authenticator, browser, letters):
        browser().post("/password", email=EMAIL)
        browser().post(self.link(letters), password="quite another one")
        her = browser()
        assert her.sign_in(EMAIL, "quite another one").status_code == 200
        assert not her.inside

    def test_nobody_unknown_is_written_to(self, site, boss, browser, letters):
        browser().post("/password", email="nobody@team.example")
        assert letters() == []

    def test_an_invitation_lets_somebody_choose_a_password(self, site, agent, browser, letters):
        answer = agent.post("/agents", email="nora@team.example", name="Nora", role="agent")
        assert answer.status_code == 303
        assert browser().sign_in("nora@team.example", "").status_code == 422
        link = self.link(letters)
        browser().post(link, password="my very own one")
        nora = browser()
        assert nora.sign_in("nora@team.example", "my very own one").status_code == 303
        assert nora.get("/audit").status_code == 403


def test_without_mail_the_invitation_is_shown_once(agent, browser):
    page = agent.post("/agents", email="nora@team.example", name="Nora", role="agent")
    (link,) = re.findall(r"https://help.example/console(/password/[\w-]+)", page.text)
    assert link not in agent.get("/agents").text
    assert browser().post(link, password="my very own one").status_code == 200


def test_a_used_up_pass_says_so_without_naming_anybody(boss, browser):
    secret = passes.issue(boss, passes.RESET)
    passes.use(secret, passes.RESET)
    page = browser().get(f"/password/{secret}")
    assert page.status_code == 422
    assert EMAIL not in page.text


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
