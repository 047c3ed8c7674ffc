"""What the window does to the page that shows it: nothing, until somebody clicks."""

import json

import pytest
from playwright.sync_api import expect

#: What lets a page of another origin read an answer.
OPEN = {"Access-Control-Allow-Origin": "*"}


def test_nothing_happens_before_the_click_but_one_script(world, page_of):
    page = page_of()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{world.shop}/bare")
    expect(page.get_by_role("button", name="Ayuda")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [url for url in requests if not url.startswith("data:")] == [
        f"{world.shop}/bare",
        f"{world.server}/w/{world.site_key}.js",
    ]
    assert page.context.cookies() == []
    kept = page.evaluate(
        "(async () => [localStorage.length, sessionStorage.length,"
        " (await indexedDB.databases()).length, (await caches.keys()).length])()"
    )
    assert kept == [0, 0, 0, 0]


@pytest.mark.parametrize("sub", [None, "ada"])
def test_a_click_needs_three_requests_whoever_clicks(world, page_of, sub):
    page = page_of()
    page.clock.install()
    if sub:
        said = token_of(world, page, sub)
        page.add_init_script(f"window.ventanilla = {{ q: [['identify', '{said}']] }}")
    page.goto(f"{world.shop}/bare")
    requests = []
    page.on("request", lambda request: requests.append(request.method + " " + request.url))
    expect(page.get_by_role("button", name="Ayuda")).to_be_visible()
    # What comes by and by, the screens behind the list and news, is not for the list.
    page.clock.pause_at(page.evaluate("Date.now()"))
    page.get_by_role("button", name="Ayuda").click()
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)
    assert sorted(each.split("/")[3] for each in requests) == ["api", "w", "w"], requests


@pytest.fixture
def exchanges(page_of):
    """A page, and the tokens it has sent to be exchanged for a session."""
    page = page_of(quiet=True)
    sent = []
    page.on(
        "request",
        lambda request: (
            request.url.endswith("/api/v1/sessions")
            and sent.append(json.loads(request.post_data).get("identity_token"))
        ),
    )
    return page, sent


def token_of(world, page, sub):
    headers = {"X-Ventanilla": "1", "Cookie": f"shop_user={sub}"}
    return page.request.post(f"{world.shop}/identity", headers=headers).json()["token"]


def test_a_panel_that_did_not_arrive_costs_no_second_exchange(world, exchanges):
    """The token may be good for one."""
    page, sent = exchanges
    token = token_of(world, page, "ada")
    page.add_init_script(f"window.ventanilla = {{ q: [['identify', '{token}']] }}")
    page.goto(f"{world.shop}/bare")
    page.route("**/assets/panel-*", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "/panel-" in request.url):
        page.get_by_role("button", name="Ayuda").click()
    expect(page.locator("ventanilla-widget")).not_to_have_attribute("busy", "")
    page.unroute("**/assets/panel-*")
    page.get_by_role("button", name="Ayuda").click()
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()
    assert sent == [token]


def test_each_try_for_the_panel_has_an_address_of_its_own(world, exchanges):
    """Some browsers keep for the page's life that an address failed."""
    page, _ = exchanges
    page.goto(f"{world.shop}/bare")
    asked = []
    page.on("request", lambda request: "/panel-" in request.url and asked.append(request.url))
    page.route("**/assets/panel-*", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "/panel-" in request.url):
        page.get_by_role("button", name="Ayuda").click()
    expect(page.locator("ventanilla-widget")).not_to_have_attribute("busy", "")
    page.get_by_role("button", name="Ayuda").click()
    page.get_by_role("button", name="Nueva solicitud").click()
    expect(page.get_by_text("Asistencia técnica", exact=True)).to_be_visible()
    assert len(set(asked)) == 2
    assert "/assets/1/panel-" in asked[1]


def test_who_left_before_the_click_is_not_vouched_for(world, exchanges):
    page, sent = exchanges
    page.goto(f"{world.shop}/bare")
    expect(page.get_by_role("button", name="Ayuda")).to_be_visible()
    page.evaluate("token => ventanilla('identify', token)", token_of(world, page, "ada"))
    page.evaluate("ventanilla('logout')")
    page.get_by_role("button", name="Ayuda").click()
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()
    assert set(sent) == {None}


