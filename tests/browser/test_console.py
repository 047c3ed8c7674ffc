"""Every page of the console passes axe, in both schemes, on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from widget_server import sample

LOOKS = [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def console(request, world, page_of):
    """A page of the console's door."""
    scheme, width = request.param
    page = page_of(width=width, scheme=scheme)
    page.goto(f"{world.server}/console/")
    return page


def sign_in(page):
    page.locator("input[name=email]").fill(sample.AGENT_EMAIL)
    page.locator("input[name=password]").fill(sample.AGENT_PASSWORD)
    page.locator(".door button.primary").click()
    expect(page.locator("#rows")).to_be_visible()
    page.wait_for_load_state()


def await_keys(page):
    """The script shows the way to the keys' help once it listens."""
    expect(page.locator("[data-help]").first).not_to_have_attribute("hidden", "")


def fits(page):
    """Does the page need no sideways scrolling? Asked once it is drawn at its present size."""
    page.wait_for_load_state()
    return page.evaluate(
        "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        ".then(() => document.documentElement.scrollWidth <= innerWidth)"
    )


def test_every_page_is_accessible_and_fits(world, console, axe):
    axe(console)
    assert fits(console)
    sign_in(console)
    axe(console)
    assert fits(console)
    first = console.locator("#rows a").first
    console.goto(world.server + first.get_attribute("href"))
    expect(console.locator("#thread")).to_be_visible()
    axe(console)
    assert fits(console)
    pages = (
        "?view=mine",
        "?view=due",
        "?q=nothing-has-this",
        "sessions",
        "mail",
        "contact",
        "figures",
        "figures?days=365",
        "categories",
        "agents",
        "audit",
        "audit?agent=999",
        "account",
        "account/second-factor",
        "api",
        "confirm",
        "rules",
        "rules/new",
        "webhooks",
        "password",
    )
    for path in (f"/console/{page}" for page in pages):
        console.goto(world.server + path)
        axe(console)
        assert fits(console), path


def test_keys_move_open_and_explain(world, page_of):
    page = page_of()
    page.goto(f"{world.server}/console/")
    sign_in(page)
    await_keys(page)
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#thread")).to_be_visible()
    await_keys(page)
    page.keyboard.press("r")
    expect(page.locator("#composer textarea")).to_be_focused()


def test_the_next_page_asks_for_itself_alone(world, page_of):
    """What pages have in common a browser keeps, without asking whether it may."""
    page = page_of()
    page.goto(f"{world.server}/console/")
    sign_in(page)
    await_keys(page)
    page.wait_for_load_state("networkidle")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    answered, remembered = {}, set()
    devtools.on("Network.requestServedFromCache", lambda told: remembered.add(told["requestId"]))
    devtools.on("Network.responseReceived", lambda told: answered.update({told["requestId"]: told}))
    page.goto(f"{world.server}/console/?view=mine")
    await_keys(page)
    files = {
        told["response"]["url"]: key in remembered or told["response"]["fromDiskCache"]
        for key, told in answered.items()
        if "/console/static/" in told["response"]["url"]
    }
    assert len(files) > 10
    assert [url for url, kept in files.items() if not kept] == []


def test_a_stranger_sees_only_the_door(world, page_of):
    page = page_of()
    page.goto(f"{world.server}/console/sessions")
    assert "/console/sign-in" in page.url
    sign_in_again = page.locator("input[name=next]").get_attribute("value")
    assert sign_in_again == "/console/sessions"
