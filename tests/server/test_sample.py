"""The demo's shop: in one language, with a month behind it."""

from datetime import timedelta

import pytest

from widget_server import sample
from widget_server.clock import stamp, utcnow
from widget_server.database import query
from widget_server.figures.days import ONE, today
from widget_server.figures.service import days, together
from widget_server.sites import service as sites


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_past_is_of_the_month_before_and_counted(app, lang):
    site, _ = sample.fill(["https://shop.example"], lang=lang, past=True)
    past = query(
        "SELECT number, opened_at, answered_at, state, locale FROM ticket"
        " WHERE site_id = ? ORDER BY number", site.id
    )  # fmt: skip
    new = len(sample.REQUESTS[lang])
    assert len(past) > 50
    assert {locale for *_, locale in past} == {lang}
    old = past[:-new]
    opened = [at for _, at, *_ in old]
    assert opened == sorted(opened)
    assert opened[0] > stamp(utcnow() - timedelta(days=35))
    assert all(began < answered for _, began, answered, *_ in old)
    assert {state for *_, state, _ in old} == {"in_progress", "completed"}
    now = today(sites.zone_of(site), utcnow())
    month = together(days([site], now - 29 * ONE, now))
    assert month.told.opened > 50
    assert month.told.closed > 40
    assert month.told.pleased > month.told.displeased > 0
    assert month.kept > 40
    assert month.told.confirmed > 0
