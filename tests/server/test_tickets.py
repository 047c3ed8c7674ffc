"""A request and its conversation, through the API."""

import threading

import pytest

from widget_server.database import execute, query
from widget_server.sites import service as sites
from widget_server.tickets import service
from widget_server.tickets.models import Ticket

from ..support.visitor import ORIGIN, Visitor, open_session


def refusal(answer):
    return answer.status_code, answer.json["error"]["code"]


def row_of(ticket):
    return Ticket.get(Ticket.id == ticket["id"])


def kinds(ticket):
    return [entry.get("kind", "message") for entry in ticket["thread"]]


def test_what_was_filed_is_what_is_read(visit):
    visitor = visit()
    ticket = visitor.open(
        title="  Pedido\tduplicado ", body="Uno\r\n\r\n<b>dos</b> https://x.example"
    )
    assert ticket["title"] == "Pedido duplicado"
    assert ticket["thread"][1]["body"] == "Uno\n\n<b>dos</b> https://x.example"
    assert (ticket["number"], ticket["state"], ticket["progress"]) == (1, "waiting", 0)
    assert ticket["answer_by"] > ticket["opened_at"]
    assert kinds(ticket) == ["opened", "message"]
    assert visitor.get(f"/tickets/{ticket['id']}").json == ticket


def test_numbers_count_per_site(client, ada):
    other, _ = sites.add_site(name="Other", origins=[ORIGIN])
    stranger = Visitor(client, open_session(client, other).json)
    assert [ada.open()["number"], ada.open()["number"], stranger.open()["number"]] == [1, 2, 1]


def test_answer_close_reply_follow_the_rules(ada, ines):
    ticket = ada.open()
    service.post_message(row_of(ticket), ines, body="**Hola**", files=[])
    service.set_progress(row_of(ticket), ines, 40)
    read = ada.get(f"/tickets/{ticket['id']}").json
    assert (read["state"], read["progress"]) == ("in_progress", 40)
    assert read["thread"][-2]["content"] == [["p", None, ["strong", None, "Hola"]]]
    closed = ada.put(f"/tickets/{ticket['id']}/closure").json
    assert (closed["state"], closed["progress"], closed["can_close"]) == ("completed", 100, False)
    assert ada.put(f"/tickets/{ticket['id']}/closure").json["thread"] == closed["thread"]
    answer = ada.post(f"/tickets/{ticket['id']}/messages", body="Not yet").json
    assert (answer["ticket"]["state"], answer["ticket"]["progress"]) == ("waiting", 40)
    assert kinds(answer["ticket"])[-3:] == ["closed", "message", "reopened"] or kinds(
        answer["ticket"]
    )[-3:] == ["closed", "reopened", "message"]
    assert answer["entry"]["body"] == "Not yet"


def test_undoing_a_closure_returns_the_progress(ada, ines):
    ticket = ada.open()
    service.set_progress(row_of(ticket), ines, 30)
    ada.put(f"/tickets/{ticket['id']}/closure")
    assert ada.delete(f"/tickets/{ticket['id']}/closure").json["progress"] == 30


def test_internal_notes_are_nobody_elses(ada, ines):
    ticket = ada.open()
    service.post_message(row_of(ticket), ines, body="secret note", files=[], internal=True)
    service.assign(row_of(ticket), ines, agent_id=int(ines.id), name=ines.name)
    assert b"secret" not in ada.get(f"/tickets/{ticket['id']}").data
    assert b"assigned" not in ada.get(f"/tickets/{ticket['id']}").data
    assert ada.get("/tickets").json["unread"] == 0


