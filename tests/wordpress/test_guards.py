"""What others may not do: other pages and other roles."""

import re

import jwt
import pytest
import requests
from playwright.sync_api import expect

from .conftest import ASK, identity
from .versions import on


@on("6.1", "6.8")
def test_the_identity_is_the_user_s_and_lives_five_minutes(shop, desk):
    session = shop.sign_in("alice")
    with session.post(identity(shop), headers=ASK, timeout=20) as answer:
        token = answer.json()["token"]
        assert "no-cache" in answer.headers["Cache-Control"]
    kid, secret = desk.secret.split(".", 1)
    claims = jwt.decode(token, secret, algorithms=["HS256"])
    assert jwt.get_unverified_header(token)["kid"] == kid
    assert claims["exp"] - claims["iat"] == 300
    assert {k: claims[k] for k in ("sub", "name", "email", "email_verified", "locale", "roles")} == {
        "sub": "wp-1-2", "name": "Alice Æther", "email": "alice@shop.example",
        "email_verified": False, "locale": "en-US", "roles": ["author"],
    }  # fmt: skip
    with pytest.raises(jwt.PyJWTError):
        jwt.decode(token, secret + "x", algorithms=["HS256"])
    session.close()


@on("6.8")
def test_a_visitor_is_nobody_and_a_stale_hint_goes(shop):
    answer = requests.post(identity(shop), headers=ASK, cookies={"ventanilla_1": "abc"}, timeout=20)
    assert answer.json() == {"anonymous": True}
    assert re.search(
        r"ventanilla_1=[^;]*; expires=Thu, 01[- ]Jan[- ]1970", answer.headers["Set-Cookie"]
    )


@on("6.8")
@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", ASK),
        ("POST", {}),
        ("POST", ASK | {"Sec-Fetch-Site": "cross-site"}),
        ("POST", ASK | {"Sec-Fetch-Site": "same-site"}),
        ("POST", ASK | {"Origin": "https://evil.example"}),
    ],
)
def test_nobody_else_may_ask_who_is_signed_in(shop, method, headers):
    session = shop.sign_in("alice")
    for action in ("ventanilla_identity", "ventanilla_unread"):
        url = f"{shop.url}/wp-admin/admin-ajax.php?action={action}"
        with session.request(method, url, headers=headers, timeout=20) as answer:
            assert answer.status_code == 403
            assert "eyJ" not in answer.text
    session.close()


@on("6.8")
def test_a_proxy_that_asks_by_another_name_keeps_nobody_out(shop):
    """The site is known by its own address, whatever Host a proxy before it sends on."""
    jar = shop.sign_in("alice").cookies
    # As text: the client's own jar would go by the other name.
    cookies = {"Cookie": "; ".join(f"{each.name}={each.value}" for each in jar)}
    for host, origin, status in (
        ("backend.internal", shop.url, 200),
        ("backend.internal", "https://evil.example", 403),
        ("backend.internal", shop.url.rpartition(":")[0], 403),
        ("backend.internal", "null", 403),
    ):
        headers = ASK | cookies | {"Host": host, "Origin": origin, "Sec-Fetch-Site": "same-origin"}
        answer = requests.post(identity(shop), headers=headers, timeout=20)
        assert answer.status_code == status, origin
        assert ("token" in answer.text) == (status == 200)


@on("6.8")
def test_another_origin_s_page_cannot_read_the_identity(shop, desk, page_of):
    page = page_of(quiet=True)
    jar = shop.sign_in("alice").cookies
    page.context.add_cookies([{"name": c.name, "value": c.value, "url": shop.url} for c in jar])
    page.goto(f"{shop.url}/")
    read = """async url => { try {
        const answer = await fetch(url, {method: 'POST', credentials: 'include', headers: {'X-Ventanilla': '1'}});
        return await answer.text();
    } catch (error) { return String(error) } }"""
    assert "token" in page.evaluate(read, identity(shop)), "the site's own page can"
    for other in (shop.url.replace("127.0.0.1", "localhost"), desk.url):
        page.goto(
            f"{other}/health" if other == desk.url else f"{other}/wp-includes/js/heartbeat.js"
        )
        assert "Failed to fetch" in page.evaluate(read, identity(shop))
        blind = "async url => (await fetch(url, {method: 'POST', mode: 'no-cors', credentials: 'include'})).type"
        assert page.evaluate(blind, identity(shop)) == "opaque"


