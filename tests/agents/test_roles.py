"""Every page of the console, for whoever may and may not open it: one table."""

import pytest

from widget_server.agents import people
from widget_server.agents.guards import PUBLIC

from .conftest import PASSWORD
from .test_reach import addresses, filled

OUT, CLERK, BOSS = "signed out", "agent", "administrator"
ELSEWHERE = "agent of another site"

#: Method, path, what a form sends, and who gets further than the door or a refusal.
TABLE = [
    ("GET", "/", {}, {CLERK, BOSS}),
    ("GET", "/sessions", {}, {CLERK, BOSS}),
    ("GET", "/account", {}, {CLERK, BOSS}),
    ("GET", "/account/second-factor", {}, {CLERK, BOSS}),
    ("POST", "/account/password", {"password": PASSWORD}, {CLERK, BOSS}),
    ("GET", "/agents", {}, {CLERK, BOSS}),
    ("POST", "/agents", {"email": "n@team.example", "name": "N"}, {BOSS}),
    ("POST", "/agents/{clerk}", {"name": "N", "role": "administrator"}, {BOSS}),
    ("POST", "/agents/{clerk}", {"act": "deactivate"}, {BOSS}),
    ("POST", "/agents/{clerk}", {"act": "lift"}, {BOSS}),
    ("POST", "/teams/new", {"name": "T", "mode": "load"}, {BOSS}),
    ("GET", "/audit", {}, {BOSS}),
    ("GET", "/audit?site={site}&ticket=1", {}, {CLERK, BOSS}),
    ("GET", "/api", {}, {CLERK, BOSS}),
    ("GET", "/api/reference", {}, {CLERK, BOSS}),
    ("POST", "/api/tokens", {"name": "t", "scope": "tickets:read"}, {CLERK, BOSS}),
    ("POST", "/api/tokens", {"name": "t", "scope": "settings:write"}, {BOSS}),
    ("GET", "/tickets/{site}/1", {}, {CLERK, BOSS}),
    ("POST", "/tickets/{site}/1/state", {"state": "completed"}, {CLERK, BOSS}),
    ("GET", "/tickets/{site}/1/requester/export", {}, {BOSS}),
    ("POST", "/tickets/{site}/1/requester/erasure", {}, {BOSS}),
    ("GET", "/contact", {}, {CLERK, BOSS}),
    ("POST", "/contact/{site}", {"answer_hours": "8"}, {BOSS}),
    ("POST", "/categories/{site}/new", {"name-es": "N", "icon": "chat"}, {BOSS}),
    ("POST", "/mail/sites/{site}", {}, {BOSS}),
    ("POST", "/mail/check", {}, {BOSS}),
]


@pytest.mark.parametrize("who", [OUT, CLERK, BOSS])
def test_pages_let_in_whom_they_should(who, site, ada, boss, clerk, browser):
    ada.open()
    emails = {CLERK: clerk.email, BOSS: boss.email}
    wrong = []
    for method, path, form, allowed in TABLE:
        her = browser()
        if who != OUT and her.sign_in(emails[who]).status_code != 303:
            # An administrator's earlier row took the clerk's account; nothing else may.
            raise AssertionError(f"{who} cannot sign in before {path}")
        place = path.format(site=site.key, clerk=clerk.id)
        answer = her.get(place) if method == "GET" else her.post(place, **form)
        door = answer.status_code == 303 and "/sign-in" in answer.location
        let_in = not door and answer.status_code not in {401, 403, 404, 405}
        if let_in != (who in allowed):
            wrong.append((method, path, answer.status_code))
    assert wrong == [], "\n".join(map(str, wrong))


def test_a_session_taken_before_signing_in_is_worth_nothing(boss, browser):
    her = browser()
    her.client.set_cookie("ventanilla_console", "planted", path="/console/")
    her.sign_in(boss.email)
    assert her.client.get_cookie("ventanilla_console", path="/console/").value != "planted"
    thief = browser()
    thief.client.set_cookie("ventanilla_console", "planted", path="/console/")
    assert not thief.inside


@pytest.mark.parametrize("place", ["https://evil.example", "//evil.example/console/", "/\\evil"])
def test_confirming_leads_nowhere_else(boss, browser, place):
    her = browser()
    her.sign_in(boss.email)
    assert her.post("/confirm", password=PASSWORD, next=place).location == "/console/"


#: Whatever else there is in the console is every agent's, on the sites they see.
ADMINISTRATORS_ONLY = {
    f"console.{name}"
    for name in (
        "audit_log",
        "confirm_erasure",
        "create_agent",
        "create_erasure",
        "create_mail_check",
        "create_return",
        "export_person",
        "payments_page",
        "update_agent",
        "update_category_settings",
        "update_contact",
        "update_offer_settings",
        "update_payments",
        "update_site_mail",
        "update_team",
        "update_writer",
    )
}


@pytest.mark.parametrize("who", [OUT, CLERK, ELSEWHERE, BOSS])
def test_every_page_there_is_lets_in_whom_it_should(
    who, app, site, add_site, ada, boss, clerk, browser
):
    """New pages cannot be forgotten: the table is the application's own."""
    ada.open()
    if who == ELSEWHERE:
        people.limit(clerk, [add_site("Bakery").id])
    her = browser()
    if who != OUT:
        her.sign_in(boss.email if who == BOSS else clerk.email)
    wrong = []
    for method, rule in addresses(app, "/console/"):
        if rule.endpoint in {*PUBLIC, "console.destroy_session", "static"}:
            continue
        path = filled(rule, site).removeprefix("/console")
        answer = her.get(path) if method == "GET" else her.post(path)
        answer.close()
        got = "in"
        if answer.status_code == 303 and "/sign-in" in answer.location:
            got = "door"
        elif answer.status_code in {403, 404}:
            got = {403: "refused", 404: "nothing"}[answer.status_code]
        restricted = rule.endpoint in ADMINISTRATORS_ONLY
        expected = {
            OUT: {"door"},
            CLERK: {"refused"} if restricted else {"in", "nothing"},
            ELSEWHERE: {"refused"} if restricted else
                       {"nothing"} if "site_key" in rule.arguments else {"in", "nothing"},
            BOSS: {"in", "nothing"},
        }[who]  # fmt: skip
        if got not in expected:
            wrong.append((method, rule.endpoint, answer.status_code))
    assert wrong == [], "\n".join(map(str, wrong))
