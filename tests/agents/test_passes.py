"""Links to choose a password: mailed or shown once, used once, and telling nobody who is an agent."""

import re

import pytest

from widget_server.agents import passes, people
from widget_server.database import query
from widget_server.errors import Conflict
from widget_server.jobs import run_due

from ..support.threads import at_once
from .conftest import EMAIL, guess_from_everywhere

LINK = re.compile(r"/console(/password/[\w-]+)")


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
        return LINK.findall(letters()[-1])[0]

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

    def test_nobody_fills_a_mailbox_with_links(self, clock, site, clerk, browser, letters):
        for number in range(9):
            browser(f"198.51.100.{number}").post("/password", email=clerk.email)
        assert len({link for text in letters() for link in LINK.findall(text)}) == 1

    def test_a_newer_link_makes_the_older_worthless(self, clock, site, clerk, browser, letters):
        browser().post("/password", email=clerk.email)
        older = self.link(letters)
        clock.pass_(seconds=61)
        browser().post("/password", email=clerk.email)
        newer = next(link for text in letters() for link in LINK.findall(text) if link != older)
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

    def test_asking_for_a_link_leaves_an_invitation_as_it_is(self, site, agent, browser, letters):
        agent.post("/agents", email="nora@team.example", name="Nora", role="agent")
        link = self.link(letters)
        browser().post("/password", email="nora@team.example")
        assert len({other for text in letters() for other in LINK.findall(text)}) == 2
        assert browser().post(link, password="my very own one").status_code == 200


def test_without_mail_asking_for_a_link_makes_none_worthless(clock, site, clerk, browser):
    handed_over = passes.issue(clerk, passes.RESET)
    clock.pass_(seconds=61)
    browser().post("/password", email=clerk.email)
    run_due()
    her = browser()
    assert her.post(f"/password/{handed_over}", password="quite another one").status_code == 200
    assert her.sign_in(clerk.email, "quite another one").status_code == 303


def test_without_mail_the_invitation_is_shown_once(agent, browser):
    page = agent.post("/agents", email="nora@team.example", name="Nora", role="agent")
    (link,) = re.findall(r"https://help.example/console(/password/[\w-]+)", page.text)
    assert link not in agent.get("/agents").text
    assert browser().post(link, password="my very own one").status_code == 200


def test_somebody_invited_twice_at_once_is_invited_once(boss):
    refused, links = [], []

    def invite():
        try:
            _, link = people.invite(
                email="nora@team.example", name="Nora", role="agent", locale="es"
            )
            links.append(link)
        except Conflict as error:
            refused.append(error)

    at_once(invite, 4)
    assert (len(links), len(refused)) == (1, 3)
    assert passes.holder(links[0], passes.INVITE).email == "nora@team.example"


def test_a_used_up_pass_says_so_without_naming_anybody(boss, browser):
    secret = passes.issue(boss, passes.RESET)
    passes.use(secret, passes.RESET)
    page = browser().get(f"/password/{secret}")
    assert page.status_code == 422
    assert EMAIL not in page.text
