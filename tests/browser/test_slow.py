"""A server that takes its time: what is under way is neither lost nor overtaken."""

import pytest
from playwright.sync_api import expect

from ..support.servers import wait_until
from .test_console import sign_in
from .test_settings import window


@pytest.fixture
def desk(world, page_of):
    page = page_of()
    page.goto(f"{world.server}/console/")
    sign_in(page)
    return page


@pytest.fixture
def held():
    """Requests kept from the server, and how to let them go."""

    class Held(list):
        def let_go(self):
            while self:
                self.pop(0).continue_()

    return Held()


def tag(page, text):
    return page.locator("#rail-owner .tag", has_text=text)


def test_a_line_begun_before_the_totals_are_asked_for_is_not_lost(world, desk, held):
    desk.clock.install()
    desk.goto(f"{world.server}/console/")
    desk.locator("#rows .row-link").last.click()
    desk.locator("#rail-orders a.wide").click()
    desk.wait_for_url("**/quote")
    texts = desk.locator("input[name=text]")
    desk.locator("input[name=price]").fill("65")
    desk.route("**/quote", lambda route: held.append(route))
    with desk.expect_request("**/quote"):
        desk.locator("input[name=price]").press("Enter")
    # The totals of what was typed last would be asked for now.
    desk.clock.run_for(2_000)
    held.let_go()
    desk.clock.resume()
    expect(texts).to_have_count(2)
    expect(desk.locator("input[name=price]").first).to_have_value("65")


def test_a_line_begun_while_totals_are_counted_is_not_lost(world, desk, held):
    desk.goto(f"{world.server}/console/")
    desk.locator("#rows .row-link").last.click()
    desk.route("**/quote/preview", lambda route: held.append(route))
    with desk.expect_request("**/quote/preview"):
        desk.locator("#rail-orders a.wide").click()
    desk.locator("input[name=price]").press("Enter")
    held.let_go()
    expect(desk.locator("input[name=text]")).to_have_count(2)
    held.let_go()


def test_a_card_with_a_change_under_way_is_not_taken_from_under_it(world, desk, held):
    desk.locator("#rows .row-link").last.click()
    other = desk.context.new_page()
    other.goto(desk.url)
    priority = desk.locator("#rail-owner select[name=priority]")
    wanted = "urgent" if priority.input_value() != "urgent" else "high"
    desk.route("**/priority", lambda route: held.append(route))
    with desk.expect_request("**/priority"):
        priority.select_option(wanted)
    priority.blur()
    other.locator("#rail-owner input[name=tag]").fill("entretanto")
    other.keyboard.press("Enter")
    expect(desk.locator("#thread")).to_contain_text("+entretanto")
    held.let_go()
    expect(tag(desk, "entretanto")).to_be_visible()
    expect(desk.locator("#rail-owner select[name=priority]")).to_have_value(wanted)
    expect(other.locator("#rail-owner select[name=priority]")).to_have_value(wanted)
    other.get_by_role("button", name="Quitar la etiqueta entretanto").click()
    expect(tag(desk, "entretanto")).to_have_count(0)


def test_news_that_were_overtaken_take_nothing_back(world, desk, held):
    desk.locator("#rows .row-link").last.click()
    other = desk.context.new_page()
    other.goto(desk.url)
    desk.route("**/pulse?mark=*", lambda route: held.append(route), times=1)
    wait_until(lambda: desk.evaluate("true") and held, "news are asked for")
    other.locator("#rail-owner input[name=tag]").fill("lento")
    other.keyboard.press("Enter")
    expect(tag(other, "lento")).to_be_visible()
    (asked,) = held
    news = asked.fetch()
    assert "lento" in news.text()
    priority = desk.locator("#rail-owner select[name=priority]")
    wanted = "low" if priority.input_value() != "low" else "high"
    said = desk.locator("#thread").get_by_text("puso la prioridad")
    before = said.count()
    priority.select_option(wanted)
    expect(said).to_have_count(before + 1)
    with desk.expect_event("requestfinished", lambda each: each == asked.request):
        asked.fulfill(response=news)
    assert said.count() == before + 1
    expect(priority).to_have_value(wanted)
    other.get_by_role("button", name="Quitar la etiqueta lento").click()
    expect(tag(desk, "lento")).to_have_count(0)


