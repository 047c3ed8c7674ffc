"""What a page says of the window's look, by its style sheet and by attributes, is what is drawn."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

STYLE = """ventanilla-widget {
  --ventanilla-accent: #8a1c3c; --ventanilla-radius: 3px; --ventanilla-font: monospace;
  --ventanilla-offset-x: 44px; --ventanilla-offset-y: 66px; --ventanilla-z-index: 7;
  --ventanilla-surface: #fdf6e3; --ventanilla-text: #073642; --ventanilla-height: 512px;
}"""


@pytest.fixture
def shown(world, page_of):
    """Open a page of the shop's with this script tag, and whatever else stands in it."""

    def show(attributes="", body="", style=STYLE, lang="fr", **options):
        page = page_of(locale="en", **options)
        html = (
            f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Own</title>'
            f'<link rel="icon" href="data:,"><style>{style}</style><body>{body}'
            f'<script async src="{world.server}/w/{world.site_key}.js" {attributes}></script>'
        )
        page.goto(f"{world.shop}/own?html={quote(html)}")
        return page

    return show


def looks(element, *properties):
    """Return how an element is drawn, as the browser computed it."""
    return element.evaluate(
        "(element, names) => names.map(name => getComputedStyle(element).getPropertyValue(name))",
        list(properties),
    )


def test_a_style_sheet_of_the_page_changes_every_property_it_may(shown):
    page = shown()
    button = page.get_by_role("button", name="Aide")
    expect(button).to_be_visible()
    host = page.locator("ventanilla-widget")
    assert looks(host, "z-index", "right", "bottom") == ["7", "44px", "66px"]
    assert looks(button, "background-color", "font-family") == ["rgb(138, 28, 60)", "monospace"]
    button.click()
    panel = page.locator(".panel")
    expect(panel.locator("button.primary").first).to_be_visible()
    assert looks(panel, "background-color", "color", "font-family") == [
        "rgb(253, 246, 227)", "rgb(7, 54, 66)", "monospace",
    ]  # fmt: skip
    assert looks(panel, "right", "border-top-left-radius") == ["44px", "3px"]
    assert looks(panel.locator("button.primary").first, "background-color") == ["rgb(138, 28, 60)"]


def test_attributes_of_the_script_go_before_the_page_and_the_site(shown):
    page = shown('data-lang="de" data-theme="dark"', style="")
    button = page.get_by_role("button", name="Hilfe")
    expect(button).to_be_visible()
    button.click()
    panel = page.locator(".panel")
    expect(panel.get_by_text("Neue Anfrage")).to_be_visible()
    assert looks(panel, "color-scheme") == ["dark"]


def test_a_language_nobody_speaks_leaves_the_browsers(shown):
    expect(shown(lang="xx").get_by_role("button", name="Help")).to_be_visible()


def test_a_view_in_the_page_has_attributes_of_its_own(shown, world):
    view = (
        f'<ventanilla-widget site="{world.site_key}" lang="it" theme="light"></ventanilla-widget>'
    )
    page = shown('data-button="none"', view, scheme="dark")
    expect(page.get_by_text("Nuova richiesta")).to_be_visible()
    expect(page.locator("ventanilla-widget")).to_have_count(1)
    panel = page.locator(".panel")
    assert looks(panel, "height", "color-scheme") == ["512px", "light"]
