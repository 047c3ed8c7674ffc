"""From installing the plugin to an answer, on the front end and in wp-admin, as people go."""

from itertools import product

import pytest
from playwright.sync_api import expect

from ..browser.test_journey import WORDS, file_request, sign_in
from ..support.servers import free_port, wait_until
from .versions import INFORMS, on

WORD = WORDS["en"]


@pytest.fixture
def signed_in(page_of):
    """Open a page whose browser is signed in to WordPress as somebody."""

    def open_page(site, user, **look):
        page = page_of(locale="en", **look)
        cookies = [
            {"name": each.name, "value": each.value, "url": site.url}
            for each in site.sign_in(user).cookies
        ]
        page.context.add_cookies(cookies)
        return page

    return open_page


@pytest.fixture
def answer(desk, page_of):
    """Answer a request as an agent, in the console."""

    def reply(number, text):
        console = page_of(locale="en")
        sign_in(console, type("World", (), {"server": desk.url}))
        console.goto(f"{desk.url}/console/tickets/{desk.site_key}/{number}")
        told = console.locator("#rail-requester").inner_text()
        told += console.locator("#rail-environment").inner_text()
        console.locator("textarea[name=body]").fill(text)
        console.locator("textarea[name=body]").press("Control+Enter")
        expect(console.locator("#thread").get_by_text(text)).to_be_visible()
        return told

    return reply


def open_window(page, url):
    """Press our button; wp-admin has a "Help" of its own."""
    page.goto(url)
    page.locator("ventanilla-widget .launch").click()
    expect(page.get_by_role("button", name=WORD["new"])).to_be_visible()


def settings(page, site):
    page.goto(f"{site.url}/wp-admin/options-general.php?page=ventanilla-settings")


def result(page):
    return page.locator("#ventanilla-result")


def connected_by_hand(site, desk, admin):
    """What an owner does after installing: two values, one test."""
    admin.goto(f"{site.url}/wp-admin/plugins.php")
    admin.get_by_role("link", name="Enter them").click()
    admin.locator("#ventanilla-test").click()
    expect(result(admin)).to_contain_text("Enter the server and the site key first")
    admin.locator("#ventanilla-server").fill(
        f'<script async src="{desk.url}/w/{desk.site_key}.js"></script>'
    )
    admin.locator("#ventanilla-secret").fill(desk.secret)
    admin.get_by_label("Tell the help desk what this site runs on").check()
    admin.locator("#submit").click()
    expect(result(admin)).to_contain_text("Connected to “Bodega Lucero”")
    assert desk.secret not in admin.content()
    assert admin.locator("#ventanilla-server").input_value() == desk.url


def everybody_is_known(site, desk, page_of, signed_in, answer):
    """A visitor, an author and a subscriber file; answers come back; leaving forgets."""
    visitor = page_of(locale="en")
    open_window(visitor, site.url)
    first = file_request(visitor, WORD, title="A visitor's", email="eva@mail.example")
    assert "sin sesión" in answer(first, "Hello Eva")

    author = signed_in(site, "alice")
    open_window(author, site.url)
    expect(author.locator(".row")).to_have_count(0)
    number = file_request(author, WORD, title="From the front")
    # Away from the open request, which would show the answer as read.
    author.goto(f"{site.url}/wp-admin/profile.php")
    told = answer(number, "Hello Alice")
    assert "Alice Æther" in told
    assert "author" in told
    assert f"WordPress {site.banner.split()[1].strip(',')}" in told
    assert f"PHP {site.banner.split()[-1]}" in told

    # On a public page the toolbar learns the number after the page, which a cache may keep.
    site.evaluate("delete_user_option(2, 'ventanilla_unread');")
    author.goto(site.url)
    toolbar = author.locator("#wpadminbar .ventanilla-unread .plugin-count")
    expect(toolbar).to_have_text("1")
    author.goto(f"{site.url}/wp-admin/admin.php?page=ventanilla")
    badge = author.locator("#adminmenu .ventanilla-unread .plugin-count")
    expect(badge).to_have_text("1")
    expect(toolbar).to_have_text("1")
    inside = author.locator("ventanilla-widget[site]")
    expect(inside.locator(".row")).to_have_count(1)
    inside.locator(".row").click()
    expect(inside.get_by_text("Hello Alice")).to_be_visible()
    expect(badge).to_have_text("")
    expect(toolbar).to_have_text("")

    subscriber = signed_in(site, "bob", width=360)
    open_window(subscriber, f"{site.url}/wp-admin/profile.php")
    expect(subscriber.locator(".row")).to_have_count(0)
    file_request(subscriber, WORD, title="From wp-admin")
    open_window(subscriber, site.url)
    expect(subscriber.locator(".row")).to_contain_text("From wp-admin")

    session = "() => Object.keys(localStorage).filter(k => k.startsWith('ventanilla:')).length"
    assert author.evaluate(session) > 0
    leave = author.locator("#wp-admin-bar-logout a").get_attribute("href")
    author.goto(leave)
    wait_until(lambda: author.evaluate(session) == 0, "the widget forgot")
    open_window(author, site.url)
    expect(author.locator("ventanilla-widget")).not_to_contain_text("From the front")
    expect(author.locator(".row")).to_have_count(0)
    author.context.add_cookies(
        [{"name": c.name, "value": c.value, "url": site.url} for c in site.sign_in("bob").cookies]
    )
    open_window(author, site.url)
    expect(author.locator(".row")).to_have_count(1)
    expect(author.locator(".row")).to_contain_text("From wp-admin")


