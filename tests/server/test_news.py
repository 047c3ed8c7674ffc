"""What is new: told once, to whom it belongs, for next to nothing when there is nothing."""

from widget_server.tickets import service
from widget_server.tickets.models import Ticket


def answer(ticket, agent):
    service.post_message(Ticket.get(Ticket.id == ticket["id"]), agent, body="Hi", files=[])


def test_news_come_once_and_nothing_new_is_304(ada, ines):
    ticket = ada.open()
    cursor = ada.get("/updates").json["cursor"]
    quiet = ada.get(f"/updates?since={cursor}")
    assert (quiet.status_code, quiet.data) == (304, b"")
    answer(ticket, ines)
    news = ada.get(f"/updates?since={cursor}").json
    assert [(row["id"], row["unread"]) for row in news["tickets"]] == [(ticket["id"], True)]
    assert news["unread"] == 1
    ada.get(f"/tickets/{ticket['id']}")
    assert ada.get("/tickets").json["unread"] == 0


def test_what_is_read_on_one_page_is_news_for_the_others(ada, ines):
    ticket = ada.open()
    answer(ticket, ines)
    before = ada.get("/updates?since=-1")
    assert before.json["unread"] == 1
    ada.get(f"/tickets/{ticket['id']}")
    for since in ("-1", before.json["cursor"]):
        after = ada.get(f"/updates?since={since}")
        assert after.status_code == 200
        assert after.json["unread"] == 0
        assert [row["unread"] for row in after.json["tickets"]] == [False]
    ada.get(f"/tickets/{ticket['id']}")
    assert ada.get(f"/updates?since={after.json['cursor']}").status_code == 304


def test_no_browser_keeps_news_for_the_next_person_at_it(ada, visit):
    ada.open()
    news, bob = ada.get("/updates?since=0"), visit("bob")
    quiet = bob.get(f"/updates?since={bob.get('/tickets').json['updates']}")
    assert (news.status_code, quiet.status_code) == (200, 304)
    for told in (news, quiet):
        assert told.headers["Cache-Control"] == "no-store"
        assert "ETag" not in told.headers
    # What an earlier version let it keep: 304 would have it shown.
    for tag in ('"0"', '"1"', "*"):
        asked = bob.get("/updates?since=0", headers={"If-None-Match": tag})
        assert (asked.status_code, asked.json["tickets"]) == (200, [])
