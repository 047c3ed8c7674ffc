"""WordPress's tools for personal data reach what the help desk keeps."""

import json

from playwright.sync_api import expect

from ..browser.test_journey import WORDS, file_request
from ..support.servers import free_port
from .versions import on

WORD = WORDS["en"]
RUN = "$tools = apply_filters('wp_privacy_personal_data_{kind}', []); $r = call_user_func($tools['ventanilla']['callback'], '{email}', 1); echo is_wp_error($r) ? $r->get_error_message() : json_encode($r);"


def run(site, kind, email):
    return site.evaluate(RUN.replace("{kind}", kind).replace("{email}", email))


def file_as(site, page, title):
    jar = site.sign_in("alice").cookies
    page.context.add_cookies([{"name": c.name, "value": c.value, "url": site.url} for c in jar])
    page.goto(site.url)
    page.locator("ventanilla-widget .launch").click()
    return file_request(page, WORD, title=title)


@on("6.1", "6.8")
def test_exporting_and_erasing_reach_the_help_desk(shop, page_of):
    page = page_of(locale="en")
    file_as(shop, page, "About my <order>")
    # Left open, it would sign Alice in again once she is erased.
    page.context.close()
    told = json.loads(run(shop, "exporters", "alice@shop.example"))
    assert told["done"] is True
    text = json.dumps(told["data"])
    assert "About my &lt;order&gt;" in text
    assert "wp-1-2" in text
    assert json.loads(run(shop, "exporters", "bob@shop.example"))["data"] == []
    gone = json.loads(run(shop, "erasers", "alice@shop.example"))
    assert gone == {"items_removed": 2, "items_retained": False, "messages": [], "done": True}
    assert json.loads(run(shop, "exporters", "alice@shop.example"))["data"] == []


@on("6.8")
def test_whoever_was_deleted_here_is_found_by_the_address_they_had(shop, page_of):
    page = page_of(locale="en")
    file_as(shop, page, "Before I left")
    page.context.close()
    shop.evaluate("wp_update_user(['ID' => 2, 'user_email' => 'new@shop.example']);")
    old = "alice@shop.example"
    assert json.loads(run(shop, "exporters", old))["data"] == [], "she only has another address"
    shop.evaluate("require_once ABSPATH . 'wp-admin/includes/user.php'; wp_delete_user(2);")
    assert "Before I left" in run(shop, "exporters", old)
    assert json.loads(run(shop, "erasers", old))["items_removed"] == 2
    assert json.loads(run(shop, "exporters", old))["data"] == []


@on("6.8")
def test_a_server_that_is_away_is_not_taken_for_done(shop, connect, desk):
    connect(shop, server=f"http://127.0.0.1:{free_port()}")
    for kind in ("exporters", "erasers"):
        assert "run the tool again" in run(shop, kind, "alice@shop.example")


@on("6.1", "6.8")
def test_the_tools_page_says_why_and_leaves_the_request_open(shop, connect, page_of):
    """As an administrator sees it: the reason, and a request that can be run again."""
    connect(shop, server=f"http://127.0.0.1:{free_port()}")
    page = page_of(locale="en", quiet=True)
    jar = shop.sign_in("admin").cookies
    page.context.add_cookies([{"name": c.name, "value": c.value, "url": shop.url} for c in jar])
    states = "echo json_encode(array_column(get_posts(['post_type' => 'user_request', 'post_status' => 'any']), 'post_status'));"
    for kind, action, told in (
        ("export", "export_personal_data", "run the tool again"),
        ("erase", "remove_personal_data", "An error occurred"),
    ):
        shop.evaluate(f"wp_create_user_request('alice@shop.example', '{action}');")
        page.goto(f"{shop.url}/wp-admin/{kind}-personal-data.php")
        page.locator("#the-list tr").first.hover()
        page.locator(f".{action.replace('_', '-')}-handle").first.click()
        expect(page.locator(".request-results")).to_contain_text(told)
        assert "[object" not in page.locator("#wpbody-content").inner_text()
        assert "request-completed" not in shop.evaluate(states)


@on("6.8")
def test_wordpress_s_own_page_exports(shop, page_of):
    """By the code behind Tools → Export Personal Data, which shows errors of exporters."""
    made = shop.evaluate(
        "require_once ABSPATH . 'wp-admin/includes/privacy-tools.php';"
        "$id = wp_create_user_request('alice@shop.example', 'export_personal_data');"
        "wp_set_current_user(1); $_POST = $_REQUEST = ['id' => $id, 'security' => wp_create_nonce('wp-privacy-export-personal-data-' . $id),"
        " 'exporter' => 1 + array_search('ventanilla', array_keys(apply_filters('wp_privacy_personal_data_exporters', []))), 'page' => 1, 'sendAsEmail' => 'false'];"
        "require_once ABSPATH . 'wp-admin/includes/ajax-actions.php'; wp_ajax_wp_privacy_export_personal_data();"
    )
    assert json.loads(made)["success"] is True
