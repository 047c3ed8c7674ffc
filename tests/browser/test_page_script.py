"""What the page's own script may ask of the window, and what it hears of it."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from .test_assistant import ASKED, TEXT, write
from .test_journey import WORDS, sign_in

NAMES = ("open", "close", "ticket-created", "deflected", "unread", "reply")
HEAR = """names => {
  window.heard = [];
  for (const name of names)
    document.addEventListener(`ventanilla:${name}`, ({ detail }) => heard.push([name, detail]));
}"""


@pytest.fixture
def page(world, page_of):
    """A plain page that writes down everything the window tells it."""
    page = page_of(locale="es")
    page.goto(f"{world.shop}/plain?lang=es")
    page.evaluate(HEAR, NAMES)
    page.wait_for_function("!!window.ventanilla")
    return page


def say(page, name, value=None):
    page.evaluate("([name, value]) => { ventanilla(name, value) }", [name, value])


def heard(page, name):
    """Wait until the page has heard of it, and return the last detail."""
    page.wait_for_function("name => heard.some(([known]) => known === name)", arg=name)
    return page.evaluate("name => heard.findLast(([known]) => known === name)[1]", name)


def test_every_command_does_what_it_says(page):
    new = page.get_by_role("button", name="Nueva solicitud")
    say(page, "open")
    expect(new).to_be_visible()
    heard(page, "open")
    say(page, "close")
    expect(new).to_be_hidden()
    heard(page, "close")
    for shown in (True, False):
        say(page, "toggle")
        expect(new).to_be_visible(visible=shown)
    say(page, "prefill", {"title": "Pedido A-10422", "description": "Roto", "category": "help"})
    say(page, "open", {"screen": "new"})
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator("#v-t")).to_have_value("Pedido A-10422")
    expect(page.locator("#v-b")).to_have_value("Roto")
    say(page, "open", {"screen": "home"})
    expect(new).to_be_visible()


def test_the_page_hears_of_a_request_and_of_its_answer_and_the_button_counts_it(
    world, page, page_of
):
    say(page, "prefill", {"title": "Lo oye la página", "body": "Roto", "category": "help"})
    say(page, "open", {"screen": "new"})
    for _ in range(2):
        page.get_by_role("button", name="Continuar").click()
    page.locator("#v-e").fill("oye@mail.example")
    page.get_by_role("button", name="Enviar solicitud").click()
    made = heard(page, "ticket-created")
    assert re.fullmatch(r"[\w-]{24}", made["id"])
    say(page, "open", {"screen": "home"})
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()

    console = page_of()
    sign_in(console, world)
    console.goto(f"{world.server}/console/tickets/{world.site_key}/{made['number']}")
    console.locator("textarea[name=body]").fill("Te enviamos otro.")
    console.get_by_role("button", name="Enviar respuesta").click()
    assert heard(page, "reply") == {"ticket": made["id"]}
    page.wait_for_function(
        "heard.some(([name, detail]) => name === 'unread' && detail.unread === 1)"
    )
    page.reload()
    other = page.context.new_page()
    other.goto(page.url)
    for each in (page, other):
        expect(each.get_by_role("button", name="Ayuda 1", exact=True)).to_be_visible()
    say(other, "open")
    expect(other.get_by_role("button", name="Nueva solicitud")).to_be_visible()
    say(page, "open", {"ticket": made["id"]})
    expect(page.get_by_text("Te enviamos otro.")).to_be_visible()

    for each in (page, other):
        expect(each.get_by_role("button", name="Ayuda", exact=True)).to_be_visible()
    say(page, "logout")
    expect(page.get_by_text("Te enviamos otro.")).to_have_count(0)
    say(page, "open")
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()
    expect(page.get_by_text("Lo oye la página")).to_have_count(0)


def test_the_page_hears_what_needed_no_request(page):
    say(page, "open")
    write(page, WORDS["es"], ASKED["es"])
    page.locator(".suggestion-head").first.click()
    page.get_by_role("button", name=TEXT["es"]["solved"]).click()
    assert heard(page, "deflected")["article"]
    assert page.evaluate("heard.every(([name]) => name !== 'ticket-created')")


def test_what_the_page_asks_for_holds_for_whoever_is_there(world, page_of):
    page = page_of(locale="es")
    page.goto(world.shop)
    page.get_by_role("button", name="Ada Ferrer").click()
    page.goto(f"{world.shop}/plain?lang=es")
    say(page, "open")
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()
    say(page, "close")
    # A visitor until now; from here on the page vouches for its user.
    page.evaluate(
        """ventanilla('identify', () =>
          fetch('/identity', { method: 'POST', headers: { 'X-Ventanilla': '1' } })
            .then(answer => answer.json()).then(({ token }) => token))"""
    )
    say(page, "prefill", {"title": "Pedido A-10422", "category": "help"})
    say(page, "open", {"screen": "new"})
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator("#v-t")).to_have_value("Pedido A-10422")
    say(page, "open", {"screen": "home"})
    expect(page.get_by_text("Cambio de logo")).to_be_visible()
    say(page, "close")
    say(page, "prefill", {"title": "De Ada"})
    say(page, "logout")
    say(page, "open", {"screen": "new"})
    page.get_by_text("Asistencia técnica", exact=True).click()
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator("#v-t")).to_have_value("")


def test_a_page_with_a_button_of_its_own_opens_the_window(world, page_of):
    page = page_of(locale="es")
    script = (
        f'<script async data-button="none" src="{world.server}/w/{world.site_key}.js"></script>'
    )
    own = "<button onclick=\"ventanilla('open', { screen: 'new' })\">Soporte</button>"
    html = f'<!doctype html><html lang="es"><title>x</title><link rel="icon" href="data:,">{script}{own}'
    page.goto(f"{world.shop}/own?{urlencode({'html': html})}")
    page.wait_for_function("!!window.ventanilla")
    expect(page.locator("ventanilla-widget")).to_have_count(0)
    page.get_by_role("button", name="Soporte").click()
    expect(page.get_by_role("button", name="Continuar")).to_be_visible()
    expect(page.get_by_role("button", name="Ayuda", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Continuar")).to_be_hidden()
    say(page, "logout")
    page.get_by_role("button", name="Soporte").click()
    expect(page.get_by_role("button", name="Continuar")).to_be_visible()
