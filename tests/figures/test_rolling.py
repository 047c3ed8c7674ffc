"""Days are counted once they are over, corrected when they change, and always as by hand."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from widget_server import persons
from widget_server.agents import service as agents
from widget_server.assistant import outcomes
from widget_server.clock import utcnow
from widget_server.database import query, transaction
from widget_server.figures import joined, rolling, service
from widget_server.figures.days import COLUMNS, ONE, Day
from widget_server.identity import service as identity
from widget_server.sites import service as sites
from widget_server.tickets import merging, ratings
from widget_server.tickets import service as tickets
from widget_server.tickets.service import Actor

MADRID = {"calendars": [{"id": "office", "zone": "Europe/Madrid", "week": [["09:00-18:00"]] * 7}]}
BEGIN = datetime(2026, 10, 23, 6, tzinfo=UTC)


class Model:
    """The same figures, kept in a list of what happened and added up in the plainest way."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.facts: list[tuple[str, str, datetime, str]] = []
        self.merged = defaultdict[str, list[tuple[str, str, datetime, str]]](list)

    def note(self, ticket: str, kind: str, detail: str = "") -> None:
        self.facts.append((ticket, kind, utcnow(), detail))

    def has(self, ticket: str, kind: str) -> bool:
        return any((name, what) == (ticket, kind) for name, what, *_ in self.facts)

    def rate(self, ticket: str, word: str) -> None:
        """The last word counts, on the day of the first."""
        rated = [fact for fact in self.facts if fact[0] == ticket and fact[1] in ("good", "bad")]
        self.facts = [fact for fact in self.facts if fact not in rated]
        self.facts.append((ticket, word, rated[0][2] if rated else utcnow(), ""))

    def drop(self, ticket: str, into: str) -> None:
        """It is part of another now; what was said of it was said all the same."""
        gone = [each for each in self.facts if each[0] == ticket and each[1] not in ("good", "bad")]
        self.facts = [fact for fact in self.facts if fact not in gone]
        self.merged[into] += [*gone, *self.merged.pop(ticket, [])]

    def free(self, into: str) -> None:
        """What was part of one that is erased stands for itself again."""
        self.facts += self.merged.pop(into, [])

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def on(self, day: date) -> dict[str, object]:
        here = [fact for fact in self.facts if self.day(fact[2]) == day]
        count = Counter(kind for _, kind, _, _ in here)
        until = Counter(kind for _, kind, at, _ in self.facts if self.day(at) <= day)
        opened = [fact for fact in here if fact[1] == "opened"]
        category = {t: to for t, kind, _, to in self.facts if kind == "category"}
        return {
            "opened": count["opened"],
            "answered": count["answered"],
            "closed": count["closed"],
            "reopened": count["reopened"],
            "pleased": count["good"],
            "displeased": count["bad"],
            "backlog": until["opened"] + until["reopened"] - until["closed"] - until["gone"],
            "hours": Counter(f"{at.astimezone(self.zone).hour:02}" for _, _, at, _ in opened),
            "categories": Counter(category[t] for t, *_ in opened),
            "waits": sorted(
                str(_two_digits(int((at - self._opened(t)).total_seconds() // 60)))
                for t, kind, at, _ in here
                if kind == "answered"
            ),
        }

    def _opened(self, ticket: str) -> datetime:
        return next(at for t, kind, at, _ in self.facts if (t, kind) == (ticket, "opened"))


def _two_digits(minutes: int) -> int:
    text = str(minutes)
    return int(text[:2] + "0" * (len(text) - 2))


def told(span) -> dict[str, object]:
    day = span.told
    return {
        "opened": day.opened, "answered": day.answered, "closed": day.closed,
        "reopened": day.reopened, "pleased": day.pleased, "displeased": day.displeased,
        "backlog": span.backlog, "hours": day.hours, 
        "categories": Counter({key.partition(":")[2]: n for key, n in day.categories.items()}),
        "waits": sorted(day.waits.elements()),
    }  # fmt: skip


class World:
    """A site in Madrid around the night its clocks change, and what may be done there."""

    def __init__(self, clock, ines: Actor) -> None:
        self.clock, self.ines = clock, ines
        self.site, _ = sites.add_site(name="S", origins=["https://s.example"], settings=MADRID)
        self.model = Model("Europe/Madrid")
        self.alive: list[str] = []
        self.ada = identity.caller_for(self.site.id, None, email="ada@c.example", name="Ada")
        self.asker = Actor("requester", self.ada.id, "Ada")

    def act(self, what: str, nth: int) -> None:
        if what == "open":
            self.open(("help", "bug")[nth % 2])
        elif what == "roll":
            rolling.roll_site(self.site)
        elif self.alive:
            ticket = self.alive[nth % len(self.alive)]
            getattr(self, what)(ticket, tickets.find_by_id(self.site.id, ticket))

    def open(self, category: str) -> str:
        ticket = tickets.open_ticket(
            self.ada, title="T", body="B", locale="es", email="ada@c.example", category=category
        )
        self.model.note(ticket.id, "opened")
        self.model.note(ticket.id, "category", category)
        self.alive.append(ticket.id)
        return ticket.id

    def answer(self, name, ticket) -> None:
        tickets.post_message(ticket, self.ines, body="A", files=[])
        if not self.model.has(name, "answered"):
            self.model.note(name, "answered")

    def close(self, name, ticket) -> None:
        if ticket.state != "completed":
            self.model.note(name, "closed")
        tickets.close(ticket, self.ines)

    def reopen(self, name, ticket) -> None:
        if ticket.state == "completed":
            self.model.note(name, "reopened")
        tickets.post_message(ticket, self.asker, body="Again", files=[])

    def rate(self, name, ticket) -> None:
        if ticket.state == "completed":
            good = not self.model.has(name, "good")
            ratings.rate(ticket, self.asker, good=good)
            self.model.rate(name, "good" if good else "bad")

    def sort(self, name, ticket) -> None:
        tickets.set_category(ticket, self.ines, "bug")
        self.model.note(name, "category", "bug")

    def merge(self, name, ticket) -> None:
        others = [each for each in self.alive if each != name]
        if others:
            into = tickets.find_by_id(self.site.id, others[0])
            if into.state == "completed" != ticket.state:
                self.model.note(into.id, "reopened")
            if ticket.state != "completed":
                self.model.note(name, "closed")
            merging.merge(ticket, into, self.ines)
            self.model.drop(name, into.id)
            self.alive.remove(name)

    def erase(self, name, ticket) -> None:
        if ticket.state != "completed":
            self.model.note(name, "gone")
        self.model.free(name)
        with transaction():
            persons.erase_ticket(self.site.id, name)
        self.alive.remove(name)

    def agree(self) -> None:
        first, last = BEGIN.date() - ONE, self.model.day(utcnow())
        days = service.days([self.site], first, last)
        for span in days:
            assert told(span) == self.model.on(span.first), span.first
        for step in joined.STEPS:
            _, spans = service.grouped([self.site], first, last, step)
            for span in spans:
                within = [day for day in days if span.first <= day.first <= span.last]
                assert span == service.together(within), (step, span.first)


def rows(site):
    """Return the kept days on which anything happened."""
    found = query(f"SELECT day, {COLUMNS} FROM figure_day WHERE site_id = ? ORDER BY day", site.id)
    return [row for row in found if Day.of_row(row[1:]) != Day()]


ACTS = (
    "open",
    "open",
    "open",
    "answer",
    "close",
    "reopen",
    "rate",
    "sort",
    "merge",
    "erase",
    "roll",
)
STORY = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(ACTS), st.integers(0, 9)), max_size=25
)


STORIES = settings(
    phases=[Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def ines(app):
    agent = agents.add_agent(email="ines@team.example", name="Inés", password="correct horse")
    return Actor("agent", str(agent.id), agent.name)


@settings(STORIES, max_examples=150)
@given(story=STORY)
def test_days_are_as_counted_by_hand_whatever_happens_and_when(app, ines, story):
    with time_machine.travel(BEGIN, tick=False) as clock:
        world = World(clock, ines)
        for hours, what, nth in story:
            clock.shift(timedelta(hours=hours))
            world.act(what, nth)
        world.agree()
        rolling.roll_site(world.site)
        world.agree()
        kept = rows(world.site)
        rolling.recount(world.site)
        assert rows(world.site) == kept


def test_what_was_solved_is_confirmed_though_the_job_was_away_and_stopped(app, monkeypatch):
    """Days that were not settled before are counted again, whatever happens in between."""
    with time_machine.travel(BEGIN, tick=False) as clock:
        site, _ = sites.add_site(name="S", origins=["https://s.example"], settings=MADRID)
        outcomes.show(site.id, "v", "draft-0001", "shirts back", None, ["a"])
        outcomes.settle(site.id, "v", "draft-0001", "solved", None)
        clock.shift(ONE)
        rolling.roll_site(site)
        clock.shift(20 * ONE)
        count = rolling._count

        def once(*given):
            count(*given)
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(rolling, "_count", once)
            with pytest.raises(KeyboardInterrupt):
                rolling.roll_site(site)
        rolling.roll_site(site)
        assert service.days([site], BEGIN.date(), BEGIN.date())[0].told.confirmed == 1
