"""A network of sites: one login, a person of each site, a desk for each."""

import re

import jwt
import pytest

from .versions import on


@pytest.fixture
def network(build, version, connect):
    site = build("6.8", WP_TEST_NETWORK="1")
    site.reset()
    site.evaluate(
        "$id = wpmu_create_blog(DOMAIN_CURRENT_SITE, '/second/', 'Second', 2, [], 1);"
        "if (is_wp_error($id)) throw new Exception($id->get_error_message());"
        "activate_plugin('ventanilla/ventanilla.php', '', true); add_user_to_blog(2, 2, 'editor');"
    )
    connect(site)
    return site


def ask(session, base):
    url = f"{base}/wp-admin/admin-ajax.php?action=ventanilla_identity"
    with session.post(url, headers={"X-Ventanilla": "1"}, timeout=20) as answer:
        return answer.json()


@on("6.8")
def test_one_login_is_one_person_of_each_site(network, desk):
    second = "switch_to_blog(2); "
    options = f"['server' => '{desk.url}', 'site_key' => '{desk.site_key}', 'front' => true, 'admin' => true]"
    network.evaluate(
        f"{second} update_option('ventanilla', {options}); update_option('ventanilla_secret', '{desk.secret}');"
    )
    alice = network.sign_in("alice")
    assert {"ventanilla_1", "ventanilla_2"} <= set(alice.cookies.keys())
    assert alice.cookies["ventanilla_1"] != alice.cookies["ventanilla_2"]
    secret = desk.secret.split(".", 1)[1]
    found = [
        jwt.decode(ask(alice, base)["token"], secret, algorithms=["HS256"])
        for base in (network.url, f"{network.url}/second")
    ]
    assert [each["sub"] for each in found] == ["wp-1-2", "wp-2-2"]
    assert [each["roles"] for each in found] == [["author"], ["editor"]]
    assert [each["site"] for each in found] == ["Test shop", "Second"]
    page = alice.get(f"{network.url}/second/wp-admin/profile.php", timeout=20).text
    leave = re.search(r"wp-login\.php\?action=logout[^'\"]*?_wpnonce=(\w+)", page)[1]
    out = f"{network.url}/second/wp-login.php?action=logout&_wpnonce={leave}"
    alice.get(out, timeout=20).close()
    left = [name for name in alice.cookies.keys() if name.startswith("ventanilla_")]  # noqa: SIM118
    assert left == [], "one logout forgets on every site"
    alice.close()
    assert network.complaints() == []


@on("6.8")
def test_whoever_signs_in_over_another_leaves_nothing_of_them_on_any_site(network, desk):
    options = f"['server' => '{desk.url}', 'site_key' => '{desk.site_key}']"
    network.evaluate(f"switch_to_blog(2); update_option('ventanilla', {options});")
    browser = network.sign_in("alice")
    alices = {name: browser.cookies[name] for name in ("ventanilla_1", "ventanilla_2")}

    def sign_in(name):
        form = {"log": name, "pwd": f"{name}-pass", "testcookie": "1", "rememberme": "forever"}
        browser.post(f"{network.url}/wp-login.php", data=form, timeout=20).close()
        return {name: browser.cookies.get(name) for name in alices}

    assert sign_in("alice") == alices, "the same person again keeps their own"
    bobs = sign_in("bob")
    assert bobs["ventanilla_1"] not in (None, alices["ventanilla_1"])
    assert bobs["ventanilla_2"] is None, "where bob is no member, he is not taken for alice"
    browser.close()


def rows(network, site):
    table = "wp_options" if site == 1 else f"wp_{site}_options"
    names = f"SELECT option_name FROM {table} WHERE option_name LIKE 'ventanilla%' ORDER BY 1"
    return network.maria.run(names, network.database).split()


@on("6.8")
def test_a_site_that_joins_later_pays_no_query_for_a_missing_option(network):
    assert rows(network, 2) == ["ventanilla", "ventanilla_secret"]
    network.evaluate("wpmu_create_blog(DOMAIN_CURRENT_SITE, '/third/', 'Third', 2, [], 1);")
    assert rows(network, 3) == ["ventanilla", "ventanilla_secret"]
    network.evaluate(
        "deactivate_plugins('ventanilla/ventanilla.php', false, true); activate_plugin('ventanilla/ventanilla.php');"
        "wpmu_create_blog(DOMAIN_CURRENT_SITE, '/fourth/', 'Fourth', 2, [], 1);"
    )
    assert rows(network, 4) == [], "a site without the plugin holds nothing of it"


@on("6.8")
def test_switching_it_off_for_all_leaves_no_site_a_task(network):
    for site in (1, 2):
        network.evaluate(
            f"switch_to_blog({site}); wp_schedule_single_event(time() + 9999, 'ventanilla_tell_order', [7, 1]);"
        )
    network.evaluate("deactivate_plugins('ventanilla/ventanilla.php', false, true);")
    for table in ("wp_options", "wp_2_options"):
        waiting = f"SELECT count(*) FROM {table} WHERE option_name = 'cron' AND option_value LIKE '%ventanilla%'"
        assert network.maria.run(waiting, network.database).strip() == "0"


@on("6.8")
def test_uninstalling_cleans_every_site(network):
    network.evaluate(
        "deactivate_plugins('ventanilla/ventanilla.php'); uninstall_plugin('ventanilla/ventanilla.php');"
    )
    for table in ("wp_options", "wp_2_options"):
        found = network.maria.run(
            f"SELECT option_name FROM {table} WHERE option_name LIKE '%ventanilla%'",
            network.database,
        )
        assert found == ""
