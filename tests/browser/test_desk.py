"""A working day of two agents at once, one of them with the keyboard only."""

import pytest
from playwright.sync_api import expect

from widget_server import database
from widget_server.agents import service as agents
from widget_server.clock import stamp
from widget_server.database import execute, query
from widget_server.desk import replies
from widget_server.identity.service import Caller
from widget_server.ids import new_id
from widget_server.tickets import labels, service, snoozing
from widget_server.tickets.service import Actor

from ..support.sampled import with_sample
from ..support.senses import layout
from .test_console import await_keys, fits, sign_in

TICKETS = 200
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
OTHER = ("bea@demo.example", "ventanilla-demo-two")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A server where two hundred tickets wait for two agents."""
    live, site, _ = with_sample(
        tmp_path_factory.mktemp("desk"), ["http://127.0.0.1:1"], UNDO_SECONDS="60"
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
    let_go_by(desk)
    expect(bea.locator(".is-waiting")).to_have_count(0)
    expect(ines.locator("#thread")).to_contain_text("Hola Ada: miramos #156.")

    bea.keyboard.press("Escape")
    bea.keyboard.press("e")
    expect(bea.locator(".toast .undo, .toast button")).to_be_visible()
    bea.keyboard.press("z")
    expect(bea.locator("#ticket-head .state")).not_to_have_class("state state-completed")


def let_go_by(desk):
    """Let the time go by in which a reply can be taken back."""
    database.connect(desk.settings["DATABASE_URL"])
    execute("UPDATE job SET run_at = ? WHERE kind = 'desk.send'", stamp())
    database.db.close()


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


def test_what_one_agent_writes_is_never_another_s_who_signed_in_beside_it(desk, two):
    ines, _ = two
    ines.goto(f"{desk.url}/console/?q=Pregunta+130")
    ines.locator("#rows .row-link").first.click()
    writing = ines.locator("#composer textarea")
    # What asks for news would know first.
    ines.evaluate("for (const each of document.querySelectorAll('[id$=pulse]')) each.remove()")
    ines.context.clear_cookies()
    beside = ines.context.new_page()
    beside.goto(f"{desk.url}/console/")
    beside.locator("input[name=email]").fill(OTHER[0])
    beside.locator("input[name=password]").fill(OTHER[1])
    beside.keyboard.press("Enter")
    expect(beside.locator("#rows")).to_be_visible()
    with ines.expect_response("**/draft") as kept:
        writing.fill("De Inés")
    assert kept.value.status == 409
    ines.locator("#composer button.primary").click()
    expect(ines.locator(".menu-name")).to_have_text("Bea Solís")
    expect(writing).to_have_value("")
    expect(ines.locator("#thread")).not_to_contain_text("De Inés")
    ines.context.clear_cookies()
    ines.reload()
    sign_in(ines)
    expect(writing).to_have_value("De Inés")


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


@pytest.fixture(scope="module")
def wordy(desk):
    """The path of a ticket where nobody ever pressed the space bar."""
    database.connect(desk.settings["DATABASE_URL"])
    ((site_id, key),) = query("SELECT id, key FROM site")
    caller = Caller(site_id, "x", new_id(), True, None, f"{WORD[:60]}@a.example", None, WORD, "de")
    execute(
        "INSERT INTO requester (site_id, id, email, name, locale, created_at, seen_at)"
        " VALUES (?, ?, ?, ?, 'de', ?, ?)",
        site_id, caller.id, caller.email, WORD, stamp(), stamp(),
    )  # fmt: skip
    named = {"email": caller.email, "locale": "de", "category": _plain(site_id)}
    service.open_ticket(caller, title="Coupon", body="?", **named)
    ticket = service.open_ticket(caller, title=WORD, body=WORD, **named)
    agent = agents.add_agent(email="long@demo.example", name=f"{WORD} I.", password=None)
    actor = Actor("agent", str(agent.id), agent.name)
    labels.set_tags(ticket, actor, [WORD[:30], WORD[10:40], *"abcdefgh"])
    labels.set_priority(ticket, actor, "urgent")
    service.assign(ticket, actor, agent_id=agent.id, name=agent.name)
    service.post_message(ticket, actor, body=WORD, files=[], internal=True)
    service.set_checklist(ticket, actor, [{"label": WORD, "done": False}])
    snoozing.snooze(ticket, actor, stamp(seconds=3 * 86_400))
    replies.save(None, name=WORD[:60], body=WORD, site_id=site_id)
    database.db.close()
    return f"/console/tickets/{key}/{ticket.number}"


@pytest.mark.parametrize("width", [360, 1280])
def test_no_word_is_too_long_for_its_place(desk, wordy, page_of, width):
    page = page_of(width=width)
    page.goto(f"{desk.url}/console/")
    sign_in(page)
    page.goto(f"{desk.url}/console/?q={WORD[:20]}")
    page.locator(".keep-view summary").click()
    page.locator(".pick input").first.check()
    expect(page.locator("#bulk")).to_be_visible()
    assert layout(page) == {}
    for path in ("/console/?view=snoozed", "/console/replies", "/console/agents", wordy):
        page.goto(desk.url + path)
        for folded in page.locator("main details").all():
            folded.evaluate("each => { each.open = true; }")
        assert layout(page) == {}, path
    page.locator("#rail-requester .person a").click()
    expect(page.locator(".person-head")).to_be_visible()
    assert layout(page) == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_what_can_be_undone_covers_nothing_that_is_read(desk, wordy, page_of, width):
    page = page_of(width=width)
    page.goto(f"{desk.url}/console/")
    sign_in(page)
    await_keys(page)
    page.locator(".pick input").first.check()
    page.locator("#bulk [data-bulk=a]").click()
    assert covered(page, ".search, .list-head, #rows") == []
    page.locator(".toast button").click()
    expect(page.locator(".toast")).to_contain_text("Todo como estaba")
    assert covered(page, ".search, .list-head, #rows") == []
    page.goto(desk.url + wordy)
    await_keys(page)
    page.locator("#ticket-head form button").click()
    assert covered(page, "#ticket-head, #thread-scroll, #composer, #details") == []
    page.locator(".toast button").first.click()
    expect(page.locator("#ticket-head .state-completed")).to_have_count(0)


def covered(page, selector):
    """Return what of these lies under the toast, at the top of the page."""
    expect(page.locator(".toast")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    return page.evaluate(
        """selector => {
          const { left, right, top, bottom } = document.querySelector('.toast').getBoundingClientRect();
          return [...document.querySelectorAll(selector)].filter((each) => {
            const box = each.getBoundingClientRect();
            return box.left < right && left < box.right && box.top < bottom && top < box.bottom;
          }).map((each) => each.id || each.className);
        }""",
        selector,
    )


def test_what_is_chosen_beside_a_request_stays_while_its_cards_are_renewed(desk, two):
    ines, bea = two
    bea.goto(f"{desk.url}/console/?q=Pregunta+110")
    bea.locator("#rows .row-link").first.click()
    rail, other = bea.locator("#rail-requester"), bea.locator("#rail-owner")
    rail.locator("details", has=bea.locator("select")).locator("summary").click()
    chosen = rail.locator("select[name=number]")
    chosen.select_option(index=3)
    number = chosen.input_value()
    other.locator("details summary").click()
    until = other.locator("input[name=until]")
    until.fill("2030-01-01T10:30")
    bea.locator("#thread-scroll").focus()
    ines.goto(bea.url)
    expect(bea.locator(".presence")).to_contain_text("Inés")
    expect(chosen).to_have_value(number)
    expect(until).to_have_value("2030-01-01T10:30")
    expect(other.locator("select[name=until]")).to_have_value("")


def test_what_was_folded_out_stays_so_while_others_write(desk, two):
    ines, bea = two
    bea.goto(f"{desk.url}/console/?q=Pregunta+100")
    bea.locator("#rows .row-link").first.click()
    expect(bea.locator("#thread")).to_be_visible()
    number = int(bea.url.partition("?")[0].rpartition("/")[2])
    database.connect(desk.settings["DATABASE_URL"])
    execute(
        "UPDATE message SET quoted = 'Antes' WHERE ticket_id ="
        " (SELECT id FROM ticket WHERE number = ?)",
        number,
    )
    database.db.close()
    bea.reload()
    bea.locator(".folded summary").click()
    expect(bea.locator(".folded .prose")).to_be_visible()
    ines.goto(bea.url)
    ines.locator("#composer textarea").fill("Entre nosotras")
    ines.locator("#composer input[value=note]").check(force=True)
    ines.locator("#composer button.primary").click()
    expect(bea.locator("#thread")).to_contain_text("Entre nosotras")
    expect(bea.locator(".folded .prose")).to_be_visible()
