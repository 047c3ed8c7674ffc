"""A ticket in the console: everything an agent does, and what the requester sees of it."""

import html
import io
import re
from pathlib import Path

import pytest
from PIL import Image

from widget_server import console, jobs

TEMPLATES = Path(console.__file__).parent / "templates/console"


@pytest.fixture
def ticket(ada):
    return ada.open(title="Charged twice", context={"url": "https://shop.example/cart"})


@pytest.fixture
def path(ada, ticket, site):
    return f"/tickets/{site.key}/{ticket['number']}"


@pytest.fixture
def seen(ada, ticket):
    """Return the ticket as its requester reads it now."""
    return lambda: ada.get(f"/tickets/{ticket['id']}").json


def png():
    stream = io.BytesIO()
    Image.new("RGB", (9, 9), "navy").save(stream, "PNG")
    stream.seek(0)
    return stream


def test_an_answer_reaches_the_requester(agent, ada, ticket, path, seen, site):
    answer = agent.reply(site, ticket["number"], "We are **on it**.", files=(png(), "a.png"))
    assert answer.status_code == 303
    assert answer.location == f"/console{path}"
    now = seen()
    assert now["state"] == "in_progress"
    last = now["thread"][-1]
    assert last["body"] == "We are **on it**."
    assert last["author"]["name"] == "Inés"
    assert [file["name"] for file in last["attachments"]] == ["a.png"]
    assert "<strong>on it</strong>" in agent.get(path).text


def test_a_double_press_makes_one_message(agent, ada, ticket, seen, site):
    for _ in range(2):
        agent.reply(site, ticket["number"], "Once", key="pressed-twice", files=(png(), "a.png"))
    now = seen()
    assert [entry["body"] for entry in now["thread"] if entry["type"] == "message"][1:] == ["Once"]
    assert len(now["files"]) == 1


def test_a_note_stays_with_the_team(agent, ada, ticket, path, seen, site):
    agent.reply(site, ticket["number"], "Smells like fraud", kind="note")
    assert "Smells like fraud" in agent.get(path).text
    now = seen()
    assert "Smells like fraud" not in str(now)
    assert now["state"] == "waiting"
    assert "Smells" not in ada.get("/tickets").text


def test_who_is_assigned_stays_with_the_team(agent, path, seen):
    agent.post(f"{path}/assignee", assignee="me")
    assert "se la asignó" in agent.get(path).text
    assert not [entry for entry in seen()["thread"] if entry.get("kind") == "assigned"]
    agent.post(f"{path}/assignee", assignee="")
    assert "la dejó sin asignar" in agent.get(path).text


def test_nobody_unknown_can_be_assigned(agent, path):
    assert agent.post(f"{path}/assignee", assignee="4711").status_code == 422


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("tool.exe", b"MZ" + bytes(200), "Este tipo de archivo no se acepta"),
        ("void.png", b"", "está vacío"),
        ("fake.png", b"<svg onload=alert(1)>" * 20, "dañado"),
    ],
)
def test_a_bad_file_is_refused_and_the_text_kept(agent, ada, ticket, seen, name, data, text, site):
    answer = agent.reply(site, ticket["number"], "With a file", files=(io.BytesIO(data), name))
    assert answer.status_code == 422
    assert name in answer.text
    assert text in answer.text or "no se acepta" in answer.text
    assert "With a file</textarea>" in answer.text
    assert len(seen()["thread"]) == 2


def test_a_fourth_file_is_refused(agent, ada, ticket, seen, site):
    files = [(png(), f"{index}.png") for index in range(4)]
    answer = agent.reply(site, ticket["number"], "Many", files=files)
    assert answer.status_code == 422
    assert "hasta 3 archivos" in answer.text
    assert seen()["files"] == []


def test_nothing_is_not_a_message(agent, ada, ticket, site):
    answer = agent.reply(site, ticket["number"], " ")
    assert answer.status_code == 422
    assert "Escribe algo o adjunta un archivo." in answer.text


def test_completing_can_be_undone(agent, path, seen):
    agent.post(f"{path}/progress", progress="40")
    answer = agent.post(f"{path}/state", state="completed")
    assert seen()["progress"] == 100
    page = agent.client.get(answer.location).text
    assert re.search(r'name="state" value="in_progress">[^<]*<button>', page)
    agent.post(f"{path}/state", state="in_progress")
    now = seen()
    assert (now["state"], now["progress"]) == ("in_progress", 40)


def test_undoing_a_completion_leaves_what_was_asked_again_meanwhile(agent, ada, ticket, path, seen):
    agent.post(f"{path}/state", state="in_progress")
    answer = agent.post(f"{path}/state", state="completed")
    page = agent.client.get(answer.location).text
    form = re.search(r'<form class="toast".*?</form>', page, re.DOTALL)[0]
    ada.post(f"/tickets/{ticket['id']}/messages", body="Not yet!")
    agent.post(f"{path}/state", **dict(re.findall(r'name="(\w+)" value="(\w+)"', form)))
    assert seen()["state"] == "waiting"


def test_steps_two_agents_change_at_once_are_all_kept(agent, path, seen):
    def page():
        text = html.unescape(agent.get(path).text)
        return {
            name: re.findall(rf'name="{name}" value="([^"]*)"', text)
            for name in ("step", "was", "label")
        }

    for label in ("Look", "Mend", "Test"):
        agent.post(f"{path}/checklist", **page(), new=label)
    stale = page()
    look, mend, test = stale["step"]
    agent.post(f"{path}/checklist", **page(), done=look, remove=test, new="Pay")
    agent.post(f"{path}/checklist", **stale | {"label": ["Look", "Mend it", "Test"]}, done=mend)
    assert [(step["label"], step["done"]) for step in seen()["checklist"]] == [
        ("Look", True), ("Mend it", True), ("Pay", False),
    ]  # fmt: skip


