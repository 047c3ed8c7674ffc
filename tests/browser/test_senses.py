"""The window for everybody: long words, large text, right to left, 400 %, keyboard, forced colours."""

import re

import pytest
from playwright.sync_api import expect

from widget_server import database
from widget_server.database import query
from widget_server.identity.service import Caller
from widget_server.identity.tokens import Tokens
from widget_server.mail.compose import compose
from widget_server.tickets import service

from ..mail.test_compose import letter
from ..support.senses import sense, stumbles, tones, walk
from .test_journey import PNG, WORDS, open_panel

WORD = WORDS["es"]
#: Pixels a target in the window must have.
TOUCH = 44
#: And on a page of its own.
POINTED = 24
#: Requests of somebody who has asked a lot: more than a list shows at once.
MANY = 30
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def picture(number):
    name = f"un-nombre-de-archivo-que-no-cabe-en-ninguna-ventana-{number}.png"
    return {"name": name, "mimeType": "image/png", "buffer": PNG}


@pytest.fixture
def holds(axe):
    """Check a screen of the window in every way there is to look at it."""

    def holds(page, where):
        assert stumbles(page, TOUCH) == {}, where
        for look in ({"color_scheme": "dark"}, {"color_scheme": "light"}):
            page.emulate_media(**look)
            axe(page)

    return holds


@pytest.mark.parametrize("width", [360, 1280])
def test_every_screen_of_a_request_holds_for_everybody(world, page_of, axe, holds, width):
    page = page_of(width=width)
    languages = set()
    page.on("request", lambda sent: languages.update(re.findall(r"/assets/([a-z]{2})-", sent.url)))
    open_panel(page, f"{world.shop}/plain", WORD)
    holds(page, "nothing asked yet")
    page.locator(".contact summary").click()
    holds(page, "every channel")
    page.locator(".contact summary").click()
    page.get_by_role("button", name="Ver mis solicitudes").click()
    holds(page, "who asked before")
    page.locator("#v-address").fill(f"nobody-{width}@mail.example")
    page.get_by_role("button", name="Enviar código").click()
    expect(page.locator("#v-code")).to_be_visible()
    holds(page, "the code of a mail")
    page.get_by_role("button", name=WORD["back"]).click()
    page.get_by_role("button", name=WORD["back"]).click()
    page.get_by_role("button", name=WORD["new"]).click()
    page.get_by_text("Reportar un error", exact=True).click()
    expect(page.locator(".notice")).to_be_visible()
    holds(page, "what about")
    page.get_by_text(WORD["category"], exact=True).click()
    page.get_by_role("button", name=WORD["next"]).click()
    page.get_by_role("button", name=WORD["next"]).click()
    holds(page, "fields at fault")
    page.locator("#v-t").fill(f"Devolver un pedido: {LONG}")
    page.locator("#v-b").fill(f"¿Cómo puedo devolver un pedido?\n{LONG}")
    page.locator(".form input[type=file]").set_input_files([picture(each) for each in range(4)])
    expect(page.locator(".upload progress")).to_have_count(0)
    expect(page.locator(".suggestion").first).to_be_visible()
    holds(page, "details, files and suggestions")
    page.get_by_role("button", name=WORD["next"]).click()
    page.get_by_role("button", name=WORD["send"]).click()
    holds(page, "how to reach you")
    page.locator("#v-e").fill(f"senses-{width}@mail.example")
    page.get_by_role("button", name=WORD["send"]).click()
    expect(page.locator(".filed")).to_be_visible()
    holds(page, "filed")
    page.get_by_role("button", name=WORD["back"]).click()
    expect(page.locator(".row")).to_have_count(1)
    holds(page, "one request")
    assert languages == {"es"}, "Only the language that is read is loaded"
    ask_much(world, f"senses-{width}@mail.example")
    open_panel(page, f"{world.shop}/plain", WORD)
    expect(page.get_by_role("button", name="Ver más")).to_be_visible()
    expect(page.locator(".filter")).to_be_visible()
    holds(page, "many requests")


