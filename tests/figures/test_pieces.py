"""The current day is counted from the hours the job kept and the minutes since, always exactly."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from widget_server.clock import stamp, utcnow
from widget_server.database import query
from widget_server.figures import counting, pieces, rolling, service
from widget_server.figures.days import ONE, begin, today
from widget_server.sites import service as sites

from .test_rolling import ACTS, BEGIN, STORIES, World, ines

__all__ = ["ines"]

#: The evening before the clocks of Madrid go back, so that stories cross a day of 25 hours.
EVENING = datetime(2026, 10, 24, 19, tzinfo=UTC)


class Watched(World):
    """A world in which every look is compared with counting everything from nothing."""

    def look(self) -> None:
        zone = sites.zone_of(self.site)
        span = (self.site.id, zone, BEGIN.date(), today(zone, utcnow()))
        assert pieces.count(*span) == counting.count(*span)


STORY = st.lists(
    st.tuples(st.integers(0, 200), st.sampled_from((*ACTS, "roll")), st.integers(0, 9)),
    min_size=5,
    max_size=40,
)


@settings(STORIES, max_examples=40)
@given(story=STORY)
def test_hours_and_minutes_are_the_day_at_every_moment(app, ines, story):
    with time_machine.travel(EVENING, tick=False) as clock:
        world = Watched(clock, ines)
        for minutes, what, nth in story:
            clock.shift(timedelta(minutes=minutes))
            world.act(what, nth)
            world.look()
        world.agree()


@pytest.fixture
def world(app, ines):
    with time_machine.travel(BEGIN, tick=False) as clock:
        yield World(clock, ines)


def kept(world):
    return query("SELECT since, until, opened FROM figure_piece ORDER BY since")


def test_an_hour_is_kept_once_nothing_is_written_into_it_any_more(world):
    world.open("help")
    world.clock.shift(timedelta(minutes=60, seconds=pieces.GRACE - 1))
    rolling.roll_site(world.site)
    assert sum(opened for *_, opened in kept(world)) == 0
    world.clock.shift(timedelta(seconds=1))
    rolling.roll_site(world.site)
    assert kept(world)[-1] == (stamp(BEGIN), stamp(BEGIN + timedelta(hours=1)), 1)
    # At eight the four hours since four become one.
    world.clock.shift(timedelta(hours=1))
    rolling.roll_site(world.site)
    assert kept(world)[-1] == (
        stamp(BEGIN - timedelta(hours=2)), stamp(BEGIN + timedelta(hours=2)), 1
    )  # fmt: skip


def test_what_is_kept_is_not_counted_again(world, monkeypatch):
    world.open("help")
    world.clock.shift(timedelta(hours=3, minutes=10))
    rolling.roll_site(world.site)
    asked = []
    plain = counting.query
    monkeypatch.setattr(
        counting, "query", lambda sql, *params: asked.append((sql, params)) or plain(sql, *params)
    )
    day = BEGIN.date()
    assert service.days([world.site], day, day)[0].told.opened == 1
    since = {params[1] for sql, params in asked if "t.opened_at >=" in sql}
    assert since == {stamp(BEGIN + timedelta(hours=3))}


@pytest.mark.parametrize("act", ["sort", "merge", "erase", "rate"])
def test_an_hour_that_changed_counts_at_once_and_is_kept_anew(world, act):
    first, second = world.open("help"), world.open("help")
    for name in (first, second) if act == "rate" else ():
        world.act("close", world.alive.index(name))
        world.act("rate", world.alive.index(name))
    world.clock.shift(timedelta(hours=2))
    rolling.roll_site(world.site)
    before = kept(world)
    world.act(act, world.alive.index(second))
    world.agree()
    rolling.roll_site(world.site)
    assert query("SELECT * FROM figure_change") == []
    assert len(kept(world)) == len(before)
    world.agree()


def test_a_change_during_the_count_is_counted_by_the_next_round(world, monkeypatch):
    ticket = world.open("help")
    world.clock.shift(timedelta(hours=2))
    plain = pieces.add_requests

    def slow(*args):
        plain(*args)
        if not query("SELECT 1 FROM figure_change"):
            world.act("sort", world.alive.index(ticket))

    monkeypatch.setattr(pieces, "add_requests", slow)
    rolling.roll_site(world.site)
    monkeypatch.undo()
    assert query("SELECT count(*) FROM figure_change") == [(1,)]
    world.agree()
    rolling.roll_site(world.site)
    assert query("SELECT count(*) FROM figure_change") == [(0,)]
    world.agree()


def test_hours_counted_by_other_clocks_do_not_count(world):
    world.open("help")
    world.clock.shift(timedelta(hours=2))
    rolling.roll_site(world.site)
    zone = sites.zone_of(world.site)
    query("UPDATE figure_piece SET zone = 'Asia/Kathmandu', opened = 9 RETURNING since")
    day = today(zone, utcnow())
    assert pieces.count(world.site.id, zone, day, day)[day].opened == 1
    rolling.roll_site(world.site)
    assert {zone for (zone,) in query("SELECT zone FROM figure_piece")} == {"Europe/Madrid"}


def test_a_day_is_parted_by_the_clocks_of_utc(world):
    zone = ZoneInfo("Asia/Kathmandu")
    first = begin(zone, BEGIN.date())
    found = list(pieces.spans(first, stamp(BEGIN)))
    assert [since[11:16] for since, _ in found] == ["18:15", "20:00", "00:00", "04:00", "05:00"]
    assert [until for _, until in found] == [*(since for since, _ in found[1:]), stamp(BEGIN)]


def test_an_hour_within_a_longer_piece_does_not_count_twice(world):
    world.open("help")
    world.clock.shift(timedelta(hours=5))
    rolling.roll_site(world.site)
    zone = sites.zone_of(world.site)
    pieces._write(world.site.id, zone, stamp(BEGIN), stamp(BEGIN + timedelta(hours=1)))
    assert sum(opened for *_, opened in kept(world)) == 2
    day = BEGIN.date()
    assert pieces.count(world.site.id, zone, day, day)[day].opened == 1


def test_hours_go_when_their_day_is_kept(world):
    world.open("help")
    world.clock.shift(timedelta(hours=3))
    rolling.roll_site(world.site)
    assert kept(world)
    world.clock.shift(ONE)
    rolling.roll_site(world.site)
    assert min(since for since, *_ in kept(world)) == begin(
        sites.zone_of(world.site), BEGIN.date() + ONE
    )
