"""The agents' API: what a token opens, what it does, and what stays shut."""

import re

import pytest

from widget_server.agents import api_tokens, people
from widget_server.database import query

from ..server.test_sessions import PNG
from .bodies import body_of

TICKET = {"title": "Old one", "body": "It was like this.", "email": "ana@customers.example"}


def rules(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/agent/"):
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield method, rule.rule.removeprefix("/api/v1/agent"), rule.endpoint


def filled(rule, site, number=1):
    for name, value in (("site_key", site.key), ("int:number", number), ("category_id", "bug"),
                        ("int:agent_id", 1), ("int:team_id", 1), ("webhook_id", "w"),
                        ("delivery_id", "d"), ("rule_id", "r")):  # fmt: skip
        rule = rule.replace(f"<{name}>", str(value))
    return re.sub(r"<\w+>", "1", rule)


def test_no_endpoint_opens_without_a_token(app, client, site, ada, agent):
    tried = 0
    for method, rule, _ in rules(app):
        for headers in ({}, {"Authorization": "Bearer vnt_no"},
                        {"Authorization": f"Bearer {ada.token}"}):  # fmt: skip
            answer = agent.client.open(
                f"/api/v1/agent{filled(rule, site)}", method=method, headers=headers
            )
            assert (answer.status_code, answer.json["error"]["code"]) == (401, "invalid_token")
            tried += 1
    assert tried > 300


def test_a_token_opens_by_a_scheme_in_small_letters_too(client, program):
    headers = {"Authorization": f"bearer {program().secret}"}
    assert client.get("/api/v1/agent/me", headers=headers).status_code == 200


def test_each_scope_opens_its_endpoints_and_no_others(app, site, program, ada):
    ada.open()
    opened = dict.fromkeys(api_tokens.SCOPES, 0)
    programs = {scope: program(scope) for scope in api_tokens.SCOPES}
    for method, rule, endpoint in rules(app):
        wanted = app.view_functions[endpoint].scope
        opened[wanted] += 1
        for scope, holder in programs.items():
            if scope != wanted:
                answer = holder.send(method, filled(rule, site))
                assert answer.json["error"]["code"] == "scope_missing", (method, rule, scope)
    assert all(opened.values())


def test_a_token_of_one_site_sees_no_other(app, site, add_site, program, ada, visit):
    other = add_site(name="Other")
    ada.open(title="Here")
    visit("olga", at=other, email="olga@x.example").open(title="There")
    narrow = program(only_site=site.id)
    assert [row["title"] for row in narrow.get("/tickets").json["tickets"]] == ["Here"]
    assert narrow.get("/tickets?q=There").json["tickets"] == []
    assert [each["key"] for each in narrow.get("/sites").json["sites"]] == [site.key]
    assert narrow.get("/counts").json["counts"]["open"] == 1
    before = query("SELECT * FROM ticket"), query("SELECT * FROM category")
    for method, rule, _ in rules(app):
        if "<site_key>" in rule:
            answer = narrow.send(method, filled(rule, other), json=body_of(rule))
            assert (answer.status_code, answer.json["error"]["code"]) == (404, "unknown_site"), rule
    assert narrow.post("/tickets", site=other.key, **TICKET).status_code == 404
    refused = narrow.post("/agents", email="x@team.example", name="X")
    assert refused.status_code == 403
    assert (query("SELECT * FROM ticket"), query("SELECT * FROM category")) == before


def test_a_program_works_a_ticket_from_end_to_end(site, program, ada, boss):
    number = ada.open(title="Printer on fire")["number"]
    api, place = program(), f"/tickets/{site.key}/{number}"
    (row,) = api.get("/tickets?view=unassigned").json["tickets"]
    assert (row["title"], row["assignee"], row["requester"]["name"]) == (
        "Printer on fire", None, "Ada Ferrer",
    )  # fmt: skip
    api.put(f"{place}/assignee", agent=boss.id)
    api.post(f"{place}/messages", body="Who knows?", kind="note")
    api.put(f"{place}/checklist", steps=[{"label": "Look", "done": True}, {"label": "Mend"}])
    api.put(f"{place}/category", category="bug")
    shown = api.post(f"{place}/messages", body="**On** our way").json
    assert (shown["state"], shown["progress"], shown["category"]) == ("in_progress", 50, "bug")
    assert shown["assignee"] == {"id": boss.id, "name": "Berta"}
    said = [(each["type"], each["body"]) for each in shown["thread"] if each["type"] != "event"]
    assert said[1:] == [("note", "Who knows?"), ("reply", "**On** our way")]
    assert api.put(f"{place}/closure").json["state"] == "completed"
    assert api.send("DELETE", f"{place}/closure").json["state"] == "waiting"
    hers = ada.get(f"/tickets/{ada.get('/tickets').json['tickets'][0]['id']}").json
    assert "Who knows?" not in str(hers)
    assert "On" in str(hers)
    acts = {each["act"] for each in api.get("/audit?act=ticket.").json["acts"]}
    assert {"ticket.note", "ticket.reply", "ticket.assigned", "ticket.closed"} <= acts
    assert {each["via"] for each in api.get("/audit?act=ticket.").json["acts"]} == {"api"}


def test_pages_follow_each_other_without_gap_or_repeat(site, program, ada):
    for number in range(7):
        ada.open(title=f"No. {number}")
    api, seen, after = program("tickets:read"), [], ""
    while after is not None:
        page = api.get(f"/tickets?limit=3{after and f'&after={after}'}").json
        seen += [row["number"] for row in page["tickets"]]
        after = page["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 7


def test_the_same_key_files_one_ticket(site, program):
    api = program()
    first = api.post("/tickets", key="import-0001", site=site.key, **TICKET)
    again = api.post("/tickets", key="import-0001", site=site.key, **TICKET)
    assert (first.status_code, first.json["number"]) == (201, again.json["number"])
    changed = api.post("/tickets", key="import-0001", site=site.key, **TICKET | {"title": "B"})
    assert changed.json["error"]["code"] == "idempotency_key_reused"
    assert query("SELECT count(*) FROM ticket") == [(1,)]
    assert query("SELECT actor FROM event WHERE kind = 'opened'") == [("agent",)]


def test_settings_are_changed_and_refused_in_the_one_shape(site, program):
    api = program()
    made = api.post(f"/sites/{site.key}/categories", name={"es": "Envíos"}, icon="box")
    assert made.status_code == 201
    place = f"/sites/{site.key}/categories/{made.json['id']}"
    assert api.put(place, name={"es": "Entregas"}).json["name"] == {"es": "Entregas"}
    assert api.send("DELETE", place).status_code == 204
    contact = api.put(f"/sites/{site.key}/contact", contact={"answer_hours": 8}).json
    assert contact["contact"]["answer_hours"] == 8
    bad = api.put(f"/sites/{site.key}/contact", channels=[{"kind": "fax", "value": "1"}])
    assert (bad.status_code, list(bad.json["error"]["fields"])) == (422, ["kind"])


def test_a_clerks_token_changes_no_settings(site, program, clerk):
    with pytest.raises(api_tokens.Forbidden):
        program("settings:write", agent=clerk)
    people.change(clerk, role="administrator")
    clerk = people.find(clerk.id)
    api = program("settings:write", "tickets:read", agent=clerk)
    assert api.put(f"/sites/{site.key}/contact").status_code == 200
    people.change(clerk, role="agent")
    assert api.put(f"/sites/{site.key}/contact").json["error"]["code"] == "scope_missing"
    assert api.get("/tickets").status_code == 200


def test_tokens_end_when_revoked_when_late_and_with_their_agent(clock, program, clerk, boss):
    late = program("tickets:read", days=30)
    assert late.get("/tickets").status_code == 200
    clock.pass_(days=31)
    assert late.get("/tickets").status_code == 401
    api = program("tickets:read")
    token = api_tokens.of(boss)[0]
    assert api.get("/me").json["agent"]["name"] == "Berta"
    assert api_tokens.of(boss)[0].used_at > token.created_at[:10]
    api_tokens.revoke(boss, token.id)
    assert api.get("/tickets").status_code == 401
    theirs = program("tickets:read", agent=clerk)
    people.change(clerk, active=False)
    assert theirs.get("/tickets").status_code == 401


def test_a_token_is_shown_once_and_kept_as_a_hash(agent, site):
    page = agent.post("/api/tokens", name="Import", scope="tickets:read", days="90")
    (secret,) = re.findall(r"vnt_[\w-]{40,}", page.text)
    assert secret not in agent.get("/api").text
    stored = str(query("SELECT * FROM api_token"))
    assert secret[8:] not in stored
    answer = agent.client.get("/api/v1/agent/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json["token"] == {"name": "Import", "scopes": ["tickets:read"], "sites": None}


def test_clerks_see_and_revoke_only_their_own_tokens(program, clerk, boss):
    program("tickets:read")
    program("tickets:read", agent=clerk)
    assert len(api_tokens.of(boss)) == 2
    (own,) = api_tokens.of(clerk)
    (other,) = [token for token in api_tokens.of(boss) if token.id != own.id]
    with pytest.raises(api_tokens.NotFound):
        api_tokens.revoke(clerk, other.id)


def test_a_file_travels_with_a_reply(site, program, ada):
    number = ada.open()["number"]
    api = program()
    sent = api.send(
        "POST", f"/sites/{site.key}/attachments", data=b"%PDF-1.4\n%%EOF\n",
        content_type="application/octet-stream",
    )  # fmt: skip
    assert sent.status_code == 422
    kept = api.client.post(
        f"/api/v1/agent/sites/{site.key}/attachments",
        data=PNG,
        headers={"Authorization": f"Bearer {api.secret}", "X-File-Name": "a.png"},
        content_type="application/octet-stream",
    ).json
    shown = api.post(
        f"/tickets/{site.key}/{number}/messages", body="Here", attachments=[kept["id"]]
    ).json
    assert shown["thread"][-1]["attachments"][0]["name"] == "a.png"
