"""Every page of the console, for whoever may and may not open it: one table."""

import pytest

from widget_server.agents import people
from widget_server.agents.guards import PUBLIC
from widget_server.identity.tokens import Tokens
from widget_server.outbound import Outbound
from widget_server.rules import service as rules
from widget_server.webhooks import deliveries
from widget_server.webhooks import service as webhooks

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
    ("POST", "/tickets/{site}/1/priority", {"priority": "high"}, {CLERK, BOSS}),
    ("POST", "/tickets/{site}/1/tags", {"tag": "x"}, {CLERK, BOSS}),
    ("GET", "/tickets/{site}/1/requester/export", {}, {BOSS}),
    ("POST", "/tickets/{site}/1/requester/erasure", {}, {BOSS}),
    ("GET", "/figures", {}, {CLERK, BOSS}),
    ("GET", "/figures/opened.csv", {}, {CLERK, BOSS}),
    ("GET", "/contact", {}, {CLERK, BOSS}),
    ("POST", "/contact/{site}", {"answer_hours": "8"}, {BOSS}),
    ("POST", "/categories/{site}/new", {"name-es": "N", "icon": "chat"}, {BOSS}),
    ("POST", "/mail/sites/{site}", {}, {BOSS}),
    ("POST", "/mail/check", {}, {BOSS}),
    ("GET", "/webhooks", {}, {BOSS}),
    (
        "POST",
        "/webhooks",
        {"site": "{site}", "url": "https://x.example/", "event": "ticket.late"},
        {BOSS},
    ),
    ("GET", "/webhooks/{site}/{hook}", {}, {BOSS}),
    (
        "POST",
        "/webhooks/{site}/{hook}",
        {"url": "https://x.example/", "event": "ticket.late"},
        {BOSS},
    ),
    ("POST", "/webhooks/{site}/{hook}/secret", {}, {BOSS}),
    ("POST", "/webhooks/{site}/{hook}/tests", {}, {BOSS}),
    ("POST", "/webhooks/{site}/{hook}/deliveries/{delivery}/resending", {}, {BOSS}),
    ("POST", "/webhooks/{site}/{hook}/removal", {}, {BOSS}),
    ("GET", "/rules", {}, {BOSS}),
    ("GET", "/rules/new", {}, {BOSS}),
    ("POST", "/rules/new", {"do": "add-act"}, {BOSS}),
    ("GET", "/rules/{rule}", {}, {BOSS}),
    ("POST", "/rules/{rule}", {"do": "add-act"}, {BOSS}),
    ("GET", "/rules/{rule}/rehearsal", {}, {BOSS}),
    ("POST", "/rules/{rule}/move", {"way": "up"}, {BOSS}),
    ("POST", "/rules/{rule}/activation", {"seen": "{seen}"}, {BOSS}),
    ("POST", "/rules/{rule}/deactivation", {}, {BOSS}),
    ("POST", "/rules/{rule}/removal", {}, {BOSS}),
    ("GET", "/settings", {}, {CLERK, BOSS}),
    ("GET", "/look?site={site}", {}, {BOSS}),
    ("POST", "/look/{site}", {"name": "N"}, {BOSS}),
    ("POST", "/look/{site}/draft", {"name": "N"}, {BOSS}),
    ("GET", "/look/{site}/preview?draft={draft}", {}, {BOSS}),
    ("POST", "/look/{site}/keys", {}, {BOSS}),
    ("POST", "/look/{site}/keys/{key}/retirement", {}, {BOSS}),
    ("POST", "/look/{site}/keys/{key}/restoration", {}, {BOSS}),
    ("GET", "/retention?site={site}", {}, {BOSS}),
    ("GET", "/retention/{site}/preview", {}, {BOSS}),
    ("POST", "/retention/{site}", {"orders_years": "10"}, {BOSS}),
    ("GET", "/sites/new", {}, {BOSS}),
    ("POST", "/sites", {"name": "N", "origins": "https://n.example"}, {BOSS}),
    ("POST", "/sites/{site}/archive", {}, {BOSS}),
    ("POST", "/sites/{site}/restoration", {}, {BOSS}),
]


@pytest.mark.parametrize("who", [OUT, CLERK, BOSS])
def test_pages_let_in_whom_they_should(who, app, site, ada, boss, clerk, browser):
    ada.open()
    webhooks.Wires.outbound = Outbound(resolver=lambda host, port: [])
    hook, _ = webhooks.create(site.id, url="https://hooks.example/", events=["ticket.opened"])
    delivery = deliveries.test(site.id, hook.id)
    given = {"name": "R", "occasion": "opened", "match": "all", "conditions": []}
    rule = rules.find(rules.save(None, given | {"acts": [{"act": "tag", "value": "x"}]}))
    ids = {"hook": hook.id, "delivery": delivery.id, "rule": rule.id, "seen": rule.changed_at}
    webhooks.change(site.id, hook.id, url=hook.url, events=hook.events, on=True)
    draft = Tokens(app.config["SECRET_KEY"], "look-draft").issue({"key": site.key, "name": "N"})
    values = {"site": site.key, "clerk": clerk.id, "draft": draft, "key": site.signing.kid}
    emails = {CLERK: clerk.email, BOSS: boss.email}
    wrong = []
    for method, path, form, allowed in TABLE:
        her = browser()
        if who != OUT and her.sign_in(emails[who]).status_code != 303:
            # An administrator's earlier row took the clerk's account; nothing else may.
            raise AssertionError(f"{who} cannot sign in before {path}")
        names = values | ids
        place = path.format(**names)
        form = {name: value.format(**names) for name, value in form.items()}
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
        "archive_site",
        "audit_log",
        "confirm_erasure",
        "create_agent",
        "create_erasure",
        "create_look_draft",
        "create_mail_check",
        "create_return",
        "create_site",
        "create_site_key",
        "export_person",
        "look",
        "look_preview",
        "new_site",
        "payments_page",
        "restore_site",
        "restore_site_key",
        "retention",
        "retention_preview",
        "retire_site_key",
        "update_agent",
        "update_category_settings",
        "update_contact",
        "update_look",
        "update_offer_settings",
        "update_payments",
        "update_retention",
        "update_site_mail",
        "update_team",
        "create_activation",
        "create_deactivation",
        "create_resending",
        "create_rule",
        "create_webhook",
        "create_webhook_secret",
        "create_webhook_test",
        "move_rule",
        "new_rule",
        "rehearsal",
        "remove_rule",
        "remove_webhook",
        "rule",
        "rules",
        "update_rule",
        "update_webhook",
        "webhook",
        "webhooks",
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
