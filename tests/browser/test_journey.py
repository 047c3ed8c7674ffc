"""A request from the first click to the last answer, as people go through it."""

import base64
import json
import sqlite3

import pytest
from playwright.sync_api import expect

from widget_server import sample

from ..support.servers import wait_until

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
WORDS = {
    "es": {
        "help": "Ayuda", "new": "Nueva solicitud", "next": "Continuar", "send": "Enviar solicitud",
        "waiting": "En espera", "progress": "En curso", "done": "Completado", "category": "Asistencia técnica",
        "reply": "Enviar respuesta", "close": "Cerrar solicitud", "back": "Atrás",
        "many": "Solo 3 archivos por mensaje.", "email": "Escribe una dirección",
    },
    "en": {
        "help": "Help", "new": "New request", "next": "Continue", "send": "Send request",
        "waiting": "Waiting", "progress": "In progress", "done": "Completed", "category": "Technical help",
        "reply": "Send reply", "close": "Close request", "back": "Back",
        "many": "Only 3 files per message.", "email": "Write an address",
    },
}  # fmt: skip


def picture(number):
    return {"name": f"foto{number}.png", "mimeType": "image/png", "buffer": PNG}


def open_panel(page, url, word):
    page.goto(url)
    page.get_by_role("button", name=word["help"]).first.click()
    expect(page.get_by_role("button", name=word["new"])).to_be_visible()


def file_request(page, word, *, title="Pedido duplicado", email=None, files=()):
    page.get_by_role("button", name=word["new"]).click()
    page.get_by_text(word["category"], exact=True).click()
    page.get_by_role("button", name=word["next"]).click()
    page.locator("#v-t").fill(title)
    page.locator("#v-b").fill("Se cobró dos veces\nhttps://example.com/x\n<b>gracias</b>")
    if files:
        page.locator(".form input[type=file]").set_input_files(list(files))
        expect(page.locator(".upload progress")).to_have_count(0)
    page.get_by_role("button", name=word["next"]).click()
    if email:
        page.locator("#v-e").fill(email)
    page.get_by_role("button", name=word["send"]).click()
    expect(page.locator(".filed")).to_be_visible()
    return int(page.locator("#v-title .tabular").inner_text().lstrip("#"))


def sign_in(page, world):
    page.goto(f"{world.server}/console/sign-in")
    page.locator("input[name=email]").fill(sample.AGENT_EMAIL)
    page.locator("input[name=password]").fill(sample.AGENT_PASSWORD)
    page.locator("form button.primary").first.click()
    expect(page).to_have_url(f"{world.server}/console/")


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_visitor_files_and_every_screen_is_accessible(world, page_of, axe, language, width):
    word = WORDS[language]
    page = page_of(locale=language, width=width)
    open_panel(page, f"{world.shop}/plain?lang={language}", word)
    axe(page)
    page.get_by_role("button", name=word["new"]).click()
    axe(page)
    page.get_by_text(word["category"], exact=True).click()
    page.get_by_role("button", name=word["next"]).click()
    page.get_by_role("button", name=word["next"]).click()  # Nothing filled in: both are named.
    expect(page.locator(".fault:not(:empty)")).to_have_count(2)
    axe(page)
    page.locator("#v-t").fill("Pedido duplicado")
    page.locator("#v-b").fill("Se cobró dos veces")
    page.locator(".form input[type=file]").set_input_files([picture(n) for n in range(4)])
    expect(page.locator(".upload.refused")).to_contain_text(word["many"])
    expect(page.locator(".upload progress")).to_have_count(0)
    expect(page.locator(".upload:not(.refused)")).to_have_count(3)
    axe(page)
    page.get_by_role("button", name=word["next"]).click()
    page.get_by_role("button", name=word["send"]).click()
    expect(page.locator(".fault").first).to_contain_text(word["email"])
    axe(page)
    page.locator("#v-e").fill("marta@example.com")
    page.get_by_role("button", name=word["send"]).click()
    expect(page.locator(".filed")).to_be_visible()
    expect(page.locator(".state")).to_contain_text(word["waiting"])
    expect(page.locator(".attached li")).to_have_count(3)
    axe(page)
    page.get_by_role("button", name=word["back"]).click()
    expect(page.locator(".row")).to_have_count(1)
    axe(page)


def test_agent_and_requester_see_each_other_within_seconds(world, page_of):
    word = WORDS["es"]
    page, console = page_of(), page_of()
    sign_in(console, world)
    open_panel(page, f"{world.shop}/plain", word)
    number = file_request(page, word, email="marta@example.com", title="Conversación viva")
    expect(console.get_by_text("Conversación viva").first).to_be_visible(timeout=5_000)

    console.goto(f"{world.server}/console/tickets/{world.site_key}/{number}")
    console.locator("textarea[name=body]").first.fill("Lo miramos **ahora**.")
    console.locator("form:has(textarea[name=body]) input[type=file]").first.set_input_files(
        [picture(9)]
    )
    console.locator("#composer button.primary").first.click()
    expect(page.locator(".message.agent strong", has_text="ahora")).to_be_visible(timeout=5_000)
    expect(page.locator(".message.agent .attached")).to_contain_text("foto9.png")
    expect(page.locator(".facts .state")).to_contain_text(word["progress"])

    page.locator(".composer textarea").fill("Gracias, sigue igual")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.requester")).to_have_count(2)
    expect(console.get_by_text("Gracias, sigue igual")).to_be_visible(timeout=5_000)

    page.get_by_role("button", name=word["close"]).click()
    expect(page.locator(".facts .state")).to_contain_text(word["done"])
    page.locator(".composer textarea").fill("Ha vuelto a pasar")
    page.get_by_role("button", name=word["reply"]).click()
    expect(page.locator(".facts .state")).to_contain_text(word["waiting"])


