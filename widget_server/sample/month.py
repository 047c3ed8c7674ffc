"""A month behind the sample shop: requests that came, were answered, closed and rated.

Rows of the past are written as they would be by now; no mail is sent and no job waits for them.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ..agents import service as agents
from ..agents.models import Agent
from ..assistant.models import Showing
from ..clock import stamp, utcnow
from ..database import execute, insert, transaction
from ..ids import new_id
from ..sites.models import Site
from ..tickets import ledger, search, states
from ..tickets.models import Event, Message, Ticket
from ..tickets.ratings import Rating
from .past import PAST

DAYS = 33
PEOPLE = (
    "Lucía Ortega", "Tom Becker", "Chiara Galli", "Hugo Martín", "Elena Ruiz", "Joana Sousa",
    "Pierre Morel", "Nora Vidal", "Iker Etxeberria", "Sofía Campos", "Daniel Pons", "Greta Weiss",
)  # fmt: skip

#: How many of the newest are still open.
OPEN = 3


def fill(site: Site, agent: Agent, lang: str) -> None:
    """Write a month of requests, oldest first, answered by ``agent`` and a colleague."""
    chance = random.Random(7)
    colleague = agents.add_agent(email="marc@demo.example", name="Marc Vidal", password=None)
    with transaction():
        people = [_person(site.id, lang, name) for name in PEOPLE]
        moments = list(_moments(chance, utcnow()))
        for nth, at in enumerate(moments):
            by = agent if chance.random() < 0.6 else colleague
            left = len(moments) - nth
            story = Story(site.id, lang, at, people[nth * 5 % len(people)], by)
            topics = PAST[lang]
            story.write(chance, *topics[nth % len(topics)], open_still=left <= OPEN)


def _moments(chance: random.Random, now: datetime) -> Iterator[datetime]:
    """Yield when requests came: in working hours, fewer at weekends, a few more each week."""
    for back in range(DAYS, 0, -1):
        day = now - timedelta(days=back)
        usual = 1 if day.weekday() > 4 else 3 + (DAYS - back) // 14
        hours = sorted(chance.triangular(7.5, 20, 10.5) for _ in range(chance.randint(1, usual)))
        yield from (
            day.replace(hour=int(hour), minute=int(hour % 1 * 60), second=chance.randrange(60))
            for hour in hours
        )


def _person(site_id: int, lang: str, name: str) -> tuple[str, str, str]:
    requester, now = new_id(), stamp()
    email = f"{name.split()[0].lower()}@customers.example"
    execute(
        "INSERT INTO requester (site_id, id, sub, email, email_verified_at, name, locale,"
        " created_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        site_id, requester, email.split("@")[0], email, now, name, lang, now, now,
    )  # fmt: skip
    return requester, name, email


class Story:
    """One request, from its first word to its last."""

    def __init__(
        self, site_id: int, lang: str, at: datetime, person: tuple[str, str, str], agent: Agent
    ) -> None:
        self.site_id, self.lang, self.at = site_id, lang, at
        self.requester, self.name, self.email = person
        self.agent, self.ticket = agent, new_id()

    def write(
        self,
        chance: random.Random,
        category: str,
        title: str,
        body: str,
        answer: str,
        *,
        open_still: bool,
    ) -> None:
        wait = timedelta(minutes=min(26 * 60, chance.lognormvariate(3.6, 1.1) + 3))
        wait = min(wait, (utcnow() - self.at) / 2)  # Whoever wrote yesterday was answered, too.
        answered = self.at + wait
        closed = answered + timedelta(hours=chance.uniform(1, 70))
        if open_still or closed > utcnow():
            state, done, last = states.IN_PROGRESS, None, answered
        else:
            state, done, last = states.COMPLETED, stamp(closed), closed
        number = ledger.next_number(self.site_id, "ticket")
        insert(
            Ticket, site_id=self.site_id, id=self.ticket, number=number,
            requester_id=self.requester, category_id=category, title=title, state=state,
            progress=100 if done else chance.choice((20, 40, 60)), checklist=[],
            assignee_id=self.agent.id, locale=self.lang, email=self.email, notify=0, fields={},
            context=None, opened_at=stamp(self.at), updated_at=stamp(last),
            answered_at=stamp(answered), completed_at=done,
            cursor=ledger.advance(self.site_id, self.requester, opened=1, email=self.email),
        )  # fmt: skip
        search.add(self.site_id, self.ticket, f"#{number} {title} {self.email}")
        self._event("opened", self.at, self._requester())
        self._message(body, self.at, self._requester())
        self._message(answer, answered, self._agent())
        execute(
            "INSERT INTO promise (site_id, day, kept, broken) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (site_id, day) DO UPDATE SET kept = promise.kept + excluded.kept,"
            " broken = promise.broken + excluded.broken",
            self.site_id, stamp(answered)[:10], int(wait.days < 1), int(wait.days > 0),
        )  # fmt: skip
        if done:
            self._event("closed", closed, self._agent())
        if done and chance.random() < 0.45:
            insert(Rating, site_id=self.site_id, ticket_id=self.ticket,
                   good=int(chance.random() < 0.9), comment="", at=done)  # fmt: skip
        for outcome in chance.choices(("solved", "not_quite", None, "unasked"), k=2):
            self._showing(category, title, outcome)

    def _requester(self) -> dict[str, str]:
        return {"kind": "requester", "id": self.requester, "name": self.name}

    def _agent(self) -> dict[str, str]:
        return {"kind": "agent", "id": str(self.agent.id), "name": self.agent.name}

    def _message(self, body: str, at: datetime, who: dict[str, str]) -> None:
        insert(
            Message, site_id=self.site_id, id=new_id(), ticket_id=self.ticket,
            author=who["kind"], author_id=who["id"], author_name=who["name"], body=body,
            sent_at=stamp(at),
        )  # fmt: skip
        search.add(self.site_id, self.ticket, f"{who['name']} {body}")

    def _event(self, kind: str, at: datetime, who: dict[str, str]) -> None:
        insert(
            Event, site_id=self.site_id, id=new_id(), ticket_id=self.ticket, kind=kind,
            actor=who["kind"], actor_id=who["id"], actor_name=who["name"], data={}, at=stamp(at),
        )  # fmt: skip

    def _showing(self, category: str, question: str, outcome: str | None) -> None:
        """Somebody else asked the like, and was shown an article, or had no need to ask."""
        if outcome == "unasked":
            return
        values: dict[str, Any] = {"outcome": outcome} if outcome else {}
        insert(
            Showing, site_id=self.site_id, id=new_id(), visitor=new_id(), category_id=category,
            question=question, shown=["article"], at=stamp(self.at), **values,
        )  # fmt: skip
