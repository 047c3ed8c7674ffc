"""Writing answers: drafts, undo, saved replies. What is not said yet is nobody's to see."""

import re

import pytest

from widget_server import jobs
from widget_server.attachments import upkeep
from widget_server.database import query
from widget_server.desk import replies, sending

from .test_ticket import png


@pytest.fixture
def settings():
    return {"UNDO_SECONDS": 10}


@pytest.fixture
def ticket(ada):
    return ada.open(title="Broken lamp")


@pytest.fixture
def path(site, ticket):
    return f"/tickets/{site.key}/{ticket['number']}"


@pytest.fixture
def said(ada, ticket):
    def said():
        thread = ada.get(f"/tickets/{ticket['id']}").json["thread"]
        return [entry["body"] for entry in thread if entry["type"] == "message"][1:]

    return said


def test_a_reply_is_said_once_it_can_no_longer_be_taken_back(clock, agent, path, said, site):
    agent.reply(site, 1, "We are on it")
    assert "We are on it" in agent.get(path).text
    jobs.run_due()
    assert said() == []
    clock.pass_(seconds=11)
    jobs.run_due()
    jobs.run_due()
    assert said() == ["We are on it"]
    assert query("SELECT count(*) FROM sending") == [(0,)]


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_a_draft_that_comes_after_its_message_is_not_kept(agent, path, kind):
    told = {"body": "Half a", "kind": kind, "key": "k" * 24}
    assert agent.post(f"{path}/draft", **told).status_code == 204
    agent.post(f"{path}/messages", **(told | {"body": "Half a lamp"}))
    assert agent.post(f"{path}/draft", **told).status_code == 409
    assert query("SELECT count(*) FROM draft") == [(0,)]
    assert agent.post(f"{path}/draft", **(told | {"key": "n" * 24})).status_code == 204
    assert query("SELECT body FROM draft") == [("Half a",)]


def test_a_reply_taken_back_was_never_said_and_returns_to_the_composer(
    clock, agent, path, said, site
):
    agent.reply(site, 1, "Too hasty", files=(png(), "a.png"))
    answer = agent.post(f"{path}/sending/withdrawal")
    page = agent.get(answer.location.removeprefix("/console")).text
    assert re.search(r"<textarea[^>]*>Too hasty</textarea>", page)
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', page)
    clock.pass_(minutes=1)
    jobs.run_due()
    assert said() == []
    agent.reply(site, 1, "Better", kept=kept)
    agent.post(f"{path}/sending")
    assert said() == ["Better"]
    assert query("SELECT count(*) FROM attachment WHERE message_id IS NOT NULL") == [(1,)]


def test_a_reply_taken_back_takes_nothing_from_what_was_begun_since(agent, path, site):
    agent.reply(site, 1, "Too hasty")
    agent.post(f"{path}/draft", body="One more thing")
    agent.post(f"{path}/sending/withdrawal")
    assert ">Too hasty\n\nOne more thing</textarea>" in agent.get(path).text


def kept_of(agent, path, site):
    """Take back a reply with three files and return their ids."""
    files = [(png(), f"{name}.png") for name in "abc"]
    agent.reply(site, 1, "Hasty", files=files)
    answer = agent.post(f"{path}/sending/withdrawal")
    page = agent.get(answer.location.removeprefix("/console")).text
    return re.findall(r'name="kept" value="([^"]+)"', page)


def test_a_file_beside_those_taken_back_is_never_left_out_unsaid(agent, path, site):
    kept = kept_of(agent, path, site)
    answer = agent.reply(site, 1, "Better", files=(png(), "d.png"), kept=kept)
    assert (len(kept), answer.status_code) == (3, 422)
    assert "hasta 3 archivos" in answer.text
    assert re.findall(r'name="kept" value="([^"]+)"', answer.text) == kept
    assert agent.reply(site, 1, "Better", files=(png(), "d.png"), kept=kept[:2]).status_code == 303
    agent.post(f"{path}/sending")
    assert query("SELECT count(*) FROM attachment WHERE message_id IS NOT NULL") == [(3,)]


def test_a_file_that_is_gone_is_missed_before_the_reply_waits(clock, agent, path, site):
    kept = kept_of(agent, path, site)
    clock.pass_(days=2)
    upkeep.sweep()
    answer = agent.reply(site, 1, "Better", kept=kept[0])
    assert answer.status_code == 404
    assert ">Better</textarea>" in answer.text
    assert query("SELECT count(*) FROM sending") == [(0,)]


def test_what_was_said_cannot_be_taken_back(agent, path, said, site):
    agent.reply(site, 1, "Said")
    agent.post(f"{path}/sending")
    agent.post(f"{path}/sending/withdrawal")
    assert said() == ["Said"]


def test_a_second_reply_sends_the_first_so_that_order_holds(agent, path, said, site):
    agent.reply(site, 1, "First")
    agent.reply(site, 1, "Second")
    assert said() == ["First"]
    agent.post(f"{path}/sending")
    assert said() == ["First", "Second"]


def test_saying_fails_as_a_whole(agent, path, said, site, ada, ticket):
    agent.reply(site, 1, "Kept")
    before = query("SELECT site_id, ticket_id, agent_id, id FROM sending")[0]
    sending.send(*before)
    sending.send(*before)
    assert said() == ["Kept"]


def test_notes_do_not_wait(agent, path, site):
    agent.reply(site, 1, "Between us", kind="note")
    assert query("SELECT count(*) FROM sending") == [(0,)]
    assert "Between us" in agent.get(path).text


def test_a_draft_is_each_agents_own_and_gone_once_sent(agent, path, site):
    agent.post(f"{path}/draft", body="Half a thought", kind="note")
    agent.post(f"{path}/draft", body="Half a thou", kind="reply")
    assert ">Half a thou</textarea>" in agent.get(path).text
    assert query("SELECT count(*) FROM draft") == [(1,)]
    agent.reply(site, 1, "Whole")
    assert query("SELECT count(*) FROM draft") == [(0,)]
    agent.post(f"{path}/draft", body="x")
    agent.post(f"{path}/draft", body="  ")
    assert query("SELECT count(*) FROM draft") == [(0,)]


def test_saved_replies_are_offered_with_their_places_filled(agent, path, site, add_site):
    other = add_site("Elsewhere")
    agent.post("/replies", name="Hello", body="Hola {first_name}, {number} {nothing}", site="")
    agent.post("/replies", name="Theirs", body="x", site=other.key)
    offered = agent.get(f"{path}/replies").json
    assert offered == [{"name": "Hello", "body": "Hola Ada, #1 {nothing}"}]


def test_saved_replies_are_written_changed_and_removed(agent, site):
    agent.post("/replies", name="Hello", body="Hola", site="")
    (reply,) = replies.all_replies()
    agent.post(f"/replies/{reply.id}", name="Hello again", body="Hola", site=site.key)
    assert "Hello again" in agent.get("/replies").text
    page = agent.post(f"/replies/{reply.id}/removal").text
    assert "Hello again" in page
    assert replies.all_replies() == []
    assert agent.post("/replies", name="", body="").status_code == 422
    assert agent.get("/replies").status_code == 200


def test_a_preview_is_what_will_be_shown(agent):
    answer = agent.post("/messages/preview", body="**bold** <script>x</script>")
    assert "<strong>bold</strong>" in answer.text
    assert "<script>" not in answer.text
