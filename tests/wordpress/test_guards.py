"""What others may not do: other pages, other roles, and forms full of rubbish."""

import json
import re

import jwt
import pytest
import requests
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from playwright.sync_api import expect

from .versions import on

ASK = {"X-Ventanilla": "1"}


def identity(site):
    return f"{site.url}/wp-admin/admin-ajax.php?action=ventanilla_identity"


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


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40)
    | st.sampled_from(["on", "1", "https://a.example", "javascript:alert(1)", "//x", "http://[", "\x00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = [
    "server",
    "site_key",
    "front",
    "front_for",
    "hidden_paths",
    "admin",
    "hidden_roles",
    "share",
]


@on("6.1", "6.8")
def test_rubbish_in_the_settings_never_breaks_the_site(shop):
    """Written past the form, as a broken import or another plugin would."""
    cases: list[object] = ["", 0, None, [], 'O:8:"stdClass":0:{}']

    @budget(max_examples=150, database=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=8) | ANYTHING)
    def collect(value):
        cases.append(value)

    collect()
    (shop.folder / "cases.json").write_text(json.dumps(cases))
    told = shop.evaluate(
        f"$cases = json_decode(file_get_contents('{shop.folder}/cases.json'), true);"
        "foreach ($cases as $case) { update_option('ventanilla', $case); $GLOBALS['wp_scripts'] = null;"
        " $s = new Ventanilla\\Settings(); $all = $s->all();"
        " if (array_keys($all) !== array_keys(Ventanilla\\Settings::DEFAULTS)) throw new Exception(json_encode($case));"
        " foreach ($all as $name => $v) if (gettype($v) !== gettype(Ventanilla\\Settings::DEFAULTS[$name])) throw new Exception($name);"
        " do_action('wp_enqueue_scripts'); ob_start(); wp_print_footer_scripts(); $html = ob_get_clean();"
        " if (preg_match('/<script[^>]*ventanilla[^>]*>/', $html, $m) && !preg_match('~src=.https?://[a-z0-9.:\\[\\]-]+/w/[\\w-]+\\.js~', $m[0])) throw new Exception($m[0]);"
        " do_shortcode('[ventanilla]'); } echo count($cases);"
    )
    assert int(told) == len(cases) > 100


WORST = [
    "'O:8:\"stdClass\":0:{}'",
    "['server' => ['x'], 'site_key' => 7, 'hidden_paths' => [[]], 'hidden_roles' => 'author', 'front' => 'x']",
    "['server' => 'https://\"><script>', 'site_key' => '../x', 'front' => 1, 'admin' => 1]",
]


@on("6.1", "6.8")
def test_pages_stand_whatever_the_database_holds(shop):
    admin = shop.sign_in("admin")
    for rubbish in WORST:
        shop.evaluate(
            f"update_option('ventanilla', {rubbish}); update_option('ventanilla_secret', ['x']);"
            "update_option('ventanilla_told', ['x']); update_user_option(1, 'ventanilla_unread', 'x');"
        )
        for path in (
            "/", "/sample-page/", "/wp-admin/", "/wp-admin/plugins.php", "/wp-login.php?loggedout=true",
            "/wp-admin/options-general.php?page=ventanilla-settings",
        ):  # fmt: skip
            with admin.get(shop.url + path, timeout=20) as page:
                assert page.status_code == 200, (rubbish, path)
                assert "</html>" in page.text
                assert "/w/" not in page.text
        with admin.post(identity(shop), headers=ASK, timeout=20) as answer:
            assert answer.json() == {"anonymous": True}
    admin.close()


@on("6.8")
def test_what_is_no_address_does_not_replace_what_works(shop, page_of, desk):
    page = page_of(locale="en")
    jar = shop.sign_in("admin").cookies
    page.context.add_cookies([{"name": c.name, "value": c.value, "url": shop.url} for c in jar])
    page.goto(f"{shop.url}/wp-admin/options-general.php?page=ventanilla-settings")
    page.locator("#ventanilla-server").fill("javascript:alert(1)")
    page.locator("#ventanilla-key").fill("<b>")
    page.locator("#ventanilla-secret").fill("short")
    page.locator("#submit").click()
    for told in (
        "The server was not changed",
        "The site key was not changed",
        "The secret was not changed",
    ):
        expect(page.get_by_text(told)).to_be_visible()
    assert page.locator("#ventanilla-server").input_value() == desk.url
    expect(page.locator("#ventanilla-result")).to_contain_text("Connected to")


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
