"""The desk by programs: sleep, addresses, mergers, many at once, saved replies, mail."""

import pytest

from widget_server.agents import people
from widget_server.database import query
from widget_server.desk import mentions, replies


@pytest.fixture
def place(site, ada):
    return f"/tickets/{site.key}/{ada.open(title='Printer on fire')['number']}"


def slept():
    return query("SELECT snoozed_until FROM ticket")[0][0]


def test_a_ticket_sleeps_until_a_moment_or_a_reply_and_wakes(place, program, clock):
    api = program()
    clock.pass_(seconds=1)
    moment = query("SELECT opened_at FROM ticket")[0][0][:4]
    ahead = f"{int(moment) + 1}-01-02T10:00:00+01:00"
    assert api.put(f"{place}/snooze", until=ahead).status_code == 200
    assert slept().endswith("-01-02T09:00:00.000000Z")
    assert api.get("/tickets").json["tickets"] == []
    assert api.send("DELETE", f"{place}/snooze").status_code == 200
    assert slept() is None
    api.put(f"{place}/snooze", until=None)
    assert slept().startswith("9999")
    for wrong in ("2000-01-01T00:00:00Z", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00",
                  "tomorrow"):  # fmt: skip
        answer = api.put(f"{place}/snooze", until=wrong)
        assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["until"])


def test_answers_go_to_another_address_and_two_tickets_become_one(site, place, program, ada):
    api = program()
    shown = api.put(f"{place}/address", email="New@Customers.example").json
    assert shown["requester"]["email"] == "new@customers.example"
    other = ada.open(title="Still on fire")["number"]
    into = api.post(f"/tickets/{site.key}/{other}/merger", into=int(place.rpartition("/")[2])).json
    assert into["title"] == "Printer on fire"
    assert [row["title"] for row in api.get("/tickets").json["tickets"]] == ["Printer on fire"]


def test_an_act_on_many_is_undone_to_how_each_stood(site, program, ada, boss):
    api = program()
    numbers = [ada.open(title=f"No. {n}")["number"] for n in range(3)]
    chosen = [{"site": site.key, "number": number} for number in numbers]
    api.put(f"/tickets/{site.key}/{numbers[0]}/tags", tags=["vip"])
    undo = []
    for act in ({"act": "assign", "agent": boss.id}, {"act": "priority", "priority": "urgent"},
                {"act": "tag", "tags": ["fire"]}, {"act": "snooze"}, {"act": "complete"}):  # fmt: skip
        answer = api.post("/bulk", tickets=chosen, **act)
        assert answer.status_code == 200, answer.json
        undo.append(answer.json)
    first = api.get(f"/tickets/{site.key}/{numbers[0]}").json
    assert (first["state"], first["priority"], first["tags"]) == (
        "completed", "urgent", ["fire", "vip"],
    ) or first["tags"] == ["vip", "fire"]  # fmt: skip
    for was in reversed(undo):
        assert api.post("/bulk/undo", **was).status_code == 204
    first = api.get(f"/tickets/{site.key}/{numbers[0]}").json
    assert (first["state"], first["priority"], first["tags"], first["assignee"]) == (
        "waiting", "normal", ["vip"], None,
    )  # fmt: skip
    assert {row[0] for row in query("SELECT snoozed_until FROM ticket")} == {None}


def test_undoing_leaves_what_others_did_meanwhile_and_is_whole_or_not_at_all(
    site, program, ada, clerk
):
    api, rows = program(), "SELECT state, assignee_id, priority FROM ticket ORDER BY number"
    numbers = [ada.open(title=f"No. {n}")["number"] for n in range(4)]
    chosen = [{"site": site.key, "number": number} for number in numbers]
    completed = api.post("/bulk", tickets=chosen, act="complete").json
    ada.post(f"/tickets/{_id(numbers[0])}/messages", body="Not yet!")
    api.put(f"/tickets/{site.key}/{numbers[0]}/state", state="in_progress")
    api.put(f"/tickets/{site.key}/{numbers[1]}/assignee", agent=clerk.id)
    api.post(f"/tickets/{site.key}/{numbers[3]}/merger", into=numbers[2])
    before = query(rows)
    lost = {**completed["tickets"][0], "number": 4_711}
    answer = api.post("/bulk/undo", tickets=[*completed["tickets"], lost])
    assert (answer.status_code, query(rows)) == (404, before)
    assert api.post("/bulk/undo", **completed).status_code == 204
    assert query(rows) == [
        ("in_progress", None, "normal"), ("waiting", clerk.id, "normal"),
        ("waiting", None, "normal"), ("completed", None, "normal"),
    ]  # fmt: skip