def ask_much(world, email):
    """File and complete many requests of somebody who has asked once, as fast as a program may."""
    database.connect(world.live.settings["DATABASE_URL"])
    ((site, requester, category),) = query(
        "SELECT site_id, requester_id, category_id FROM ticket WHERE email = ?", email
    )
    caller = Caller(site, "x", requester, True)
    for number in range(MANY):
        title = f"{number} {LONG if number % 2 else 'طلب استرداد الأموال'}"
        ticket = service.open_ticket(
            caller, title=title, body="¿Cómo va?", locale="es", category=category, email=email, notify=False
        )  # fmt: skip
        service.close(ticket, service.as_actor(caller))
    database.db.close()


#: One letter of each form: a code, files, sums, one for the team, one about no request.
LETTERS = {
    "link": {"code": "123 456"},
    "answered": {"files": (("foto.png", "https://help.example/f"), (f"{LONG}.zip", None))},
    "quoted": {"facts": {"quote": "2026-0001", "total": "1.728,09 €", "until": "29.12.2026"}},
    "agent_late": {},
    "invite": {"number": None, "turn": None, "history": (), "stop_url": None},
}


def test_every_form_of_letter_holds_for_everybody(page_of, axe):
    page = page_of(width=360)
    for kind, more in LETTERS.items():
        message = compose(letter(kind, "de", **more))
        page.set_content(message.get_body(("html",)).get_content())
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            axe(page)
        assert stumbles(page, POINTED) == {}, kind


def test_the_page_that_stops_mails_holds_for_everybody(world, page_of, axe):
    database.connect(world.live.settings["DATABASE_URL"])
    rows = query("SELECT site_id, id, email FROM ticket WHERE email IS NOT NULL LIMIT 1")
    database.db.close()
    ((site, ticket, email),) = rows
    stop = Tokens([world.live.settings["SECRET_KEY"]], "mail-stop")
    page = page_of(width=360)
    page.goto(f"{world.server}/mail/stop/{stop.issue({'s': site, 't': ticket, 'e': email})}")
    expect(page.get_by_role("button")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
    assert stumbles(page, POINTED) == {}
    assert walk(page) == []


def ada(world, page, path="/"):
    page.goto(world.shop)
    page.get_by_role("button", name="Ada Ferrer").click()
    page.goto(f"{world.shop}{path}")


def test_the_view_in_a_page_holds_at_every_width(world, page_of, holds):
    page = page_of()
    ada(world, page, "/support")
    page.get_by_text("Cambio de logo").click()
    expect(page.locator(".thread")).to_be_visible()
    for width in (1280, 720, 360):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator(".rows")).to_have_count(1 if width > 800 else 0)
        holds(page, f"{width} px")


def test_everything_can_be_reached_and_pressed_at_400_percent(world, page_of):
    page = page_of(width=320, height=256)
    open_panel(page, f"{world.shop}/plain", WORD)

    def reachable():
        for button in page.locator(".panel :is(button, summary):visible").all():
            button.click(trial=True)

    reachable()
    page.get_by_role("button", name=WORD["new"]).click()
    page.get_by_text(WORD["category"], exact=True).click()
    reachable()
    page.get_by_role("button", name=WORD["next"]).click()
    page.locator("#v-t").fill("A mucha ampliación")
    page.locator("#v-b").fill("Una\n" * 12)
    reachable()
    page.get_by_role("button", name=WORD["next"]).click()
    page.locator("#v-e").fill("zoom@mail.example")
    page.get_by_role("button", name=WORD["send"]).click()
    expect(page.locator(".filed")).to_be_visible()
    page.locator(".composer textarea").fill("Otra\n" * 12)
    reachable()