@pytest.mark.parametrize("percent", ["-1", "101", "many", ""])
def test_progress_is_a_percentage(agent, path, seen, percent):
    assert agent.post(f"{path}/progress", progress=percent).status_code == 422
    assert seen()["progress"] == 0


def test_an_unknown_state_is_refused(agent, path):
    assert agent.post(f"{path}/state", state="lost").status_code == 422


def test_steps_drive_the_progress(agent, path, seen):
    for label in ("Look", "Mend"):
        steps = seen()["checklist"]
        agent.post(
            f"{path}/checklist",
            step=[step["id"] for step in steps],
            label=[step["label"] for step in steps],
            new=label,
        )
    look, mend = seen()["checklist"]
    given = {"step": [look["id"], mend["id"]], "label": ["Look", "Mend"]}
    agent.post(f"{path}/checklist", **given, done=look["id"])
    assert seen()["progress"] == 50
    assert agent.post(f"{path}/progress", progress="10").status_code == 409
    agent.post(f"{path}/checklist", **given, done=look["id"], remove=mend["id"])
    assert [step["label"] for step in seen()["checklist"]] == ["Look"]
    assert seen()["progress"] == 100


def test_the_category_can_be_corrected(agent, path, seen):
    agent.post(f"{path}/category", category="help")
    assert seen()["category"]["id"] == "help"
    assert agent.post(f"{path}/category", category="nonsense").status_code == 422


def test_opening_marks_it_read_for_the_team(agent, path):
    assert "is-unread" in agent.get("/").text
    agent.get(path)
    assert "is-unread" not in agent.get("/").text


def pulse(agent, path, **headers):
    mark = re.search(rf'hx-get="/console({path}/pulse[^"]+)"', agent.get(path).text)[1]
    return lambda: agent.get(mark, headers={"HX-Request": "true", **headers})


def test_a_new_answer_appears_by_itself(agent, ada, ticket, path):
    ask = pulse(agent, path)
    assert ask().status_code == 204
    ada.post(f"/tickets/{ticket['id']}/messages", body="Any news?")
    renewed = ask()
    assert renewed.status_code == 200
    assert "Any news?" in renewed.text
    assert "<textarea" not in renewed.text


def test_an_answer_nobody_looks_at_stays_unread(agent, ada, ticket, path):
    away, here = pulse(agent, path), pulse(agent, path, **{"X-Visible": "1"})
    ada.post(f"/tickets/{ticket['id']}/messages", body="Any news?")
    away()
    assert "is-unread" in agent.get("/").text
    here()
    assert "is-unread" not in agent.get("/").text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        'https://x.example/"onmouseover=alert(1)',
    ],
)
def test_what_people_write_cannot_run(agent, ada, ticket, path, text, site):
    ada.post(f"/tickets/{ticket['id']}/messages", body=text)
    agent.reply(site, ticket["number"], text)
    thread = re.search(r'<ol id="thread".*?</ol>', agent.get(path).text, re.S)[0]
    assert "<script" not in thread
    assert "<img" not in thread
    assert 'href="javascript' not in thread
    assert not re.search(r"<[^>]+\son\w+=", thread)


def test_only_web_addresses_of_the_context_are_links(agent, ada, site):
    number = ada.open(context={"url": "javascript:alert(1)"})["number"]
    page = agent.get(f"/tickets/{site.key}/{number}").text
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_the_card_says_how_the_requester_is_known(agent, ada, visitor, path, site):
    page = agent.get(path).text
    assert "Identidad verificada por Shop" in page
    assert "Correo verificado" in page
    number = visitor.open()["number"]
    page = agent.get(f"/tickets/{site.key}/{number}").text
    assert "Visitante, sin sesión" in page
    assert "Correo sin verificar" in page


def test_files_lead_to_a_fresh_link(agent, ada, ticket, path, site):
    agent.reply(site, ticket["number"], "See", files=(png(), "a.png"))
    jobs.run_due()
    page = agent.get(path).text
    (whole,) = set(re.findall(r'class="file-link" href="([^"]+)"', page))
    for link, kind in ((whole, "image/png"), (f"{whole}/preview", "image/webp")):
        answer = agent.client.get(link)
        assert answer.location.startswith("/files/")
        assert "Cookie" in answer.vary, "whoever signs in next at this browser asks anew"
        file = agent.client.get(answer.location)
        file.close()
        assert file.content_type == kind


def test_a_file_opens_only_through_its_own_ticket(agent, ada, ticket, path, site):
    agent.reply(site, ticket["number"], "See", files=(png(), "a.png"))
    other = ada.open()["number"]
    (whole,) = set(re.findall(r'class="file-link" href="([^"]+)"', agent.get(path).text))
    stray = whole.replace(f"/{ticket['number']}/files", f"/{other}/files")
    assert agent.client.get(stray).status_code == 404


@pytest.mark.parametrize("number", ["999", "99999999999999999999"])
def test_an_unknown_ticket_is_a_page_that_says_so(agent, site, number):
    answer = agent.get(f"/tickets/{site.key}/{number}")
    assert answer.status_code == 404
    assert "Aquí no hay nada" in answer.text


def test_every_part_beside_a_request_has_its_place_from_the_start(agent, path):
    """What comes up while one looks on is put where something of that name stands."""
    sources = [(TEMPLATES / name).read_text() for name in ("_rail.html", "_orders.html")]
    parts = {part for source in sources for part in re.findall(r'id="(rail-\w+)"', source)}
    page = agent.get(path).text
    assert set(re.findall(r'<section id="(rail-\w+)"', page)) == parts
    assert re.search(r'<section id="rail-mail"[^>]* hidden>', page)
