"""Coming back to one's requests from another browser: by the code, by the link, and on to the shop."""

import re

import pytest
from playwright.sync_api import expect

from ..support.senses import stumbles
from ..support.servers import wait_until
from .test_journey import WORDS, file_request, open_panel

PAGE = {
    "es": {"see": "Ver mis solicitudes", "send": "Enviar código", "open": "Abrir mis solicitudes",
           "stale": "Este enlace ya no sirve", "again": "Enviarme otro enlace", "wrong": "No es ese código. Quedan 4 intentos."},
    "en": {"see": "See my requests", "send": "Send code", "open": "Open my requests",
           "stale": "This link no longer works", "again": "Send me another link", "wrong": "That is not the code. 4 tries left."},
}  # fmt: skip


def text_of(letter):
    return letter.get_body(("plain",)).get_content()


def letter_with(world, email, pattern, seen=0):
    """Wait for a letter to ``email``, after the first ``seen``, that holds ``pattern``."""

    def found():
        texts = [text_of(letter) for letter in world.sink.to(email)[seen:]]
        return [match for text in texts for match in re.findall(pattern, text)]

    wait_until(found, f"a letter to {email} with {pattern}")
    return found()[-1]


def ask_code(page, world, words, email):
    page.get_by_role("button", name=words["see"]).click()
    page.locator("#v-address").fill(email)
    seen = len(world.sink.to(email))
    page.get_by_role("button", name=words["send"]).click()
    expect(page.locator("#v-code")).to_be_visible()
    return letter_with(world, email, r"(?<!\d)\d{6}(?!\d)", seen)


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("es", 360, "dark"), ("en", 1280, "light")]
)
def test_a_code_opens_ones_requests_in_another_browser(
    world, page_of, axe, language, width, scheme
):
    word, words, email = WORDS[language], PAGE[language], f"code-{language}@mail.example"
    first = page_of(locale=language)
    open_panel(first, f"{world.shop}/plain?lang={language}", word)
    file_request(first, word, email=email, title="Mi pedido")

    page = page_of(locale=language, width=width, scheme=scheme, quiet=True)
    open_panel(page, f"{world.shop}/plain?lang={language}", word)
    expect(page.locator(".row")).to_have_count(0)
    code = ask_code(page, world, words, email)
    axe(page)
    page.locator("#v-code").fill(f"{(int(code) + 1) % 10**6:06}")
    expect(page.get_by_text(words["wrong"])).to_be_visible()
    axe(page)
    page.locator("#v-code").fill(f" {code[:3]}-{code[3:]} ")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row")).to_contain_text("Mi pedido")


def test_what_was_begun_stays_when_a_code_is_entered(world, page_of):
    word, words, email = WORDS["es"], PAGE["es"], "begun@mail.example"
    page = page_of()
    open_panel(page, f"{world.shop}/plain", word)
    file_request(page, word, email=email, title="La primera")
    other = page_of()
    open_panel(other, f"{world.shop}/plain", word)
    other.get_by_role("button", name=word["new"]).click()
    other.get_by_text(word["category"], exact=True).click()
    other.get_by_role("button", name=word["next"]).click()
    other.locator("#v-t").fill("Sin acabar")
    other.get_by_role("button", name=word["back"]).click()
    other.get_by_role("button", name=word["back"]).click()
    code = ask_code(other, world, words, email)
    other.locator("#v-code").fill(code)
    expect(other.locator(".row")).to_have_count(1)
    other.get_by_role("button", name=word["new"]).click()
    other.get_by_role("button", name=word["next"]).click()
    expect(other.locator("#v-t")).to_have_value("Sin acabar")


def test_the_mailed_link_opens_the_request_once_and_goes_on_at_the_shop(world, page_of, axe):
    word, words, email = WORDS["es"], PAGE["es"], "link@mail.example"
    first = page_of()
    open_panel(first, f"{world.shop}/plain", word)
    file_request(first, word, email=email, title="Por enlace")
    link = letter_with(world, email, rf"{world.server}/t/[\w-]+")

    # What scanners do: look, and look again.
    for _ in range(2):
        assert first.request.get(link).status == 200

    page = page_of(quiet=True)
    page.goto(link)
    axe(page)
    assert stumbles(page, 24) == {}
    page.get_by_role("button", name=words["open"]).click()
    expect(page.get_by_role("heading", name="Por enlace")).to_be_visible()

    page.get_by_role("button", name=re.compile("Seguir en")).click()
    expect(page).to_have_url(f"{world.shop}/")
    expect(page.locator(".row")).to_have_count(1)

    page.goto(link)
    expect(page.get_by_role("heading", name=words["stale"])).to_be_visible()
    axe(page)
    assert stumbles(page, 24) == {}
    seen = len(world.sink.to(email))
    page.get_by_role("button", name=words["again"]).click()
    expect(page.get_by_text("l•••@mail.example")).to_be_visible()
    page.goto(letter_with(world, email, rf"{world.server}/t/[\w-]+", seen))
    page.get_by_role("button", name=words["open"]).click()
    expect(page.locator(".row")).to_have_count(1)