@on("6.8")
def test_a_subscriber_reaches_no_setting(shop, desk):
    bob = shop.sign_in("bob")
    with bob.get(
        f"{shop.url}/wp-admin/options-general.php?page=ventanilla-settings", timeout=20
    ) as page:
        assert page.status_code == 403
    before = shop.evaluate("echo json_encode(get_option('ventanilla'));")
    form = {
        "option_page": "ventanilla-settings",
        "action": "update",
        "ventanilla[server]": "https://evil.example",
    }
    with bob.post(f"{shop.url}/wp-admin/options.php", data=form, timeout=20) as answer:
        assert answer.status_code == 403
    with bob.post(
        f"{shop.url}/wp-admin/admin-ajax.php", data={"action": "ventanilla_test"}, timeout=20
    ) as answer:
        assert answer.status_code == 403
        assert desk.url not in answer.text
    assert shop.evaluate("echo json_encode(get_option('ventanilla'));") == before
    bob.close()


@on("6.8")
def test_an_administrator_s_browser_cannot_be_made_to_change_or_test(shop):
    admin = shop.sign_in("admin")
    form = {
        "option_page": "ventanilla-settings",
        "action": "update",
        "ventanilla[server]": "https://evil.example",
    }
    with admin.post(f"{shop.url}/wp-admin/options.php", data=form, timeout=20) as answer:
        assert answer.status_code == 403
    data = {"action": "ventanilla_test", "nonce": "0123456789"}
    with admin.post(f"{shop.url}/wp-admin/admin-ajax.php", data=data, timeout=20) as answer:
        assert answer.status_code == 403
    admin.close()


@on("6.8")
def test_the_secret_reaches_no_browser(shop, desk):
    secret = desk.secret.split(".", 1)[1]
    admin = shop.sign_in("admin")
    for path in ("/", "/wp-admin/", "/wp-admin/options-general.php?page=ventanilla-settings",
                 "/wp-admin/admin.php?page=ventanilla", "/wp-admin/options.php", "/wp-json/wp/v2/settings"):  # fmt: skip
        if path == "/wp-admin/options.php":
            continue  # WordPress's own page of all options; administrators read the database there.
        with admin.get(shop.url + path, timeout=20) as page:
            assert secret not in page.text, path
    admin.close()


@on("6.8")
def test_the_secret_of_wp_config_wins_and_is_not_shown(build, version, desk, connect):
    site = build("6.8", WP_TEST_SECRET=desk.secret)
    site.reset()
    connect(site)
    site.evaluate("update_option('ventanilla_secret', 'another.' . str_repeat('x', 40));")
    admin = site.sign_in("admin")
    with admin.get(
        f"{site.url}/wp-admin/options-general.php?page=ventanilla-settings", timeout=20
    ) as page:
        assert "Set in wp-config.php" in page.text
        assert desk.secret not in page.text
    with admin.post(identity(site), headers=ASK, timeout=20) as answer:
        jwt.decode(answer.json()["token"], desk.secret.split(".", 1)[1], algorithms=["HS256"])
    admin.close()


@on("6.8")
def test_a_role_that_is_left_out_has_neither_page_nor_button(shop, connect, page_of):
    hidden = ["/sample-*", "/?page_id=9", "/wp-admin/tools.php"]
    connect(shop, hidden_roles=["subscriber"], hidden_paths=hidden)
    for user, shown in (("bob", 0), ("alice", 1)):
        page = page_of(locale="en", quiet=True)
        jar = shop.sign_in(user).cookies
        page.context.add_cookies([{"name": c.name, "value": c.value, "url": shop.url} for c in jar])
        page.goto(f"{shop.url}/wp-admin/profile.php")
        expect(page.locator("#toplevel_page_ventanilla")).to_have_count(shown)
        expect(page.locator("ventanilla-widget")).to_have_count(shown)
        page.goto(shop.url)
        page.wait_for_function("!!window.ventanilla")
        expect(page.locator("ventanilla-widget")).to_have_count(shown)
        for path in ("/sample-page/", "/?page_id=9", "/wp-admin/tools.php"):
            page.goto(f"{shop.url}{path}")
            expect(page.locator("script[src*='/w/']")).to_have_count(0)
        support = page.goto(f"{shop.url}/wp-admin/admin.php?page=ventanilla")
        assert support.status == (200 if shown else 403)


@on("6.8")
def test_whoever_signed_in_before_the_plugin_came_is_known_at_the_click(shop, page_of, desk):
    page = page_of(locale="en")
    jar = [c for c in shop.sign_in("alice").cookies if not c.name.startswith("ventanilla_")]
    page.context.add_cookies([{"name": c.name, "value": c.value, "url": shop.url} for c in jar])
    page.goto(shop.url)
    page.locator("ventanilla-widget .launch").click()
    expect(page.get_by_role("button", name="New request")).to_be_visible()
    who = "key => JSON.parse(localStorage.getItem(`ventanilla:${key}:session`)).requester.name"
    assert page.evaluate(who, desk.site_key) == "Alice Æther"
    assert any(each["name"] == "ventanilla_1" for each in page.context.cookies())
    page.reload()
    expect(page.locator("ventanilla-widget .launch")).to_be_visible()
    assert page.evaluate(who, desk.site_key) == "Alice Æther"
