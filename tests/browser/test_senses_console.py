"""Console and help pages for everybody: long words, large text, right to left, 400 %, keyboard."""

import pytest
from playwright.sync_api import expect

from ..support.senses import stumbles, tones, walk
from .test_console import sign_in

#: Pixels a target must have where people have a pointer.
POINTED = 24

#: What no list of places leads to.
ELSEWHERE = (
    "", "?q=nothing-has-this", "figures", "articles", "assistant", "rules/new", "sites/new",
    "account/second-factor", "confirm", "password", "api/reference", "articles/{site}/new", "articles/{site}/import",
    "tickets/{site}/1/quote",
)  # fmt: skip


@pytest.fixture
def page(world, page_of):
    page = page_of()
    page.goto(f"{world.server}/console/")
    return page


def test_every_page_of_the_console_holds_for_everybody(world, page):
    door = stumbles(page, POINTED)
    assert door == {}
    sign_in(page)
    ticket = page.locator("#rows .row-link").first.get_attribute("href")
    page.goto(f"{world.server}/console/settings")
    places = [each.get_attribute("href") for each in page.locator(".area-nav .views a").all()]
    assert len(places) > 10
    wrong = {}
    elsewhere = (f"/console/{each.format(site=world.site_key)}" for each in ELSEWHERE)
    for path in [ticket, *places, *elsewhere]:
        answer = page.goto(world.server + path)
        assert answer.status == 200, path
        # What is folded away is looked at, too.
        page.evaluate(
            "for (const each of document.querySelectorAll('main details')) each.open = true"
        )
        if found := stumbles(page, POINTED):
            wrong[path] = found
    assert wrong == {}


def test_every_help_page_holds_for_everybody(world, page_of):
    page = page_of()
    for path in ("es/", "es/devolver-un-pedido", "en/?q=order", "en/?q=xyzzy"):
        page.goto(f"{world.server}/help/{world.site_key}/{path}")
        assert stumbles(page, POINTED) == {}, path
        assert walk(page, 20) == [], path


def test_the_keyboard_goes_everywhere_and_is_seen(world, page):
    assert walk(page) == []
    sign_in(page)
    assert walk(page) == []
    ticket = page.locator("#rows .row-link").first.get_attribute("href")
    for path in (ticket, "/console/look", "/console/rules/new", "/console/figures"):
        page.goto(world.server + path)
        assert walk(page) == [], path


def test_forced_colours_leave_nothing_to_guess(world, page):
    sign_in(page)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    current = page.locator("#places [aria-current]").first
    for part in (current, page.locator("#rows .state").first):
        assert tones(part) > 1, part
    outline = current.evaluate("each => getComputedStyle(each).outlineStyle")
    assert outline == "solid"
    border = page.locator("#rows").evaluate("each => getComputedStyle(each).borderTopWidth")
    assert border == "1px"
    page.goto(f"{world.server}/console/categories")
    expect(page.locator(".panel").first).to_have_css("border-top-width", "1px")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(each => getComputedStyle(each).transitionDuration"
        " !== '0s' || getComputedStyle(each).animationName !== 'none').length"
    )
    assert moving == 0
