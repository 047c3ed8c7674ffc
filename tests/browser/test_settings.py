"""The settings in a real browser: found on any screen, and the window drawn while it is edited."""

import pytest
from playwright.sync_api import expect

from .test_console import LOOKS, fits, sign_in
from .test_journey import picture


@pytest.fixture
def desk(world, page_of):
    """Sign an administrator in, at a width and in a scheme."""

    def desk(width=1280, scheme="light"):
        page = page_of(width=width, scheme=scheme)
        page.goto(f"{world.server}/console/")
        sign_in(page)
        return page

    return desk


def window(page):
    return page.frame_locator(".glass iframe:last-child").locator("ventanilla-widget")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_page_is_accessible_and_fits(world, desk, axe, scheme, width):
    page = desk(width, scheme)
    for path in ("settings", "look", "retention", "sites/new"):
        page.goto(f"{world.server}/console/{path}")
        if path == "look":
            expect(window(page).locator("button.launch")).to_be_visible()
        axe(page)
        assert fits(page), path
        # From 900 px on only the page beside the lists scrolls.
        assert width < 900 or page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_on_a_phone_the_settings_are_a_list_first(world, desk):
    page = desk(360)
    page.locator(".places a", has_text="Ajustes").click()
    nav = page.locator(".area-nav")
    expect(nav.get_by_role("link", name="Categorías")).to_be_visible()
    nav.get_by_role("link", name="Categorías").click()
    expect(nav.get_by_role("link", name="Pagos")).to_be_hidden()
    nav.get_by_role("link", name="Ajustes").click()
    expect(nav.get_by_role("link", name="Pagos")).to_be_visible()


def test_the_real_window_follows_what_is_typed_and_nothing_is_saved(world, desk):
    page = desk()
    page.goto(f"{world.server}/console/look")
    page.locator("[name=size][value=desk]").check(force=True)
    page.locator("[name=label-es]").fill("Pregúntanos")
    expect(window(page).locator("button.launch")).to_have_text("Pregúntanos")
    page.locator("[name=accent]").fill("#ffe14a")
    expect(window(page).locator("button.launch")).to_have_css(
        "background-color", "rgb(255, 225, 74)"
    )
    expect(page.locator("#look-colours")).to_contain_text("se leería mal")
    greeting = page.locator("[name=greeting-es]")
    greeting.fill("")
    greeting.press_sequentially("Buenas tardes", delay=40)
    expect(window(page).get_by_text("Buenas tardes")).to_be_visible()
    expect(greeting).to_be_focused()
    expect(greeting).to_have_value("Buenas tardes")
    page.locator("[name=size][value=phone]").check(force=True)
    expect(page.locator(".glass iframe")).to_have_count(1)
    window(page).get_by_text("Pedido duplicado").click()
    expect(window(page).get_by_text("Se ha cobrado dos veces.")).to_be_visible()
    page.locator("[name=accent]").fill("#12")
    expect(page.locator("#fault-accent")).to_contain_text("Escribe un color")
    page.reload()
    expect(page.locator("[name=accent]")).to_have_value("#8a1c3c")
    expect(greeting).to_have_value("Hola. ¿En qué ayudamos?")


def test_a_logo_shows_before_it_is_saved(world, desk):
    page = desk()
    page.goto(f"{world.server}/console/look")
    page.locator("[name=picture]").set_input_files(picture(1))
    expect(page.locator("#look-logo img")).to_be_visible()
    page.locator("[name=greeting-es]").fill("Con logotipo")
    expect(window(page).locator("img").first).to_be_visible()
    # Every answer to what is typed brings the picture anew.
    page.wait_for_function(
        "[...document.querySelectorAll('#look-logo img')]"
        ".some(image => image.complete && image.naturalWidth > 0)"
    )
    page.reload()
    expect(page.locator("#look-logo img")).to_have_count(0)


def test_the_line_that_embeds_it_is_copied(world, desk):
    page = desk()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{world.server}/console/look")
    page.locator("#embed [data-copy]").first.click()
    expect(page.locator("#embed [data-copy]").first).to_have_class("button is-done")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f'<script async src="{world.server}/w/{world.site_key}.js"></script>'


def test_a_second_site_is_added_chosen_and_archived(world, desk, axe):
    page = desk()
    page.goto(f"{world.server}/console/settings")
    page.get_by_role("link", name="Añadir un sitio").click()
    page.locator("[name=name]").fill("Tienda Norte")
    page.locator("[name=origins]").fill("https://norte.example")
    page.get_by_role("button", name="Añadir el sitio").click()
    expect(page.get_by_role("heading", name="Tienda Norte está listo")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Elegir su aspecto").click()
    expect(page.locator("[name=name]")).to_have_value("Tienda Norte")
    page.goto(f"{world.server}/console/categories")
    page.locator(".switch summary").click()
    axe(page)
    page.locator(".switch").get_by_role("link", name="Tienda Norte").click()
    expect(page.locator("main h2").first).to_have_text("Tienda Norte")
    assert "/console/categories?site=" in page.url
    page.locator(".area-nav").get_by_role("link", name="Aspecto e inserción").click()
    page.get_by_role("button", name="Archivar").click()
    expect(page.get_by_text("Tienda Norte se ha archivado.")).to_be_visible()
    expect(page.locator(".switch")).to_have_count(0)
    page.locator(".undone").get_by_role("button", name="Deshacer").click()
    expect(page.locator("[name=name]")).to_have_value("Tienda Norte")
    page.get_by_role("button", name="Archivar").click()
    expect(page.get_by_text("Tienda Norte se ha archivado.")).to_be_visible()


def test_what_would_go_is_counted_while_it_is_typed(world, desk):
    page = desk()
    page.goto(f"{world.server}/console/retention?site={world.site_key}")
    page.locator("[name=tickets_days]").fill("3650")
    expect(page.locator("#would")).to_contain_text("0 solicitudes")
    page.locator("[name=tickets_days]").fill("x")
    expect(page.locator("#fault-tickets_days")).to_contain_text("de 1 a 3650")