def test_what_is_half_typed_stays_while_its_card_is_renewed(world, desk):
    desk.locator("#rows .row-link").last.click()
    other = desk.context.new_page()
    other.goto(desk.url)
    field = desk.locator("#rail-owner input[name=tag]")
    field.press_sequentially("urgen")
    other.locator("#rail-owner input[name=tag]").fill("de otra")
    other.keyboard.press("Enter")
    expect(desk.locator("#thread")).to_contain_text("+de-otra")
    # Under the fingers nothing moves; once they have gone on, the card catches up.
    expect(field).to_be_focused()
    expect(tag(desk, "de-otra")).to_have_count(0)
    desk.locator("#composer textarea").focus()
    expect(tag(desk, "de-otra")).to_be_visible()
    expect(field).to_have_value("urgen")
    other.get_by_role("button", name="Quitar la etiqueta de-otra").click()
    expect(tag(desk, "de-otra")).to_have_count(0)
    expect(field).to_have_value("urgen")


def test_of_two_previews_the_newer_stays(world, desk, held):
    desk.goto(f"{world.server}/console/look")
    expect(window(desk).locator("button.launch")).to_be_visible()
    desk.route("**/preview?draft=*", lambda route: held.append(route))
    with desk.expect_request("**/preview?draft=*"):
        desk.locator("[name=label-es]").fill("Primero")
    with desk.expect_request("**/preview?draft=*"):
        desk.locator("[name=label-es]").fill("Segundo")
    held.let_go()
    expect(window(desk).locator("button.launch")).to_have_text("Segundo")
    expect(desk.locator(".glass iframe")).to_have_count(1)


@pytest.fixture
def cut(world, page_of):
    """A desk whose lines are cut, of which its browser complains."""
    page = page_of(quiet=True)
    page.goto(f"{world.server}/console/")
    sign_in(page)
    return page


def composer(page):
    """Return the text of a ticket's composer, emptied."""
    page.locator("#rows .row-link").last.click()
    text = page.locator("#composer textarea")
    for written in ("x", ""):
        store(text, written)
    return text


def store(text, written):
    """Write a draft, and return once the page knows that the server has it."""
    with text.page.expect_response("**/draft"):
        text.fill(written)
    text.page.wait_for_function(
        "!Object.keys(localStorage).some((each) => each.includes(':draft:'))"
    )


def test_what_is_done_before_the_script_is_there_is_kept(world, desk, held):
    composer(desk)
    desk.route("**/console.js*", lambda route: held.append(route), times=1)
    with desk.expect_request("**/console.js*"):
        desk.reload(wait_until="commit")
    desk.locator("#composer textarea").fill("Antes de tiempo")
    priority = desk.locator("#rail-owner select[name=priority]")
    wanted = "low" if priority.input_value() != "low" else "high"
    priority.select_option(wanted)
    with desk.expect_response("**/draft"), desk.expect_response("**/priority"):
        held.let_go()
    desk.reload()
    expect(desk.locator("#composer textarea")).to_have_value("Antes de tiempo")
    expect(priority).to_have_value(wanted)


def test_a_search_begun_before_the_script_is_there_is_made(world, desk, held):
    desk.route("**/console.js*", lambda route: held.append(route), times=1)
    with desk.expect_request("**/console.js*"):
        desk.reload(wait_until="commit")
    desk.locator(".search input").fill("nadadeesto")
    held.let_go()
    expect(desk.locator("#rows > li")).to_have_count(0)


def test_what_is_typed_as_the_session_ends_is_there_after_signing_in(world, cut):
    writing = composer(cut)
    store(writing, "Buenas")
    # The draft learns of it first: what asks for news would lead the page away.
    cut.evaluate("for (const each of document.querySelectorAll('[id$=pulse]')) each.remove()")
    cut.context.clear_cookies()
    cut.evaluate(
        "const real = fetch; window.fetch = async (...asked) =>"
        " { const answer = await real(...asked); window.door = answer.url; return answer; }"
    )
    writing.press_sequentially(" tardes")
    cut.wait_for_function("window.door?.includes('/sign-in')")
    cut.reload()
    sign_in(cut)
    expect(writing).to_have_value("Buenas tardes")


