"""The panel says whether anybody is there, and changes its mind at the second, asking nobody."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from widget_server import database
from widget_server.sites import service as sites

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def hours(world):
    """Open every day from nine to six in Madrid, two hours on some nights, a holiday on a Monday."""
    database.connect(world.live.settings["DATABASE_URL"])
    site = sites.find_site(world.site_key)
    before = site.settings
    calendar = {
        "id": "shop",
        "zone": "Europe/Madrid",
        "week": [["09:00-18:00"]] * 7,
        "exceptions": {day(3).isoformat(): [], day(5).isoformat(): ["22:00-02:00"]},
    }
    channels = [
        {"kind": "phone", "value": "+34600000000", "label": {"es": "Tienda"}, "calendar": "shop"},
        {"kind": "whatsapp", "value": "+34611111111", "calendar": "shop"},
    ]
    settings = before | {"calendars": [calendar], "channels": channels}
    sites.update_site(site, settings=settings)
    yield
    sites.update_site(site, settings=before)
    database.db.close_all()


def day(number):
    return (NOW.astimezone(MADRID) + timedelta(days=number)).date()


def at(number, hour, minute=0, second=0):
    shown = datetime.combine(day(number), datetime.min.time(), MADRID)
    return shown.replace(hour=hour, minute=minute, second=second)


def open_panel(chromium, world, moment, zone="Europe/Madrid"):
    context = chromium.new_context(locale="es", timezone_id=zone)
    page = context.new_page()
    page.clock.install(time=moment)
    page.goto(f"{world.shop}/plain")
    page.locator("ventanilla-widget").locator("button.launch").click()
    strip = page.locator("ventanilla-widget").locator(".contact summary")
    strip.wait_for()
    return context, page, strip


def test_the_strip_flips_at_closing_time_without_a_request(chromium, world, hours):
    context, page, strip = open_panel(chromium, world, at(1, 17, 59, 20))
    page.wait_for_function(
        "document.querySelector('ventanilla-widget').shadowRoot"
        ".querySelector('.contact summary').textContent.includes('Disponible ahora')"
    )
    page.clock.pause_at(at(1, 17, 59, 58))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(1_000)
    assert "Disponible ahora" in strip.inner_text()
    page.clock.run_for(1_500)
    page.wait_for_function(
        "document.querySelector('ventanilla-widget').shadowRoot"
        ".querySelector('.contact summary').textContent.includes('Cerrado ahora')"
    )
    assert "mañana a las 9:00" in strip.inner_text()
    assert [url for url in asked if "/updates" not in url] == []
    context.close()


def test_a_visitor_elsewhere_sees_their_own_time(chromium, world, hours):
    context, _, strip = open_panel(chromium, world, at(1, 19), "America/Santiago")
    hour = at(2, 9).astimezone(ZoneInfo("America/Santiago"))
    assert f"a las {hour.hour}:00" in strip.inner_text()
    context.close()


def test_a_day_that_is_different_is_closed_and_a_night_runs_past_midnight(chromium, world, hours):
    context, _, strip = open_panel(chromium, world, at(3, 12))
    assert "Cerrado ahora" in strip.inner_text()
    context.close()
    context, _, strip = open_panel(chromium, world, at(6, 1, 30))
    assert "Disponible ahora" in strip.inner_text()
    context.close()
    context, _, strip = open_panel(chromium, world, at(6, 2, 0, 1))
    assert "Cerrado ahora" in strip.inner_text()
    context.close()


def test_channels_are_links_that_programs_understand(chromium, world, hours):
    context, page, strip = open_panel(chromium, world, at(1, 12))
    strip.click()
    links = page.locator("ventanilla-widget").locator(".contact li a")
    hrefs = [links.nth(number).get_attribute("href") for number in range(links.count())]
    assert hrefs[0] == "tel:+34600000000"
    assert hrefs[1].startswith("https://wa.me/34611111111?text=Hola")
    context.close()
