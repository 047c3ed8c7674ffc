"""What administrators change of a site, each of several at once."""

import pytest

from widget_server.errors import Invalid
from widget_server.sites import environment
from widget_server.sites import service as sites

from ..support.threads import at_once

WEEK = [["09:00-17:00"]] * 5 + [[], []]
OFFICE = {"id": "office", "name": "Office", "zone": "Europe/Madrid", "week": WEEK}
PHONE = {"kind": "phone", "value": "+34600000000", "calendar": "office"}


def test_who_saves_at_the_same_time_keeps_what_others_changed(site):
    """Each has read the site before the other wrote."""
    looks, hours, name = (sites.site_of(site.id) for _ in range(3))
    sites.archive_site(sites.site_of(site.id))
    sites.update_site(looks, settings=looks.settings | {"labels": {"en": "Help!"}})
    sites.update_site(hours, settings=hours.settings | {"calendars": [OFFICE]})
    sites.update_site(name, name="Bakery")
    kept = sites.site_of(site.id)
    assert (kept.name, kept.settings["labels"]) == ("Bakery", {"en": "Help!"})
    assert kept.settings["calendars"] == [OFFICE] == name.settings["calendars"]
    assert kept.archived_at is not None


def test_what_makes_no_sense_together_is_refused(site):
    sites.update_site(site, settings=site.settings | {"calendars": [OFFICE]})
    one, other = (sites.site_of(site.id) for _ in range(2))
    sites.update_site(one, settings=one.settings | {"calendars": []})
    with pytest.raises(Invalid):
        sites.update_site(other, settings=other.settings | {"channels": [PHONE]})
    assert sites.site_of(site.id).settings["channels"] == []


def test_what_a_site_runs_on_may_be_told_twice_at_once(site):
    """By two pages of a WordPress that was just updated, say."""
    parts = [{"kind": "core", "name": "WordPress", "version": "6.8"}]
    environment.tell(site.id, parts)
    told = []
    for _ in range(5):
        at_once(lambda: (environment.tell(site.id, parts), told.append(True)), 4)
    assert len(told) == 20
    assert environment.of(site.id)["core"] == parts
