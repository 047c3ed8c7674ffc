"""An answer is written while the request is: with its sources, and in nobody's way."""

import re

import pytest
from playwright.sync_api import expect

from ..support.senses import stumbles
from ..support.servers import wait_until
from .test_assistant import ASKED, TEXT, file_on, write
from .test_journey import WORDS, open_panel, sign_in

SAYS = {
    "es": "Si llegó rota, haz una foto de la caja por fuera y otra de la botella [1][2]."
    " Habla con el obispo [1].",
    "en": "If it arrived broken, take one picture of the case and one of the bottle [1][2]."
    " You have 30 days to return unopened bottles [1][2]. Contact the bishop at once [1].",
}


@pytest.fixture
def writing(world, page_of):
    """Switch written answers on in the console, as an administrator does, and off again."""

    def switch(on):
        page = page_of(locale="en")
        sign_in(page, world)
        page.goto(f"{world.server}/console/assistant")
        way = page.locator(f"#writer-{world.site_key}")
        way.locator("summary").click()
        way.locator("input[name=on]").set_checked(on)
        way.locator("button.primary").click()
        expect(way.locator(".badge.good")).to_be_visible()
        page.context.close()

    world.writer.let_go.clear()
    world.writer.mood = "streams"
    switch(True)
    yield world.writer
    world.writer.let_go.set()
    switch(False)


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("es", 360, "dark"), ("en", 1280, "light")]
)
def test_sentences_come_with_their_sources(world, writing, page_of, axe, language, width, scheme):
    word, said = WORDS[language], TEXT[language]
    writing.says = SAYS[language]
    page = page_of(locale=language, width=width, scheme=scheme)
    open_panel(page, f"{world.shop}/plain?lang={language}", word)
    write(page, word, ASKED[language])
    answer = page.locator(".answer")
    expect(answer.locator(".cite").first).to_be_visible()
    expect(answer).not_to_contain_text(re.compile("bishop|obispo"))
    expect(answer).not_to_contain_text("[1]")
    axe(page)
    assert stumbles(page, 44) == {}
    title = answer.locator(".cite").first.get_attribute("title")
    answer.locator(".cite").first.click()
    expect(page.locator(".suggestion", has=page.locator(".reader"))).to_contain_text(title)
    with page.expect_response(lambda r: r.url.endswith("/outcome")) as settled:
        answer.get_by_role("button", name=said["solved"]).click()
    assert settled.value.status == 204


def test_a_stalled_endpoint_delays_no_request(world, writing, page_of):
    """The request is filed while the server still waits for the first word, which never comes."""
    word = WORDS["en"]
    writing.mood = "stalls"
    asked = len(writing.asked)
    page = page_of(locale="en", quiet=True)
    open_panel(page, f"{world.shop}/plain?lang=en", word)
    with page.expect_request("**/answer"):
        write(page, word, ASKED["en"])
    file_on(page, word)
    wait_until(lambda: len(writing.asked) > asked, "the question to the endpoint")
    assert not writing.let_go.is_set()


def test_without_the_switch_nothing_is_asked(world, page_of):
    word = WORDS["en"]
    asked = len(world.writer.asked)
    page = page_of(locale="en")
    open_panel(page, f"{world.shop}/plain?lang=en", word)
    with page.expect_response(lambda r: r.url.endswith("/suggestions")) as answer:
        write(page, word, ASKED["en"])
    expect(page.locator(".suggestion-head").first).to_be_visible()
    assert answer.value.json()["answer"] is False
    expect(page.locator(".answer")).to_have_count(0)
    assert len(world.writer.asked) == asked