def test_a_closure_is_taken_back_by_one_press(world, page_of):
    word = WORDS["es"]
    page = page_of()
    open_panel(page, f"{world.shop}/plain", word)
    file_request(page, word, email="marta@example.com", title="Cerrada sin querer")
    state = page.locator(".facts .state")
    page.get_by_role("button", name=word["close"]).click()
    expect(state).to_contain_text(word["done"])
    page.locator(".toasts").get_by_role("button", name="Deshacer").click()
    expect(state).to_contain_text(word["waiting"])
    expect(page.get_by_role("button", name=word["close"])).to_be_visible()


def test_progress_set_in_the_console_reaches_the_open_panel(world, page_of):
    word = WORDS["es"]
    page, console = page_of(), page_of()
    open_panel(page, f"{world.shop}/plain", word)
    number = file_request(page, word, email="marta@example.com", title="Con progreso")
    sign_in(console, world)
    console.goto(f"{world.server}/console/tickets/{world.site_key}/{number}")
    field = console.locator("[name=progress]").first
    field.evaluate("(node) => { node.value = '40'; }")
    field.evaluate("(node) => node.form.requestSubmit()")
    expect(page.locator(".facts .state")).to_contain_text("40", timeout=5_000)


def test_signed_in_users_need_no_address_and_see_only_their_own(world, page_of):
    word = WORDS["es"]
    page = page_of()
    page.goto(world.shop)
    page.get_by_role("button", name="Ada Ferrer").click()
    page.get_by_role("button", name=word["help"]).first.click()
    expect(page.get_by_text("Cambio de logo")).to_be_visible()
    number = file_request(page, word, title="Solo para Ada")
    before = page.evaluate("JSON.parse(localStorage.getItem(Object.keys(localStorage)"
                           ".find(k => k.endsWith(':session')))).token")  # fmt: skip

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Bruno Conti").click()
    page.get_by_role("button", name=word["help"]).first.click()
    expect(page.get_by_text("¿Cuándo llega mi pedido?")).to_be_visible()
    expect(page.get_by_text("Solo para Ada")).to_have_count(0)

    def code():
        bearer = {"Authorization": f"Bearer {before}"}
        answer = page.request.get(f"{world.server}/api/v1/tickets", headers=bearer)
        return answer.json().get("error", {}).get("code")

    # It is revoked beside the exchange, and nobody waits for the answer to that.
    wait_until(lambda: code() == "token_revoked", "the end of the session before")

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Nadie").click()
    page.get_by_role("button", name=word["help"]).first.click()
    expect(page.get_by_role("button", name=word["new"])).to_be_visible()
    expect(page.locator(".row")).to_have_count(0)
    assert number > 0


def test_a_dropped_network_makes_exactly_one_ticket(world, page_of):
    word = WORDS["es"]
    page = page_of(quiet=True)
    open_panel(page, f"{world.shop}/plain", word)
    lost = []

    def lose_the_answer(route):
        # The server gets the request; its answer never arrives.
        if route.request.method == "POST" and len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/tickets", lose_the_answer)
    file_request(page, word, email="marta@example.com", title="Una sola vez")
    assert lost == [201, 201]
    path = world.live.settings["DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as opened:
        counted = opened.execute("SELECT count(*) FROM ticket WHERE title = 'Una sola vez'")
        assert counted.fetchone() == (1,)
    opened.close()


def test_what_is_typed_survives_a_reload(world, page_of):
    word = WORDS["es"]
    page = page_of()
    open_panel(page, f"{world.shop}/plain", word)
    page.get_by_role("button", name=word["new"]).click()
    page.get_by_text(word["category"], exact=True).click()
    page.get_by_role("button", name=word["next"]).click()
    page.locator("#v-t").fill("A medias")
    page.locator(".form input[type=file]").set_input_files([picture(1)])
    expect(page.locator(".upload progress")).to_have_count(0)
    open_panel(page, f"{world.shop}/plain", word)
    page.get_by_role("button", name=word["new"]).click()
    page.get_by_role("button", name=word["next"]).click()
    expect(page.locator("#v-t")).to_have_value("A medias")
    expect(page.locator(".upload")).to_contain_text("foto1.png")


def test_an_expired_session_is_renewed_without_losing_a_word(world, page_of):
    word = WORDS["es"]
    page = page_of(quiet=True)
    page.goto(world.shop)
    page.get_by_role("button", name="Ada Ferrer").click()
    page.get_by_role("button", name=word["help"]).first.click()
    page.get_by_text("Cambio de logo").click()
    page.locator(".composer textarea").fill("Una cosa más")
    stored = page.evaluate("Object.entries(localStorage).find(([k]) => k.endsWith(':session'))[1]")
    page.request.delete(
        f"{world.server}/api/v1/sessions/current",
        headers={"Authorization": f"Bearer {json.loads(stored)['token']}"},
    )
    page.get_by_role("button", name=word["reply"]).click()
    expect(page.locator(".message.requester", has_text="Una cosa más")).to_be_visible()