def test_the_same_key_files_once(ada):
    data = {"category": "help", "title": "Once", "body": "x"}
    first, again = (ada.post("/tickets", key="same-key-1", **data) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json["id"] == again.json["id"]
    other = ada.post("/tickets", key="same-key-1", **{**data, "title": "Other"})
    assert refusal(other) == (409, "idempotency_key_reused")
    assert len(ada.get("/tickets").json["tickets"]) == 1


def test_twins_at_the_same_moment_make_one(app, ada):
    answers = []

    def send():
        twin = Visitor(app.test_client(), ada.session)
        data = {"category": "help", "title": "Twin", "body": "x"}
        answers.append(twin.post("/tickets", key="twin-key-1", **data))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert query("SELECT count(*) FROM message") == [(1,)]


@pytest.mark.parametrize("key", [None, "short", "x" * 129, "ñ" * 9])
def test_an_act_without_a_usable_key_is_refused(ada, key):
    headers = {"Authorization": f"Bearer {ada.token}"}
    if key:
        headers["Idempotency-Key"] = key.encode("latin-1").decode("latin-1")
    data = {"category": "help", "title": "t", "body": "b"}
    answer = ada.client.post("/api/v1/tickets", json=data, headers=headers)
    assert refusal(answer) == (422, "invalid")


def test_every_ticket_is_on_exactly_one_page(ada):
    made = [ada.open(title=f"T{number}")["id"] for number in range(19)]
    source = made[0]
    for copy in range(30):  # Ties: the same moment, only the id differs.
        execute(
            "INSERT INTO ticket (site_id, id, number, requester_id, title, state, checklist, locale,"
            " fields, opened_at, updated_at) SELECT site_id, ?, ?, requester_id, title, state,"
            " checklist, locale, fields, opened_at, updated_at FROM ticket WHERE id = ?",
            f"{source[:-2]}{copy:02}", 1_000 + copy, source,
        )  # fmt: skip
    seen, before = [], ""
    while before is not None:
        page = ada.get(f"/tickets?before={before}" if before else "/tickets").json
        seen += [row["id"] for row in page["tickets"]]
        before = page["next"]
    stored = query("SELECT id FROM ticket ORDER BY updated_at DESC, id DESC")
    assert seen == [row[0] for row in stored]
    assert len(set(seen)) == 49


def test_filter_and_search_find_what_is_there(ada):
    printer, logo = ada.open(title="Printer 100% on fire"), ada.open(title="Logo")
    ada.open(title="Última factura")
    ada.put(f"/tickets/{logo['id']}/closure")
    titles = lambda path: [row["title"] for row in ada.get(path).json["tickets"]]  # noqa: E731
    assert titles("/tickets?state=completed") == ["Logo"]
    assert titles("/tickets?q=PRINTER") == ["Printer 100% on fire"]
    assert titles("/tickets?q=100%25") == ["Printer 100% on fire"]
    assert titles("/tickets?q=_ogo") == []
    assert titles("/tickets?q=última") == titles("/tickets?q=ÚLTIMA FACT") == ["Última factura"]
    assert titles(f"/tickets?q=%23{printer['number']}") == ["Printer 100% on fire"]
    assert ada.get("/tickets").json["counts"] == {"waiting": 2, "in_progress": 0, "completed": 1}


def test_notification_can_be_chosen(ada):
    ticket = ada.open(notify=False)
    assert ticket["notify"] is False
    assert ada.put(f"/tickets/{ticket['id']}/notification", notify=True).json["notify"] is True


def test_a_visitor_must_leave_an_address(visit):
    answer = visit().post("/tickets", category="help", title="t", body="b")
    assert refusal(answer) == (422, "invalid")
    assert list(answer.json["error"]["fields"]) == ["email"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "x" * 100_000}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": 7}, "title"),
        ({"title": None}, "title"),
        ({"body": "x" * 10_001}, "body"),
        ({"body": "\x07"}, "body"),
        ({"category": "nope"}, "category"),
        ({"category": None}, "category"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b\r\nBcc: x@y.z"}, "email"),
        ({"attachments": ["a", "b", "c", "d"]}, "attachments"),
        ({"attachments": ["unknown"]}, "attachments"),
        ({"attachments": "a"}, "attachments"),
        ({"notify": "maybe"}, "notify"),
        ({"fields": {"x": "y"}}, "fields"),
        ({"context": {"evil": 1}}, "context"),
        ({"surprise": 1}, "surprise"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bad_input_is_named_and_nothing_is_stored(visit, change, field):
    data = {"category": "help", "title": "t", "body": "b", "email": "a@x.example", **change}
    answer = visit().post("/tickets", **data)
    assert refusal(answer) == (422, "invalid")
    assert field in answer.json["error"]["fields"]
    assert query("SELECT count(*) FROM ticket") == [(0,)]
    assert query("SELECT count(*) FROM counter") == [(0,)]


@pytest.mark.parametrize(
    "text", ["🦊🏳️‍🌈", "שלום \u200fعليكم", "\u202eevil", "a\tb", "漢字", "' OR 1=1 --"]
)
def test_any_script_is_kept_as_written(ada, text):
    ticket = ada.open(body=text)
    assert ada.get(f"/tickets/{ticket['id']}").json["thread"][1]["body"] == text


def test_half_a_character_is_no_text(ada):
    data = b'{"category": "help", "body": "b", "title": "\\ud800"}'
    answer = ada.send("POST", "/tickets", data=data, content_type="application/json")
    assert refusal(answer) == (422, "invalid")


def test_extra_fields_are_asked_and_checked(client, app):
    asked = {
        "id": "order",
        "name": {"en": "Order"},
        "fields": [
            {"key": "no", "type": "order", "required": True, "pattern": "[A-Z]-\\d{4}", "label": {"en": "Number"}},
            {"key": "why", "type": "choice", "label": {"en": "Why"}, "options": [{"value": "late", "label": {"en": "Late"}}]},
        ],
    }  # fmt: skip
    site, _ = sites.add_site(name="S", origins=[ORIGIN], categories=[asked])
    visitor = Visitor(client, open_session(client, site).json)
    data = {"category": "order", "title": "t", "body": "b", "email": "a@x.example"}
    for given, wrong in [
        ({}, "no"),
        ({"no": "xA-1234"}, "no"),
        ({"no": "A-1234", "why": "z"}, "why"),
    ]:
        answer = visitor.post("/tickets", fields=given, **data)
        assert list(answer.json["error"]["fields"]["fields"]) == [wrong]
    ticket = visitor.post("/tickets", fields={"no": "A-1234", "why": "late"}, **data).json
    assert ticket["fields"] == [
        {"label": "Number", "value": "A-1234"},
        {"label": "Why", "value": "Late"},
    ]


def test_broken_json_and_wrong_types_are_400_or_422(ada):
    def send(data, kind):
        return ada.send("POST", "/tickets", data=data, content_type=kind)

    assert refusal(send(b"{", "application/json")) == (400, "malformed_json")
    assert refusal(send(b"[]", "application/json")) == (422, "invalid")
    assert send(b"x", "text/plain").status_code in {415, 422}
    assert refusal(send(b"x" * 2_000_000, "application/json"))[0] == 413


def test_a_missing_method_names_the_ones_there_are(ada):
    answer = ada.delete("/tickets")
    assert refusal(answer) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_any_page_may_ask_but_with_no_cookies(client, ada):
    answer = client.options(
        "/api/v1/tickets",
        headers={
            "Origin": "https://a.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, idempotency-key, x-file-name",
        },
    )
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Access-Control-Max-Age"] == "86400"
