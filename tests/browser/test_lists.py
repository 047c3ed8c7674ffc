"""The list of somebody who has asked a lot: filtered, searched, and read page by page."""

from playwright.sync_api import expect

from .test_journey import WORDS, file_request, open_panel
from .test_senses import MANY, ask_much

WORD = WORDS["es"]
#: Requests of one page of the list.
PAGE = 20


def test_many_requests_are_filtered_searched_and_read_page_by_page(world, page_of):
    page = page_of()
    open_panel(page, f"{world.shop}/plain", WORD)
    file_request(page, WORD, email="much@mail.example", title="La primera de todas")
    page.get_by_role("button", name=WORD["back"]).click()
    rows = page.locator(".row")
    expect(rows).to_have_count(1)
    expect(page.locator(".filter")).to_have_count(0)  # One needs no filter.

    ask_much(world, "much@mail.example")
    open_panel(page, f"{world.shop}/plain", WORD)
    expect(rows).to_have_count(PAGE)
    page.get_by_role("button", name="Ver más").click()
    expect(rows).to_have_count(MANY + 1)
    # The latest update first, so what was asked first comes last.
    expect(rows.last).to_contain_text("La primera de todas")

    state, search = page.get_by_role("combobox"), page.get_by_role("searchbox")
    state.select_option(label=WORD["waiting"])
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(WORD["waiting"])
    state.select_option(label=WORD["done"])
    expect(rows).to_have_count(PAGE)
    expect(page.locator(".row", has_text=WORD["waiting"])).to_have_count(0)

    search.fill("primera")
    expect(page.locator(".empty")).to_be_visible()
    expect(rows).to_have_count(0)
    state.select_option(index=0)
    expect(rows).to_have_count(1)
    search.fill("")
    expect(rows).to_have_count(PAGE)
