"""What becomes of an order in the shop is told to the help desk, signed, until it was heard."""

import json

import requests

from ..support.servers import wait_until
from .orders import ORDER, sign
from .versions import on


@on("6.1", "6.8")
def test_what_becomes_of_an_order_is_told_signed(store, ask, heard, desk):
    ask("", ORDER)
    store.evaluate("wc_get_order(101)->update_status('processing');")
    wait_until(lambda: heard.calls, "the help desk heard")
    path, header, body = heard.calls[-1]
    assert path == f"/api/v1/payments/hooks/{desk.site_key}/woocommerce"
    moment = int(header.split(",")[0][2:])
    assert header == sign(body, desk.secret, moment)
    told = json.loads(body)
    assert (told["order"], told["status"], told["total"], told["currency"]) == (
        "o_7f",
        "processing",
        "498.99",
        "EUR",
    )
    assert len(told["event"]) == 36
    waiting = "echo json_encode(array_filter(_get_cron_array(), fn($h) => isset($h['ventanilla_tell_order'])));"
    assert store.evaluate(waiting) == "[]"


@on("6.8")
def test_it_is_told_again_until_the_help_desk_is_back(store, ask, heard):
    ask("", ORDER)
    heard.answers[0] = 503
    store.evaluate("wc_get_order(101)->update_status('processing');")
    wait_until(lambda: heard.calls, "the help desk was tried")
    due = "wp_get_scheduled_event('ventanilla_tell_order', [101, {tries}])"
    assert store.evaluate(f"echo {due.format(tries=1)} ? 'waits' : 'lost';") == "waits"
    run = "do_action('ventanilla_tell_order', 101, {tries}); echo {due} ? 'waits' : 'told';"
    assert store.evaluate(run.format(tries=1, due=due.format(tries=2))) == "waits"
    heard.answers[0] = 200
    seen = len(heard.calls)
    assert store.evaluate(run.format(tries=2, due=due.format(tries=3))) == "told"
    assert len(heard.calls) == seen + 1


@on("6.8")
def test_a_help_desk_away_for_a_day_hears_it_from_the_site_s_own_clockwork(store, ask, heard):
    """By wp-cron.php, as visits to the site set it off; the day is taken from its calendar."""
    ask("", ORDER)
    heard.answers[0] = 503
    store.evaluate("wc_get_order(101)->update_status('processing');")
    wait_until(lambda: heard.calls, "the help desk was tried")
    later = (
        "$all = _get_cron_array(); $moved = [];"
        "foreach ($all as $at => $hooks) $moved[isset($hooks['ventanilla_tell_order']) ? $at - DAY_IN_SECONDS : $at] = $hooks;"
        "ksort($moved); _set_cron_array($moved); delete_transient('doing_cron');"
        "foreach ($all as $hooks) foreach ($hooks['ventanilla_tell_order'] ?? [] as $each) echo $each['args'][1];"
    )
    seen = []
    for answer in (503, 503, 503, 200):
        heard.answers[0] = answer
        seen.append(store.evaluate(later))
        before = len(heard.calls)
        requests.get(f"{store.url}/wp-cron.php?doing_wp_cron", timeout=30).close()
        wait_until(lambda before=before: len(heard.calls) > before, "it was told again")
    assert seen == ["1", "2", "3", "4"], "each try waits for its own time"
    assert store.evaluate(later) == "", "nothing waits any more"
    assert json.loads(heard.calls[-1][2])["status"] == "processing"


@on("6.8")
def test_the_shop_s_other_orders_are_nobody_s_business(store, heard):
    store.evaluate("wc_create_order([])->update_status('processing');")
    assert heard.calls == []
