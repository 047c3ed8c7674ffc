"""Signing in with a second step, and trying the API, in a real browser under the console's policy."""

import pyotp
import pytest
from playwright.sync_api import expect

from widget_server import sample
from widget_server.agents.second_factor import RECOVERY_CODES

from .test_console import fits, sign_in


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_an_agent_tries_the_api_with_a_new_token(world, page_of, axe, scheme, width):
    page = page_of(scheme=scheme, width=width)
    page.goto(f"{world.server}/console/")
    sign_in(page)
    page.goto(f"{world.server}/console/api")
    page.locator("[name=name]").fill("Prueba")
    page.locator("[name=scope][value='tickets:read']").check()
    page.locator("form[action$='/api/tokens'] button.primary").click()
    token = page.locator("code.secret").inner_text()
    axe(page)
    page.goto(f"{world.server}/console/api/reference")
    page.locator("#reference-key input").fill(token)
    counts = page.locator("details.operation", has_text="/api/v1/agent/counts")
    counts.locator("summary").click()
    counts.locator("button").click()
    expect(counts.locator("pre")).to_contain_text("200 OK")
    expect(counts.locator("pre")).to_contain_text('"unassigned"')
    axe(page)
    assert fits(page)


def test_the_second_step_is_switched_on_used_and_off_again(world, page_of, axe):
    page = page_of(width=360)
    page.goto(f"{world.server}/console/")
    sign_in(page)
    page.goto(f"{world.server}/console/account/second-factor")
    phone = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
    page.locator("[name=code]").fill(phone.now())
    page.locator("main button.primary").click()
    expect(page.locator(".codes code")).to_have_count(RECOVERY_CODES)
    codes = page.locator(".codes code").all_inner_texts()
    axe(page)
    assert fits(page)
    other = page_of(width=360)
    other.goto(f"{world.server}/console/")
    other.locator("input[name=email]").fill(sample.AGENT_EMAIL)
    other.locator("input[name=password]").fill(sample.AGENT_PASSWORD)
    other.locator(".door button.primary").click()
    expect(other.locator("[name=code]")).to_be_focused()
    axe(other)
    other.locator("[name=code]").fill(codes[0])
    other.locator(".door button.primary").click()
    expect(other.locator("#rows")).to_be_visible()
    other.goto(f"{world.server}/console/account")
    axe(other)
    other.locator("form[action$='/second-factor/removal'] button").click()
    expect(other.locator("a[href$='/second-factor']")).to_be_visible()
