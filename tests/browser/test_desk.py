"""A working day of two agents at once, one of them with the keyboard only."""

import pytest
from playwright.sync_api import expect

from widget_server import database
from widget_server.agents import service as agents
from widget_server.database import query
from widget_server.desk import replies
from widget_server.identity.service import Caller
from widget_server.tickets import service

from ..support.sampled import with_sample
from .test_console import await_keys, fits, sign_in

TICKETS = 200
OTHER = ("bea@demo.example", "ventanilla-demo-two")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A server where two hundred tickets wait for two agents."""
    live, site, _ = with_sample(
        tmp_path_factory.mktemp("desk"), ["http://127.0.0.1:1"], UNDO_SECONDS="3"
    )
    database.connect(live.settings["DATABASE_URL"])
    agents.add_agent(email=OTHER[0], name="Bea Solís", password=OTHER[1])
    replies.save(None, name="Hola", body="Hola {first_name}: miramos {number}.", site_id=None)
    ((requester, email, category),) = query(
        "SELECT requester_id, email, category_id FROM ticket WHERE number = 1"
    )
    caller = Caller(site.id, "x", requester, True, "ada", email, None, "Ada Ferrer", "es")
    for number in range(TICKETS):
        service.open_ticket(
            caller, title=f"Pregunta {number:03}", body="¿Cómo va?", locale="es",
            category=None if category is None else _plain(site.id),
        )  # fmt: skip
    database.db.close()
    yield live
    live.kill()


def _plain(site_id):
    """Return a category that asks nothing more."""
    return query("SELECT id FROM category WHERE site_id = ? AND fields = '[]'", site_id)[0][0]


@pytest.fixture
def two(desk, page_of):
    """Inés with a pointer, Bea at the keyboard."""
    ines, bea = page_of(quiet=True), page_of(quiet=True)
    refused = []
    for page in (ines, bea):
        page.on(
            "console", lambda line: "Content Security" in line.text and refused.append(line.text)
        )
        page.on("pageerror", lambda error: refused.append(str(error)))
        page.goto(f"{desk.url}/console/")
    sign_in(ines)
    bea.locator("input[name=email]").fill(OTHER[0])
    bea.locator("input[name=password]").fill(OTHER[1])
    bea.keyboard.press("Enter")
    expect(bea.locator("#rows")).to_be_visible()
    yield ines, bea
    assert refused == []


def test_a_day_of_two_agents(desk, two):
    ines, bea = two
    await_keys(bea)
    bea.keyboard.press("j")
    bea.keyboard.press("x")
    bea.keyboard.press("j")
    bea.keyboard.press("x")
    expect(bea.locator(".bulk-count")).to_have_text("2 seleccionadas")
    bea.keyboard.press("a")
    expect(bea.locator(".toast")).to_contain_text("2 asignadas")
    expect(ines.locator("#rows .row-assignee .avatar").first).to_be_visible()
    bea.keyboard.press("z")
    expect(bea.locator(".toast")).to_contain_text("Todo como estaba")

    bea.goto(f"{desk.url}/console/?q=Pregunta+150")
    await_keys(bea)
    bea.keyboard.press("j")
    bea.keyboard.press("Enter")
    expect(bea.locator("#thread")).to_be_visible()
    await_keys(bea)
    ines.goto(bea.url)
    bea.keyboard.press("r")
    bea.keyboard.type("/hol")
    expect(bea.locator("#suggested li")).to_have_count(1)
    bea.keyboard.press("Enter")
    expect(bea.locator("#composer textarea")).to_have_value("Hola Ada: miramos #156.")
    expect(ines.locator(".presence")).to_contain_text("Bea Solís está respondiendo")
    ines.locator("#composer textarea").fill("Yo también")
    bea.keyboard.press("Control+Enter")
    expect(bea.locator(".is-waiting")).to_be_visible()
    ines.locator("#composer button.primary").click()
    expect(ines.locator("#refusal")).to_contain_text("Bea Solís ha respondido")
    expect(bea.locator(".is-waiting")).to_have_count(0)
    expect(ines.locator("#thread")).to_contain_text("Hola Ada: miramos #156.")

    bea.keyboard.press("Escape")
    bea.keyboard.press("e")
    expect(bea.locator(".toast .undo, .toast button")).to_be_visible()
    bea.keyboard.press("z")
    expect(bea.locator("#ticket-head .state")).not_to_have_class("state state-completed")


def test_what_is_taken_back_stands_in_the_composer_again(desk, two):
    _, bea = two
    bea.goto(f"{desk.url}/console/?q=Pregunta+120")
    await_keys(bea)
    bea.keyboard.press("j")
    bea.keyboard.press("Enter")
    expect(bea.locator("#thread")).to_be_visible()
    await_keys(bea)
    bea.keyboard.press("r")
    bea.keyboard.type("Demasiado pronto")
    bea.keyboard.press("Control+Enter")
    expect(bea.locator(".is-waiting")).to_be_visible()
    bea.keyboard.press("Escape")
    bea.keyboard.press("z")
    expect(bea.locator("#composer textarea")).to_have_value("Demasiado pronto")
    expect(bea.locator(".is-waiting")).to_have_count(0)
    bea.locator("#composer textarea").focus()
    with bea.expect_response(lambda answer: answer.url.endswith("/draft")):
        bea.keyboard.insert_text(", mejor así")
    bea.reload()
    expect(bea.locator("#composer textarea")).to_have_value("Demasiado pronto, mejor así")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_desks_pages_are_accessible_and_fit(desk, page_of, axe, width, scheme):
    page = page_of(width=width, scheme=scheme)
    page.goto(f"{desk.url}/console/")
    sign_in(page)
    page.locator(".pick input").first.check()
    expect(page.locator("#bulk")).to_be_visible()
    axe(page)
    assert fits(page)
    for path in ("replies", "?view=snoozed", "?q=is:open"):
        page.goto(f"{desk.url}/console/{path}")
        axe(page)
        assert fits(page), path
    page.locator("#rows .row-link").first.click()
    expect(page.locator("#thread")).to_be_visible()
    await_keys(page)
    page.locator("#composer textarea").fill("/")
    expect(page.locator("#suggested li").first).to_be_visible()
    axe(page)
    page.locator("#rail-requester .person a").click()
    expect(page.locator(".person-head")).to_be_visible()
    axe(page)
    assert fits(page)
