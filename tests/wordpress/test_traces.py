"""What the plugin costs while it is there, and what it leaves when it goes."""

import json
import re
from html import unescape

import requests
from playwright.sync_api import expect

from ..support.packing import packer
from ..support.servers import wait_until
from ..support.wordpress import PLUGIN, WordPress
from .versions import on

#: Everything of ours that a site may still hold.
LEFT = (
    "SELECT option_name FROM wp_options WHERE option_name LIKE '%ventanilla%' OR"
    " (option_name = 'cron' AND option_value LIKE '%ventanilla%')"
    " UNION SELECT meta_key FROM wp_usermeta WHERE meta_key LIKE '%ventanilla%'"
)


@on("6.1", "6.8")
def test_a_visitor_s_page_costs_one_script_and_no_query(build, version, connect, record_property):
    site = build(version, WP_TEST_QUERIES="1")
    site.reset()
    kept = site.log.with_name("debug.log.queries")

    def queries():
        requests.get(site.url, timeout=20)
        return json.loads(kept.read_text())

    site.evaluate("deactivate_plugins('ventanilla/ventanilla.php');")
    queries()
    without = queries()
    site.evaluate("activate_plugin('ventanilla/ventanilla.php');")
    connect(site)
    queries()
    found = queries()
    ours = [each for each in found if "ventanilla" in each]
    html = requests.get(site.url, timeout=20).text
    record_property(
        "figure",
        f"WordPress {version}: a visitor's page makes {len(found)} queries with the plugin,"
        f" {len(without)} without; {html.count('ventanilla-js')} script",
    )
    assert ours == []
    assert len(found) == len(without)
    assert html.count("/w/") == 1
    assert " async" in html.split("/w/")[0].rsplit("<script", 1)[1]


@on("6.1", "6.8")
def test_uninstalling_leaves_nothing(build, version, connect):
    site = build(version)
    site.reset()
    tables = site.tables()
    connect(site)
    site.evaluate(
        "update_option('ventanilla_told', 'x', false); update_user_option(2, 'ventanilla_unread', ['count' => 1, 'at' => 1]);"
        "wp_schedule_single_event(time() + 9999, 'ventanilla_tell_order', [7, 1]);"
    )
    alice = site.sign_in("alice")
    assert any(name.startswith("ventanilla_") for name in alice.cookies.keys())  # noqa: SIM118
    waiting = "SELECT count(*) FROM wp_options WHERE option_name = 'cron' AND option_value LIKE '%ventanilla%'"
    assert site.maria.run(waiting, site.database).strip() == "1"
    site.evaluate("deactivate_plugins('ventanilla/ventanilla.php');")
    assert site.maria.run(waiting, site.database).strip() == "0"
    html = requests.get(site.url, timeout=20).text
    assert "ventanilla" not in html
    site.evaluate("uninstall_plugin('ventanilla/ventanilla.php');")
    database = site.database
    assert site.tables() == tables
    assert site.maria.run(LEFT, database) == ""
    assert site.complaints() == []
    alice.close()


@on("6.8")
def test_leaving_removes_the_hint_and_so_does_deactivating(shop):
    alice = shop.sign_in("alice")
    assert alice.cookies.get("ventanilla_1")
    page = alice.get(f"{shop.url}/wp-admin/profile.php", timeout=20).text
    leave = re.search(r"wp-login\.php\?action=logout[^'\"]*?_wpnonce=(\w+)", page)[1]
    alice.get(f"{shop.url}/wp-login.php?action=logout&_wpnonce={leave}", timeout=20).close()
    assert not alice.cookies.get("ventanilla_1")
    alice.close()

    admin = shop.sign_in("admin")
    assert admin.cookies.get("ventanilla_1")
    with admin.get(f"{shop.url}/wp-admin/plugins.php", timeout=20) as plugins:
        link = re.search(
            r'plugins\.php\?action=deactivate&amp;plugin=ventanilla[^"]+', plugins.text
        )[0]
    admin.get(f"{shop.url}/wp-admin/{unescape(link)}", timeout=20).close()
    assert not admin.cookies.get("ventanilla_1")
    admin.close()


@on("6.1", "6.8")
def test_the_file_is_uploaded_used_and_deleted_by_hand(
    version, maria, desk, page_of, tmp_path, tmp_path_factory
):
    """The whole life of the plugin in wp-admin, from the zip to an empty folder."""
    packed = packer().pack(PLUGIN, tmp_path)
    site = WordPress(
        version,
        tmp_path_factory.mktemp("u"),
        maria,
        plugin=None,
        environment={"WP_TEST_FILES": "1"},
    )
    site.build(active=False).start()
    try:
        tables = site.tables()
        page = page_of(locale="en", quiet=True)
        jar = site.sign_in("admin").cookies
        page.context.add_cookies([{"name": c.name, "value": c.value, "url": site.url} for c in jar])
        page.goto(f"{site.url}/wp-admin/plugin-install.php?tab=upload")
        page.locator("#pluginzip").set_input_files(packed)
        page.locator("#install-plugin-submit").click()
        page.get_by_role("link", name="Activate Plugin").click()
        page.get_by_role("link", name="Enter them").click()
        page.locator("#ventanilla-server").fill(f"{desk.url}/w/{desk.site_key}.js")
        page.locator("#ventanilla-secret").fill(desk.secret)
        page.locator("#submit").click()
        expect(page.locator("#ventanilla-result")).to_contain_text("Connected to")
        folder = site.tree / "wp-content/plugins/ventanilla"
        assert (folder / "LICENSE").exists()

        page.goto(f"{site.url}/wp-admin/plugins.php")
        page.locator("#deactivate-ventanilla").click()
        page.on("dialog", lambda dialog: dialog.accept())
        page.locator("#delete-ventanilla").click()
        expect(page.locator("tr[data-slug=ventanilla]").first).to_contain_text("deleted")
        wait_until(lambda: not folder.exists(), "the folder is gone")
        assert site.tables() == tables
        assert site.maria.run(LEFT, site.database) == ""
        assert site.complaints() == []
    finally:
        site.stop()
