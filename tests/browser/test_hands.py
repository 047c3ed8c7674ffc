"""What hands do: press twice, type on, go away and come back."""

import pytest
from playwright.sync_api import expect

from .test_journey import WORDS, file_request, open_panel

WORD = WORDS["es"]


def test_who_mends_one_field_is_not_led_to_the_next(world, page_of):
    page = page_of()
    open_panel(page, f"{world.shop}/plain", WORD)
    page.get_by_role("button", name=WORD["new"]).click()
    page.get_by_text(WORD["category"], exact=True).click()
    page.get_by_role("button", name=WORD["next"]).click()
    page.get_by_role("button", name=WORD["next"]).click()
    expect(page.locator("#v-t")).to_be_focused()
    expect(page.locator("#v-b")).to_have_attribute("aria-invalid", "true")
    page.keyboard.type("Impresora")
    expect(page.locator("#v-t")).to_have_value("Impresora")
    expect(page.locator("#v-t")).to_be_focused()
    page.get_by_role("button", name=WORD["next"]).click()
    expect(page.locator("#v-b")).to_be_focused()


@pytest.fixture
def slow(page_of):
    """A page whose panel arrives when it is told to."""
    page = page_of()
    held = []

    def hold(route):
        held.append(route)

    page.route("**/assets/panel-*", hold)

    def arrive():
        page.wait_for_function("document.querySelector('ventanilla-widget[busy]')")
        while not held:
            page.wait_for_timeout(10)
        held.pop().continue_()

    return page, arrive


def test_pressing_again_because_nothing_comes_opens_it_once(world, slow):
    page, arrive = slow
    page.goto(f"{world.shop}/bare")
    button = page.get_by_role("button", name=WORD["help"])
    button.click()
    button.click()
    arrive()
    expect(page.get_by_role("button", name=WORD["new"])).to_be_visible()
    button.dblclick()
    expect(page.get_by_role("button", name=WORD["new"])).to_be_hidden()


def test_what_the_page_says_takes_the_focus_from_nobody(world, page_of):
    page = page_of()
    open_panel(page, f"{world.shop}/bare", WORD)
    page.get_by_role("button", name=WORD["help"]).click()
    expect(page.get_by_role("button", name=WORD["new"])).to_be_hidden()
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("textarea").focus()
    page.evaluate("ventanilla('context', { basket: 3 }); ventanilla('prefill', { title: 'Hola' })")
    page.keyboard.type("Sigo aquí")
    expect(page.locator("textarea")).to_have_value("Sigo aquí")


def test_the_first_reply_to_a_request_just_filed_is_seen(world, page_of):
    page = page_of(width=360)
    open_panel(page, f"{world.shop}/plain", WORD)
    file_request(page, WORD, email="marta@example.com", title="Recién enviada")
    page.locator(".composer textarea").fill("Y otra cosa:\n" + "una línea más\n" * 30 + "fin")
    page.get_by_role("button", name=WORD["reply"]).click()
    expect(page.locator(".pending")).to_have_count(0)
    expect(page.locator(".message.requester").last).to_contain_text("fin")
    box = page.locator(".message.requester").last.bounding_box()
    end = page.locator(".composer").bounding_box()
    assert box["y"] + box["height"] <= end["y"] + 1


def test_a_reply_that_failed_can_be_sent_again_whatever_else_is_done(world, page_of):
    page = page_of(quiet=True)
    open_panel(page, f"{world.shop}/plain", WORD)
    file_request(page, WORD, email="marta@example.com", title="Con respuesta")
    refusal = {"error": {"code": "invalid", "message": "No."}}
    headers = {"Access-Control-Allow-Origin": "*"}
    page.route(
        "**/messages",
        lambda route: (
            route.fulfill(status=422, json=refusal, headers=headers)
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    page.locator(".composer textarea").fill("¿Hay novedades?")
    page.get_by_role("button", name=WORD["reply"]).click()
    again = page.locator(".pending").get_by_role("button", name="Reintentar")
    expect(again).to_be_visible()
    page.get_by_role("button", name=WORD["close"]).click()
    expect(page.locator(".state.completed").first).to_be_visible()
    page.unroute("**/messages")
    again.click()
    expect(page.locator(".pending")).to_have_count(0)
    expect(page.locator(".message.requester").last).to_contain_text("¿Hay novedades?")
