"""A page kept alive in the back/forward cache may come back under another user."""

import pytest
from playwright.sync_api import expect

from ..support.browser import CHROMIUM, FLAGS, PATIENCE


@pytest.fixture
def keeping(chromium):
    """A browser that keeps pages alive; the test driver's default is to switch that off."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM,
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = browser.new_context(locale="es").new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script("addEventListener('pageshow', (e) => { window.persisted = e.persisted; })")
    yield page
    browser.close()


def open_as(page, world, name):
    page.goto(world.shop)
    page.get_by_role("button", name=name).click()
    page.get_by_role("button", name="Ayuda").click()


def test_an_open_panel_goes_on_where_it_was(world, keeping):
    page = keeping
    open_as(page, world, "Ada Ferrer")
    expect(page.get_by_text("Cambio de logo")).to_be_visible()
    page.goto(f"{world.server}/health")
    page.go_back(wait_until="commit")  # Restored, not loaded again.
    page.wait_for_function("window.persisted === true")
    expect(page.get_by_text("Cambio de logo")).to_be_visible()
    page.get_by_text("Cambio de logo").click()
    expect(page.locator(".thread")).to_be_visible()


def test_the_next_user_sees_nothing_of_the_last(world, keeping):
    page = keeping
    open_as(page, world, "Ada Ferrer")
    expect(page.get_by_text("Cambio de logo")).to_be_visible()
    page.goto(f"{world.shop}/plain")
    page.request.post(f"{world.shop}/sign-in", form={"user": "bruno"})
    page.go_back(wait_until="commit")  # Restored, not loaded again.
    page.wait_for_function("window.persisted === true")
    expect(page.get_by_text("¿Cuándo llega mi pedido?")).to_be_visible()
    expect(page.get_by_text("Cambio de logo")).to_have_count(0)
