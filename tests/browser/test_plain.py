"""A request without a script, from a plain link to the answer in the console."""

import re

import pytest
from playwright.sync_api import expect

from ..support.senses import stumbles, walk
from ..support.servers import wait_until
from .test_articles import LOOKS, fits
from .test_console import sign_in

POINTED = 24


def link_for(world, address):
    """Wait for the letter to an address and return the link in it."""
    wait_until(lambda: world.sink.to(address), f"a letter to {address}")
    text = world.sink.to(address)[-1].get_body(("plain",)).get_content()
    return re.search(r"https?://\S+/t/[\w-]+", text)[0]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def test_the_plain_form_is_accessible_and_fits_also_with_faults(world, page_of, axe, look):
    scheme, width = look
    page = page_of(width=width, scheme=scheme, quiet=True)  # A browser logs each 422.
    page.goto(f"{world.server}/help/{world.site_key}/request/es")
    for step in ("what about", "the form", "faults", "sent"):
        if step == "the form":
            page.get_by_role("link", name="Reportar un error").click()
        elif step == "faults":
            page.locator("form.plain").evaluate("form => { form.noValidate = true }")
            page.get_by_role("button", name="Enviar solicitud").click()
            expect(page.locator(".field .fault")).to_have_count(3)
            expect(page.get_by_label("Título")).to_be_focused()
        elif step == "sent":
            page.goto(f"{world.server}/help/{world.site_key}/request/es?sent=1")
        expect(page.locator("h1")).to_be_visible()
        axe(page)
        assert fits(page), step
        assert stumbles(page, POINTED) == {}, step
        assert walk(page) == [], step


def test_a_request_is_filed_confirmed_and_answered_without_a_script(world, chromium, page_of):
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{world.server}/help/{world.site_key}/request")
    page.get_by_role("link", name="Technical help").click()
    page.get_by_label("Title").fill("No script here")
    page.get_by_label("Description").fill("The button is not there.\nCan you see this?")
    page.get_by_label("Your e-mail").fill("plain@localhost-only")
    page.get_by_role("button", name="Send request").click()
    # What a browser takes for an address is not yet one.
    expect(page.get_by_label("Your e-mail")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Description")).to_have_value(re.compile("Can you see this"))
    page.get_by_label("Your e-mail").fill("plain@mail.example")
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()

    page.goto(link_for(world, "plain@mail.example"))
    page.get_by_role("button", name="Open my requests").click()
    expect(page.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    context.close()

    desk = page_of()
    desk.goto(f"{world.server}/console/")
    sign_in(desk)
    desk.get_by_text("No script here").first.click()
    expect(desk.get_by_text("Can you see this?")).to_be_visible()
