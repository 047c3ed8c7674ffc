"""What the plugin costs while it is there, and what it leaves when it goes."""

import json
import re

import requests

from .versions import on


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
    )
    alice = site.sign_in("alice")
    assert any(name.startswith("ventanilla_") for name in alice.cookies.keys())  # noqa: SIM118
    site.evaluate("deactivate_plugins('ventanilla/ventanilla.php');")
    html = requests.get(site.url, timeout=20).text
    assert "ventanilla" not in html
    site.evaluate("uninstall_plugin('ventanilla/ventanilla.php');")
    database = site.database
    assert site.tables() == tables
    left = site.maria.run(
        "SELECT option_name FROM wp_options WHERE option_name LIKE '%ventanilla%' OR"
        " (option_name = 'cron' AND option_value LIKE '%ventanilla%')"
        " UNION SELECT meta_key FROM wp_usermeta WHERE meta_key LIKE '%ventanilla%'",
        database,
    )
    assert left == ""
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