def test_what_the_server_never_got_is_there_when_one_comes_back(world, cut, page_of):
    writing = composer(cut)
    store(writing, "Buenas")
    cut.route("**/draft", lambda route: route.abort())
    with cut.expect_event("requestfailed"):
        writing.fill("Hola")
    cut.reload()
    expect(writing).to_have_value("Hola")
    elsewhere = page_of()
    elsewhere.goto(cut.url)
    sign_in(elsewhere)
    with elsewhere.expect_response("**/draft"):
        elsewhere.locator("#composer textarea").fill("Desde el tren")
    cut.reload()
    expect(writing).to_have_value("Desde el tren\n\nHola")


def test_what_is_added_while_a_message_is_sent_is_the_next_one(world, desk, held):
    writing = composer(desk)
    writing.fill("Primero")
    desk.route("**/messages", lambda route: held.append(route))
    with desk.expect_request("**/messages"):
        writing.press("Control+Enter")
    writing.press_sequentially(" segundo")
    desk.locator(".search input").focus()
    held.let_go()
    expect(desk.locator("#thread .message").last).to_contain_text("Primero")
    expect(writing).to_have_value("segundo")
    expect(desk.locator(".search input")).to_be_focused()


def test_a_draft_that_arrives_after_its_message_begins_no_other(world, cut):
    writing = composer(cut)
    with cut.expect_request("**/draft") as asked:
        writing.fill("Ya va")
    writing.press("Control+Enter")
    expect(cut.locator("#thread .message").last).to_contain_text("Ya va")
    expect(writing).to_have_value("")
    # As a server gets it that had put the first request aside.
    late = [asked.value.url, asked.value.post_data]
    cut.evaluate(
        "([url, body]) => fetch(url, { method: 'POST', body: new URLSearchParams(body) })", late
    )
    cut.reload()
    expect(writing).to_have_value("")


def test_a_proxys_error_takes_nothing_from_the_page(world, cut):
    writing = composer(cut)
    said, rows = cut.locator("#thread > li"), cut.locator("#rows > li")
    before = said.count(), rows.count()
    gone = {"status": 502, "content_type": "text/html", "body": "<h1>502 Bad Gateway</h1>"}
    for pattern in ("**/console/pulse?*", "**/pulse?mark=*", "**/messages"):
        cut.route(pattern, lambda route: route.fulfill(**gone))
    for _ in range(2):
        with cut.expect_response("**/console/pulse?*"), cut.expect_response("**/pulse?mark=*"):
            pass
    assert (said.count(), rows.count()) == before
    writing.fill("Sigue aquí")
    writing.press("Control+Enter")
    expect(cut.locator("#refusal")).to_contain_text("No se ha enviado")
    expect(writing).to_have_value("Sigue aquí")
    assert said.count() == before[0]


def test_whoever_writes_already_is_not_led_to_the_next_request(world, desk, held):
    writing = composer(desk)
    desk.route("**/state", lambda route: held.append(route), times=1)
    with desk.expect_request("**/state"):
        desk.locator("#ticket-head button").click()
    writing.focus()
    held.let_go()
    expect(desk.locator("[data-next]")).to_be_visible()
    expect(writing).to_be_focused()
    with desk.expect_response("**/state"):
        desk.locator(".toast button").click()


def test_saved_replies_that_could_not_be_asked_for_are_asked_for_again(world, cut):
    writing = composer(cut)
    cut.route("**/replies", lambda route: route.abort(), times=1)
    with cut.expect_event("requestfailed"):
        writing.press_sequentially("/")
    expect(cut.locator("#suggested [aria-disabled]")).to_be_visible()
    with cut.expect_response("**/replies"):
        writing.press_sequentially("a")
