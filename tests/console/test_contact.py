"""Agents see and administrators set when the team is there, how it is reached and what it promises."""

from widget_server.database import execute
from widget_server.sites import service as sites

WEEK = {f"day-0-{day}": "09:00-14:00, 16:00-18:00" for day in range(5)}
FORM = WEEK | {
    "id-0": "main",
    "name-0": "Tienda abierta",
    "zone-0": "Europe/Madrid",
    "country-0": "es",
    "region-0": "md",
    "exceptions-0": "2026-12-24 09:00-13:00\n2026-12-31",
    "kind-0": "phone",
    "value-0": "+34 600 000-000",
    "label-0": "Tienda",
    "calendar-0": "main",
    "kind-1": "email",
    "value-1": "help@shop.example",
    "label-1": "",
    "kind-2": "phone",
    "value-2": "",
    "label-2": "",
    "answer_hours": "8",
    "answer_calendar": "main",
}


def save(agent, site, **change):
    return agent.post(f"/contact/{site.key}", **(FORM | change))


def test_hours_channels_and_promise_are_saved_as_they_were_written(clock, agent, site):
    assert save(agent, site).status_code == 303
    settings = sites.find_site(site.key).settings
    (calendar,) = settings["calendars"]
    assert calendar["week"][0] == ["09:00-14:00", "16:00-18:00"]
    assert calendar["exceptions"] == {"2026-12-24": ["09:00-13:00"], "2026-12-31": []}
    assert [each["value"] for each in settings["channels"]] == ["+34600000000", "help@shop.example"]
    assert settings["channels"][0]["calendar"] == calendar["id"]
    assert settings["channels"][1]["calendar"] is None
    assert settings["contact"]["answer_hours"] == 8
    assert settings["contact"]["answer_calendar"] == calendar["id"]
    page = agent.get("/contact").get_data(as_text=True)
    assert "09:00-14:00, 16:00-18:00" in page
    assert "Tienda" in page


def test_new_hours_never_take_the_place_of_others(agent, site):
    second = {f"day-1-{day}": "10:00-12:00" for day in range(5)} | {"zone-1": "Europe/Rome"}
    save(agent, site, **second, **{"id-0": "", "answer_calendar": ""})
    first, other = sites.find_site(site.key).settings["calendars"]
    emptied = {f"day-0-{day}": "" for day in range(5)} | {"exceptions-0": ""}
    third = {f"day-2-{day}": "20:00-22:00" for day in range(5)} | {"zone-2": "Europe/Paris"}
    ids = {"id-0": first["id"], "id-1": other["id"], "calendar-0": other["id"]}
    assert save(agent, site, **second, **third, **emptied, **ids).status_code == 303
    settings = sites.find_site(site.key).settings
    assert len({each["id"] for each in settings["calendars"]}) == 2
    assert settings["calendars"][0] == other
    assert settings["channels"][0]["calendar"] == other["id"]


def test_what_a_channel_is_called_in_other_languages_stays(agent, site):
    save(agent, site)
    settings = sites.find_site(site.key).settings
    named = {"es": "Tienda", "de": "Laden"}
    (phone, mail) = settings["channels"]
    sites.update_site(site, settings=settings | {"channels": [phone | {"label": named}, mail]})
    save(agent, site, answer_hours="4")
    assert sites.find_site(site.key).settings["channels"][0]["label"] == named
    save(agent, site, **{"label-0": "Almacén"})
    assert set(sites.find_site(site.key).settings["channels"][0]["label"].values()) == {"Almacén"}


def test_the_next_days_show_hours_and_holidays(clock, agent, site):
    clock("2026-12-01T10:00:00Z")
    from ..support.console import AgentBrowser

    save(agent, site)
    page = AgentBrowser(agent.client, agent.record).get("/contact").get_data(as_text=True)
    assert "Constitución" in page or "Inmaculada" in page
    assert "09:00–14:00, 16:00–18:00" in page


def test_what_makes_no_sense_is_named_and_everything_typed_stays(agent, site):
    for change, text in (
        ({"day-0-0": "9 to 5"}, "9 to 5"),
        ({"zone-0": "Mars/Olympus"}, "Europe/Madrid"),
        ({"country-0": "XX"}, "XX"),
        ({"exceptions-0": "tomorrow 09:00-10:00"}, "tomorrow 09:00-10:00"),
        ({"value-0": "600 000 000"}, "600 000 000"),
        ({"value-1": "nobody"}, "nobody"),
        ({"answer_hours": "soon"}, "soon"),
    ):
        answer = save(agent, site, **change)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, change
        assert 'role="alert"' in page, change
        assert text in page, change
        assert "Tienda" in page, change
    assert sites.find_site(site.key).settings["calendars"] == []


def test_hours_are_only_an_administrator_s_to_change(agent, site):
    execute("UPDATE agent SET role = 'agent'")
    assert save(agent, site).status_code == 403
    assert agent.get("/contact").status_code == 200


def test_an_emptied_form_takes_hours_and_channels_away(agent, site):
    save(agent, site)
    empty = {name: "" for name in FORM if name.startswith(("day-", "value-"))}
    assert save(agent, site, **(empty | {"exceptions-0": ""})).status_code == 303
    settings = sites.find_site(site.key).settings
    assert settings["calendars"] == settings["channels"] == []
    assert settings["contact"]["answer_calendar"] is None


def test_each_channel_has_a_calendar_of_its_own(agent, site):
    night = {
        "id-1": "",
        "name-1": "Guardia",
        "zone-1": "America/Santiago",
        "day-1-6": "22:00-02:00",
    }
    assert save(agent, site, **night).status_code == 303
    settings = sites.find_site(site.key).settings
    assert [each["id"] for each in settings["calendars"]] == ["main", "hours-2"]
    change = night | {"id-1": "hours-2", "kind-2": "phone", "value-2": "+56 2 2345 6789"}
    assert save(agent, site, **change, **{"calendar-2": "hours-2"}).status_code == 303
    channels = sites.find_site(site.key).settings["channels"]
    assert [each["calendar"] for each in channels] == ["main", None, "hours-2"]
    assert "Guardia" in agent.get("/contact").get_data(as_text=True)
