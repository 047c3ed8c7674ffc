"""Settings full of rubbish: whatever the form or the database holds, the site stands."""

import json

from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from playwright.sync_api import expect

from .conftest import ASK, identity
from .versions import on

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
