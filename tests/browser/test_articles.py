"""Articles in a real browser: written beside their preview, read without a script, accessible."""

import re

import pytest
from playwright.sync_api import expect

from .test_console import LOOKS, fits, sign_in


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def page(request, page_of):
    scheme, width = request.param
    return page_of(width=width, scheme=scheme)


def test_every_help_page_is_accessible_and_fits(world, page, axe):
    for path in (
        "es/",
        "es/devolver-un-pedido",
        "en/?q=order",
        "en/?category=order",
        "en/?q=xyzzy",
    ):
        page.goto(f"{world.server}/help/{world.site_key}/{path}")
        expect(page.locator("h1")).to_be_visible()
        axe(page)
        assert fits(page), path


def test_every_page_for_authors_is_accessible_and_fits(world, page, axe):
    page.goto(f"{world.server}/console/")
    sign_in(page)
    page.goto(f"{world.server}/console/articles")
    axe(page)
    assert fits(page)
    places = [
        page.locator(".article-row").first.get_attribute("href"),
        f"/console/articles/{world.site_key}/new",
        f"/console/articles/{world.site_key}/import",
    ]
    for place in places:
        page.goto(world.server + place)
        axe(page)
        assert fits(page), place


def test_the_help_is_read_searched_and_judged_without_a_script(world, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{world.server}/help/{world.site_key}/")
    page.get_by_role("searchbox").fill("parcel tracking")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Where is my order?").click()
    page.get_by_role("link", name="Shipping: times and prices").first.click()
    expect(page.locator("h1")).to_have_text("Shipping: times and prices")
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("status")).to_have_text("Thank you for saying so.")
    page.get_by_role("link", name="Español").click()
    expect(page.locator("h1")).to_have_text("Envíos: plazos y precios")
    context.close()


def test_an_article_is_previewed_as_it_is_written(world, page_of):
    page = page_of()
    page.goto(f"{world.server}/console/")
    sign_in(page)
    page.goto(f"{world.server}/console/articles/{world.site_key}/new")
    page.locator("#title").fill("Corks: Donaudampfschifffahrtselektrizitätenhauptbetriebswerk")
    page.locator("#body").fill("## Why\n\nThey **breathe**.")
    expect(page.locator("#preview strong")).to_have_text("breathe")
    expect(page.locator("#preview .preview-title")).to_contain_text("Corks")
    page.get_by_role("button", name=re.compile("Publicar|Publish")).click()
    expect(page.locator(".toast")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name=re.compile("Ver página|View page")).click()
    public = opened.value
    expect(public.locator("h1")).to_contain_text("Corks")
    public.set_viewport_size({"width": 360, "height": 740})
    assert fits(public)