def test_the_keyboard_goes_everywhere_and_is_seen(world, page_of):
    page = page_of()
    open_panel(page, f"{world.shop}/plain", WORD)
    assert walk(page) == []
    page.get_by_role("button", name=WORD["new"]).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="¿De qué se trata?")).to_be_focused()
    assert walk(page) == []
    page.get_by_role("radio", name=WORD["category"]).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name=WORD["next"]).press("Enter")
    assert walk(page) == []
    page.get_by_role("button", name=WORD["next"]).press("Enter")
    expect(page.locator("#v-t")).to_be_focused()
    expect(page.locator("#v-t")).to_have_attribute("aria-invalid", "true")
    # A screen reader hears what is wrong without looking for it.
    expect(page.locator(".fault[aria-live=polite]").first).to_have_text(re.compile(r"\w"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=WORD["help"])).to_be_focused()


def test_losing_the_network_is_said_and_shown(world, page_of):
    page = page_of(quiet=True)
    open_panel(page, f"{world.shop}/plain", WORD)
    page.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="Sin conexión")).to_be_visible()
    assert stumbles(page, TOUCH) == {}


def test_forced_colours_leave_nothing_to_guess(world, page_of):
    page = page_of()
    ada(world, page)
    button = page.get_by_role("button", name=WORD["help"])
    expect(button).to_be_visible()
    page.emulate_media(forced_colors="active")
    assert tones(button) > 1
    button.click()
    row = page.locator(".row", has_text="Cambio de logo")
    for part in (page.locator(".panel .primary"), row.locator(".state .icon")):
        assert tones(part) > 1, part
    page.get_by_role("button", name=WORD["new"]).click()
    page.get_by_text(WORD["category"], exact=True).click()
    assert tones(page.locator(".way")) > 1
    expect(page.locator(".choice:has(:checked)")).to_have_css("border-top-width", "2px")
    page.get_by_role("button", name=WORD["next"]).click()
    page.locator("#v-t").fill("Colores propios")
    page.locator("#v-b").fill("¿Se ve todo?")
    page.get_by_role("button", name=WORD["next"]).click()
    switch = page.get_by_role("switch")
    pictures = []
    for _ in range(2):
        assert tones(switch) > 1
        pictures.append(switch.screenshot())
        switch.click()
    assert pictures[0] != pictures[1]
    page.get_by_role("button", name=WORD["back"]).click()
    page.get_by_role("button", name=WORD["back"]).click()
    page.get_by_role("button", name=WORD["back"]).click()
    row.click()
    expect(page.locator(".bubble").first).to_be_visible()
    bar = page.locator("progress.whole")
    if bar.count():
        assert tones(bar) > 1
    border = page.locator(".bubble").first.evaluate("each => getComputedStyle(each).borderTopWidth")
    assert border == "1px"


def test_nothing_moves_for_whoever_wants_no_motion(world, page_of):
    page = page_of()
    page.emulate_media(reduced_motion="reduce")
    open_panel(page, f"{world.shop}/plain", WORD)
    page.get_by_role("button", name=WORD["new"]).click()
    expect(page.locator(".choice").first).to_be_visible()
    moving = page.evaluate(
        "[...document.querySelector('ventanilla-widget').shadowRoot.querySelectorAll('*')].filter("
        "each => ['', '::before', '::after', '::-webkit-progress-value'].some(part => {"
        " const style = getComputedStyle(each, part || null);"
        " return style.animationName !== 'none' || style.transitionDuration !== '0s' }))"
        ".map(each => each.className)"
    )
    assert moving == []


def test_the_senses_find_what_they_are_for(page_of):
    page = page_of()
    page.set_content(
        "<html lang=en><title>x</title><button style='width:20px;height:20px;overflow:hidden;outline:0'>"
        "Unreadable</button><button style='margin-left:-15px;outline:0'></button>"
        "<div style='width:3000px'>wide</div>"
    )
    found = stumbles(page, 24)
    assert found["nameless"] == ["button"]
    assert len(found["small"]) == 2
    assert {"clipped", "beside", "overlapping"} <= set(found["plain"])
    assert [each[:7] for each in walk(page)] == ["no ring", "no ring"]
    assert sense(page, "small", 1) == []