def _id(number):
    return query("SELECT id FROM ticket WHERE number = ?", number)[0][0]


def test_work_is_handed_to_nobody_who_cannot_see_it(site, add_site, place, program, clerk):
    people.limit(clerk, [add_site("Bakery").id])
    chosen = [{"site": site.key, "number": int(place.rpartition("/")[2])}]
    answer = program().post("/bulk", tickets=chosen, act="assign", agent=clerk.id)
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["agent"])
    narrow = program("tickets:write", agent=clerk)
    assert narrow.post("/bulk", tickets=chosen, act="complete").status_code == 404


def test_before_there_is_a_site_a_reply_for_all_is_refused_with_what_to_do(app, program):
    refused = program().post("/replies", name="All", body="x")
    assert refused.status_code == 409
    assert "site first" in refused.json["error"]["message"]


def test_saved_replies_are_written_filled_and_removed(site, place, program):
    api = program()
    made = api.post("/replies", name="Hello", body="Dear {name}, {number}", site=site.key)
    assert (made.status_code, made.json["site"]) == (201, site.key)
    both = api.post("/replies", name="All", body="x").json
    (first, second) = api.get("/replies").json["replies"]
    assert ({first["name"], second["name"]}, both["site"]) == ({"Hello", "All"}, None)
    (filled,) = [each for each in api.get(f"{place}/replies").json["replies"]
                 if each["name"] == "Hello"]  # fmt: skip
    assert filled["body"] == f"Dear Ada Ferrer, #{place.rpartition('/')[2]}"
    changed = api.put(f"/replies/{made.json['id']}", name="Bye", body="y", site=site.key).json
    assert (changed["name"], changed["body"]) == ("Bye", "y")
    assert api.send("DELETE", f"/replies/{made.json['id']}").status_code == 204
    assert [each["name"] for each in api.get("/replies").json["replies"]] == ["All"]


def test_a_token_of_one_site_writes_no_replies_for_all(site, add_site, program):
    other = add_site("Bakery")
    theirs = replies.save(None, name="Loaf", body="x", site_id=other.id)
    common = replies.save(None, name="All", body="x", site_id=None)
    narrow = program(only_site=site.id)
    assert [each["name"] for each in narrow.get("/replies").json["replies"]] == ["All"]
    assert narrow.post("/replies", name="n", body="n").status_code == 403
    assert narrow.put(f"/replies/{common}", name="n", body="n", site=site.key).status_code == 403
    assert narrow.send("DELETE", f"/replies/{common}").status_code == 403
    assert narrow.send("DELETE", f"/replies/{theirs}").status_code == 404
    assert narrow.post("/replies", name="n", body="n", site=site.key).status_code == 201


def test_searches_are_kept_for_the_tokens_agent(program, clerk):
    api = program()
    (kept,) = api.post("/views", name="Fires", q="fire is:open").json["views"]
    assert (kept["name"], kept["q"]) == ("Fires", "fire is:open")
    assert program("tickets:read", agent=clerk).get("/views").json["views"] == []
    assert api.send("DELETE", f"/views/{kept['id']}").status_code == 204
    assert api.get("/views").json["views"] == []


def test_a_note_by_a_program_tells_whom_it_names(place, program, clerk):
    program().post(f"{place}/messages", body="@Carlos, have a look", kind="note")
    assert mentions.unseen(clerk.id) == 1


def test_a_person_is_shown_with_what_they_asked(site, place, program):
    api = program()
    asker = api.get(place).json["requester"]["id"]
    told = api.get(f"/sites/{site.key}/people/{asker}").json
    assert told["person"]["name"] == "Ada Ferrer"
    assert [row["title"] for row in told["tickets"]] == ["Printer on fire"]
    assert api.get(f"/sites/{site.key}/people/no").status_code == 404
