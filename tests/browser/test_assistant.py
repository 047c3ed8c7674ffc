"""An answer while the request is written: read in the panel, and done; or filed all the same."""

import threading

import pytest
from playwright.sync_api import expect

from .test_journey import WORDS, open_panel, sign_in

ASKED = {
    "es": "Quiero devolver un pedido que llegó roto",
    "en": "I want to return an order that arrived broken",
}
TEXT = {
    "es": {"solved": "Esto lo resuelve", "not_quite": "No del todo", "done": "Terminar"},
    "en": {"solved": "This solved it", "not_quite": "Not quite", "done": "Done"},
}

#: Notes inside the page when the last key was pressed and when the first article stands there.
WATCH = """() => {
  const root = document.querySelector('ventanilla-widget').shadowRoot;
  root.addEventListener('input', () => { window.typedAt = performance.now(); }, true);
  const seen = () => {
    if (root.querySelector('.suggestion-head')) window.shownAt ??= performance.now();
    else requestAnimationFrame(seen);
  };
  seen();
}"""


def write(page, word, text):
    page.get_by_role("button", name=word["new"]).click()
    page.get_by_text(word["category"], exact=True).click()
    page.get_by_role("button", name=word["next"]).click()
    page.locator("#v-t").fill(text)


def file_on(page, word):
    """Finish the request, whatever was suggested."""
    page.locator("#v-b").fill("It is broken and I want my money back.")
    page.get_by_role("button", name=word["next"]).click()
    page.locator("#v-e").fill("rita@mail.example")
    page.get_by_role("button", name=word["send"]).click()
    expect(page.locator(".filed")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("es", 360, "dark"), ("en", 1280, "light")]
)
def test_this_solved_it_files_nothing(
    world, page_of, axe, language, width, scheme, record_property
):
    word, said = WORDS[language], TEXT[language]
    page = page_of(locale=language, width=width, scheme=scheme)
    filed = []
    page.on(
        "request",
        lambda r: r.method == "POST" and r.url.endswith("/tickets") and filed.append(r.url),
    )
    open_panel(page, f"{world.shop}/plain?lang={language}", word)
    page.evaluate(WATCH)
    write(page, word, ASKED[language])
    first = page.locator(".suggestion-head").first
    expect(first).to_be_visible()
    page.wait_for_function("window.shownAt")
    took = page.evaluate("window.shownAt - window.typedAt")
    record_property("figure", f"An article is shown {took:.0f} ms after the last key ({language})")
    assert took > 0
    axe(page)
    first.click()
    expect(page.locator(".reader .rich")).to_be_visible()
    axe(page)
    with page.expect_response(lambda r: r.url.endswith("/outcome")) as settled:
        page.get_by_role("button", name=said["solved"]).click()
    assert settled.value.status == 204
    page.get_by_role("button", name=said["done"]).click()
    expect(page.get_by_role("button", name=word["new"])).to_be_visible()
    assert filed == []


def test_not_quite_files_and_the_agent_sees_what_was_shown(world, page_of):
    word = WORDS["en"]
    page = page_of(locale="en")
    open_panel(page, f"{world.shop}/plain?lang=en", word)
    write(page, word, ASKED["en"])
    first = page.locator(".suggestion-head").first
    title = first.locator(".strong").inner_text()
    first.click()
    page.get_by_role("button", name=TEXT["en"]["not_quite"]).click()
    file_on(page, word)
    number = page.locator("#v-title .tabular").inner_text().lstrip("#")
    console = page_of()
    sign_in(console, world)
    console.goto(f"{world.server}/console/tickets/{world.site_key}/{number}")
    expect(console.locator("#rail-shown")).to_contain_text(title)


def test_what_nobody_wrote_about_shows_nothing(world, page_of):
    page = page_of(locale="en")
    open_panel(page, f"{world.shop}/plain?lang=en", WORDS["en"])
    with page.expect_response(lambda r: r.url.endswith("/suggestions")) as asked:
        write(page, WORDS["en"], "what will the weather in Lisbon be tomorrow")
    assert asked.value.json() == {"suggestions": [], "answer": False}
    expect(page.locator(".suggestion")).to_have_count(0)


def test_a_stalled_assistant_delays_nobody(world, page_of):
    word = WORDS["en"]
    page = page_of(locale="en", quiet=True)
    stalled = threading.Event()
    page.route("**/api/v1/suggestions", lambda route: stalled.set())
    open_panel(page, f"{world.shop}/plain?lang=en", word)
    with page.expect_request("**/api/v1/suggestions"):
        write(page, word, ASKED["en"])
    file_on(page, word)
    assert stalled.is_set()