def test_what_waits_for_whoever_left_meanwhile_is_not_on_the_button(world, page_of):
    page = page_of()
    page.add_init_script(
        """const real = fetch; window.fetch = async (...asked) => {
        const answer = await real(...asked), json = answer.json.bind(answer);
        if (`${asked[0]}`.endsWith('updates?since=-1')) answer.json = async () => {
            const told = await json(); setTimeout(() => (window.told = true)); return told; };
        return answer; }"""
    )
    page.goto(f"{world.shop}/bare")
    page.get_by_role("button", name="Ayuda").click()
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()
    held = []
    page.route("**/updates?since=-1", lambda route: held.append(route), times=1)
    with page.expect_request("**/updates?since=-1"):
        page.reload()
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.evaluate("ventanilla('logout')")
    (asked,) = held
    asked.fulfill(json={"cursor": "1", "unread": 2, "tickets": []}, headers=OPEN)
    page.wait_for_function("window.told")
    expect(page.locator("button.launch b")).to_have_text("")


def test_the_strictest_policy_and_hostile_css_change_nothing(world, page_of):
    page = page_of(quiet=True)
    page.goto(f"{world.shop}/strict")
    button = page.get_by_role("button", name="Ayuda")
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box["height"] == 56
    assert box["x"] < 100  # Right to left: the end is on the left.
    button.click()
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()
    page.get_by_role("button", name="Nueva solicitud").click()
    page.get_by_text("Reportar un error", exact=True).click()
    expect(page.locator(".notice")).to_be_visible()
    assert page.evaluate("violations") == []
    look = page.locator(".panel").evaluate(
        "(node) => [getComputedStyle(node).fontSize, getComputedStyle(node).backgroundColor,"
        " node.getBoundingClientRect().width, node.matches(':popover-open')]"
    )
    assert look == ["15px", "rgb(255, 255, 255)", 400, True]


def test_it_survives_a_body_swapped_by_the_page(world, page_of):
    page = page_of()
    page.goto(f"{world.shop}/bare")
    page.get_by_role("button", name="Ayuda").click()
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()
    page.evaluate(
        """() => { history.pushState({}, '', '/elsewhere');
        const body = document.createElement('body'); body.textContent = 'next page';
        document.body.replaceWith(body); }"""
    )
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()
    page.evaluate("document.querySelector('ventanilla-widget').remove()")
    expect(page.locator("ventanilla-widget")).to_have_count(1)
    page.evaluate(
        """async (url) => { for (let i = 0; i < 2; i++) await new Promise((done) => {
        const again = document.createElement('script');
        again.src = url; again.onload = done; document.body.append(again); }) }""",
        f"{world.server}/w/{world.site_key}.js",
    )
    expect(page.locator("ventanilla-widget")).to_have_count(1)


def test_it_comes_back_with_the_page_from_the_history(world, page_of):
    page = page_of()
    page.goto(f"{world.shop}/bare")
    page.get_by_role("button", name="Ayuda").click()
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()
    page.goto(f"{world.shop}/plain")
    page.go_back()
    expect(page.locator("ventanilla-widget")).to_have_count(1)
    if not page.get_by_role("button", name="Nueva solicitud").is_visible():
        page.get_by_role("button", name="Ayuda").click()
    expect(page.get_by_role("button", name="Nueva solicitud")).to_be_visible()


def test_escape_closes_and_gives_the_focus_back(world, page_of):
    page = page_of()
    page.goto(f"{world.shop}/bare")
    button = page.get_by_role("button", name="Ayuda")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    focused = page.evaluate("document.activeElement.shadowRoot.activeElement.className")
    assert focused == "launch"
    expect(button).to_have_attribute("aria-expanded", "false")


def test_the_queue_works_before_the_script_has_loaded(world, page_of):
    page = page_of()
    page.goto(f"{world.shop}/queued")
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator("#v-t")).to_have_value("Desde la página")
    assert page.evaluate("opened") == 1


def test_the_inline_view_shows_list_and_request_side_by_side(world, page_of, axe):
    page = page_of()
    page.goto(world.shop)
    page.get_by_role("button", name="Ada Ferrer").click()
    page.goto(f"{world.shop}/support")
    page.get_by_text("Cambio de logo").click()
    expect(page.locator(".thread")).to_be_visible()
    expect(page.locator(".rows")).to_be_visible()
    axe(page)
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator(".rows")).to_have_count(0)
    axe(page)
