"""A completed request asks once how it went, and agents read the answer."""

import pytest
from playwright.sync_api import expect

from .test_journey import WORDS, file_request, open_panel, sign_in


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_how_it_went_is_one_click_and_a_sentence(world, page_of, axe, width, scheme):
    word = WORDS["en"]
    page, console = page_of(width=width, scheme=scheme), page_of()
    open_panel(page, f"{world.shop}/plain?lang=en", word)
    number = file_request(page, word, email="marta@example.com")
    expect(page.get_by_text("How did it go?")).to_have_count(0)
    page.get_by_role("button", name=word["close"]).click()
    expect(page.get_by_text("How did it go?")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Not well", exact=True).click()
    page.get_by_label("What should we know?").fill("It took a week")
    axe(page)
    page.get_by_role("button", name=word["next"]).click()
    expect(page.get_by_label("What should we know?")).to_have_count(0)
    expect(page.get_by_text("Thank you.")).to_be_visible()
    sign_in(console, world)
    console.goto(f"{world.server}/console/tickets/{world.site_key}/{number}")
    expect(console.get_by_text("It took a week").first).to_be_visible()