@on("6.1", "6.8")
def test_from_installing_to_an_answer(blank, desk, page_of, signed_in, answer, axe):
    connected_by_hand(blank, desk, signed_in(blank, "admin"))
    everybody_is_known(blank, desk, page_of, signed_in, answer)


@INFORMS
def test_the_newest_wordpress_does_it_too(blank, desk, page_of, signed_in, answer, record_property):
    record_property("figure", f"The newest WordPress tried: {blank.banner}")
    connected_by_hand(blank, desk, signed_in(blank, "admin"))
    everybody_is_known(blank, desk, page_of, signed_in, answer)


@on("6.1", "6.8")
def test_the_connection_test_says_what_is_wrong(shop, desk, connect, signed_in):
    admin = signed_in(shop, "admin", quiet=True)
    wrong = [
        ({"server": f"http://127.0.0.1:{free_port()}"}, "does not answer"),
        ({"server": shop.url}, "is not Ventanilla"),
        ({"site_key": "0000000000000000"}, "knows no site with the key 0000000000000000"),
    ]
    for chosen, told in wrong:
        connect(shop, **chosen)
        settings(admin, shop)
        admin.locator("#ventanilla-test").click()
        expect(result(admin)).to_contain_text(told)
    connect(shop)
    settings(admin, shop)
    admin.locator("#ventanilla-secret").fill("f00d." + "wrong-secret" * 4)
    admin.locator("#ventanilla-test").click()
    expect(result(admin)).to_contain_text("Save first")
    admin.locator("#submit").click()
    expect(result(admin)).to_contain_text("The secret is not the one of this site")
    admin.locator("#ventanilla-secret").fill(desk.secret)
    admin.locator("#submit").click()
    expect(result(admin)).to_contain_text("Connected to")


@on("6.8")
def test_our_pages_in_wp_admin_are_accessible(shop, signed_in, page_of, axe):
    admin = signed_in(shop, "admin")
    admin.emulate_media(reduced_motion="reduce")
    addresses = ("options-general.php?page=ventanilla-settings", "admin.php?page=ventanilla")
    for address, width in product(addresses, (1280, 400)):
        admin.set_viewport_size({"width": width, "height": 800})
        admin.goto(f"{shop.url}/wp-admin/{address}")
        expect(admin.locator("#wpbody-content h1")).to_be_visible()
        if "settings" in address:
            admin.locator("#ventanilla-test").click()
            expect(result(admin)).to_contain_text("Connected to")
        wide = admin.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{address} scrolls sideways at {width}"
        admin.evaluate(
            "document.querySelectorAll('#adminmenumain,#wpadminbar,#wpfooter').forEach(e => e.remove())"
        )
        axe(admin)


@on("6.8")
def test_a_phone_s_toolbar_shows_how_many_answers_wait(shop, signed_in):
    """WordPress hides what plugins add there from small screens."""
    shop.evaluate(
        "update_user_option(2, 'ventanilla_unread', ['count' => 3, 'at' => time() + 9999]);"
    )
    author = signed_in(shop, "alice", width=400)
    author.goto(f"{shop.url}/wp-admin/profile.php")
    link = author.locator("#wp-admin-bar-ventanilla a")
    expect(link).to_be_in_viewport()
    expect(link.locator(".plugin-count")).to_have_text("3")
    expect(link).to_have_accessible_name("Support 3 answers wait")
    link.click()
    expect(author.locator("ventanilla-widget[site]")).to_be_visible()


def shortcode_and_block(shop, admin, page_of):
    admin.goto(f"{shop.url}/wp-admin/post-new.php?post_type=page")
    admin.wait_for_function(
        "window.wp && wp.data && wp.blocks.getBlockType('ventanilla/help-window')"
    )
    admin.evaluate("""async () => {
        const { dispatch, select } = wp.data;
        dispatch('core/editor').editPost({ title: 'Help here', status: 'publish' });
        dispatch('core/block-editor').insertBlocks(wp.blocks.createBlock('ventanilla/help-window'));
        await dispatch('core/editor').savePost();
    }""")
    # Newer editors draw the page in a frame.
    framed = admin.locator("iframe[name=editor-canvas]").count()
    canvas = admin.frame_locator("iframe[name=editor-canvas]") if framed else admin
    marker = canvas.locator("[data-type='ventanilla/help-window']")
    expect(marker).to_contain_text("Visitors find requests, answers and contact hours here.")
    expect(marker.locator("svg").first).to_be_visible()
    assert admin.evaluate("wp.data.select('core/block-editor').getBlocks()[0].isValid")
    shop.evaluate("wp_insert_post(['post_title' => 'Short', 'post_type' => 'page',"
                  " 'post_status' => 'publish', 'post_content' => '[ventanilla]']);")  # fmt: skip
    for slug in ("help-here", "short"):
        page = page_of(locale="en")
        page.goto(f"{shop.url}/{slug}/")
        view = page.locator("ventanilla-widget[site]")
        expect(view.get_by_role("button", name=WORD["new"])).to_be_visible()
        expect(page.locator("ventanilla-widget")).to_have_count(1)
        page.context.close()


@on("6.1", "6.8")
def test_shortcode_and_block_show_the_window_inside_a_page(shop, signed_in, page_of):
    shortcode_and_block(shop, signed_in(shop, "admin"), page_of)


@INFORMS
def test_the_newest_editor_takes_the_block(shop, signed_in, page_of):
    shortcode_and_block(shop, signed_in(shop, "admin"), page_of)
