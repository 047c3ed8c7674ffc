"""A help desk after a year or so, written straight into the database, SQLite or PostgreSQL.

Sites, agents, requesters who ask once or often, conversations with words that are common and some
that are rare, notes, closures, ratings, what the assistant had shown, and the entries the search
looks into.
"""

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate, islice
from typing import Any

from widget_server.agents import service as agents
from widget_server.clock import stamp, utcnow
from widget_server.database import query
from widget_server.ids import FROM_BASE64
from widget_server.sites import service as sites
from widget_server.tickets.search import fold

from . import filling

SITES, AGENTS = 4, 12
PASSWORD = "correct horse b"

#: Messages of a ticket, on average and unless told otherwise, and tickets of a requester.
LONG, EACH = 10, 4

#: Days back the first ticket was opened.
SPAN = 400

#: A word of so many tickets, however many there are, and a number their customers wrote of: no
#: ticket's own number begins like it.
RARE, RARELY = "zeppelin", 4
ORDER, OTHERS = "A-54321098", 900_000

#: The latest tickets, of which many are open, so that every view is full in a small desk too.
FRESH = 600

#: Of the fresh ones: how many nobody has taken, and how many of the open ones sleep.
UNTAKEN, ASLEEP = 0.3, 0.25

#: Of what the team writes after its first answer: how much is notes. More in fresh tickets, so that
#: notes with a word fill a page of a small desk too.
NOTED, NOTED_FRESH = 0.1, 0.7

#: Texts that occur at most: made up once, since a desk of ten million messages has to be.
TEXTS = 20_000

#: Rows handed over at once.
BATCH = 5_000

TOPICS = [
    "parcel", "invoice", "password", "order", "refund", "address", "colour", "size", "delivery",
    "account", "discount", "voucher", "payment", "return", "exchange", "warranty", "subscription",
    "login", "newsletter", "receipt", "catalogue", "appointment", "shipment", "customs", "label",
]  # fmt: skip
SAYINGS = [
    "I ordered it {days} days ago and the {topic} has not arrived yet.",
    "Could you please change the {topic} of my last {other}?",
    "The page shows an error when I open the {topic}, and the {other} stays empty.",
    "Thank you, the {topic} is fine now.",
    "My {topic} says one thing and the {other} another, which one counts?",
    "We looked into the {topic} and sent you a new {other} this morning.",
    "It takes about {days} working days until the {topic} is with you.",
    "Please try again with another browser and tell us whether the {topic} appears.",
    "I have attached a picture of the {topic} so that you can see what is wrong with the {other}.",
    "Sorry to insist, is there any news about my {topic}?",
]


def fill(tickets: int, messages: int = LONG) -> list[sites.Site]:
    """Add ``tickets`` tickets of so many messages on average to the database that is open.

    Returns their sites. Whatever the number, no more than a batch of rows and the requesters are
    in memory.
    """
    chance = random.Random(tickets)
    places = [
        sites.add_site(name=f"Shop {nth}", origins=[f"https://shop{nth}.example"])[0]
        for nth in range(SITES)
    ]
    team = [
        agents.add_agent(
            email=f"a{nth}-{tickets}@team.example", name=f"Agent {nth}", password=PASSWORD
        )
        for nth in range(AGENTS)
    ]
    desk = Desk(chance, places, [(each.id, each.name) for each in team], tickets, messages)
    days = desk.tickets()
    filling.begin()
    while batch := list(islice(days, BATCH // messages)):
        rows: filling.Rows = {table: [] for table in filling.COLUMNS}
        for each in batch:
            for table, row in each:
                rows[table].append(row)
        filling.write(rows)
    for site, number in desk.numbers.items():
        query(
            "INSERT INTO counter (site_id, name, value) VALUES (?, 'ticket', ?)"
            " ON CONFLICT (site_id, name) DO UPDATE SET value = excluded.value RETURNING value",
            site, number,
        )  # fmt: skip
    filling.settle()
    return places


class Desk:
    """Makes up what happened, in order of time."""

    def __init__(
        self,
        chance: random.Random,
        places: list[sites.Site],
        team: list[tuple[int, str]],
        many: int,
        messages: int,
    ) -> None:
        self.chance, self.places, self.team = chance, places, team
        self.many, self.messages = many, messages
        self.numbers = {site.id: 0 for site in places}
        self.categories = {s.id: [each.id for each in sites.categories(s.id)] for s in places}
        self.people: dict[int, list[tuple[str, str, str]]] = {site.id: [] for site in places}
        self.now = utcnow()
        weights = [1] * 7 + [4, 8, 12, 14, 13, 10, 9, 12, 12, 10, 8, 6, 5, 4, 3, 2, 1]
        self.hours = list(accumulate(weights))
        self.texts = [self.text() for _ in range(min(TEXTS, messages * many))]

    def tickets(self) -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
        """Yield each ticket as the rows it is made of."""
        for nth in range(self.many):
            back = max(0.0, SPAN * (1 - nth / self.many) + self.chance.gauss(0, 1.5))
            hour = self.chance.choices(range(24), cum_weights=self.hours)[0]
            day = self.now - timedelta(days=back)
            at = day.replace(hour=hour, minute=self.chance.randrange(60))
            at = min(at, self.now - timedelta(minutes=self.chance.randrange(1, 600)))
            yield list(self.ticket(nth, at))

    def ticket(self, nth: int, at: datetime) -> Iterator[tuple[str, tuple[Any, ...]]]:
        chance, site = self.chance, self.places[int(self.chance.random() ** 2 * SITES)].id
        known = self.people[site]
        if not known or chance.random() < 1 / EACH:
            person = self.person(site, nth, at)
            known.append((person[1], person[3], person[5]))
            yield "requester", person
        requester, email, name = known[int(chance.random() ** 1.5 * len(known))]
        ticket, opened = _id(at, chance), stamp(at)
        self.numbers[site] += 1
        title = " ".join([chance.choice(TOPICS).capitalize(), *chance.choices(TOPICS, k=3)])
        title += f" {RARE}" if nth % (self.many // RARELY) == 0 else ""
        category = chance.choice(self.categories[site])
        fresh = nth >= self.many - FRESH
        state = chance.choices(
            ["waiting", "in_progress", "completed"], [30, 30, 40] if fresh else [0.4, 1.6, 98]
        )[0]
        assignee, agent = self.taker(fresh)
        count = 1 if state == "waiting" and fresh else max(2, self.length())
        moment, answered, last = at, None, at
        # What goes on today ends at a moment of its own, not all at once.
        latest = max(at, self.now - timedelta(minutes=chance.randrange(10, 600)))
        said = []
        for turn in range(count):
            by_agent = turn % 2 == 1
            if turn:
                moment += timedelta(minutes=chance.expovariate(1 / 500) + 2)
                moment = min(moment, latest + timedelta(seconds=turn))
            noted = NOTED_FRESH if fresh else NOTED
            note = by_agent and turn > 1 and chance.random() < noted
            if by_agent and not note:
                answered = answered or stamp(moment)
            body = self.body(nth, turn)
            who = ("agent", str(assignee or self.team[0][0]), agent) if by_agent else (
                "requester", requester, name)  # fmt: skip
            sent = stamp(moment)
            said.append(
                (site, _id(moment, chance), ticket, *who, body, sent if note else None, sent)
            )
            last = moment
        updated = stamp(last)
        done = updated if state == "completed" else None
        due = stamp(last + timedelta(hours=24)) if state == "waiting" else None
        asleep = not done and chance.random() < ASLEEP
        wakes = stamp(self.now + timedelta(days=3, seconds=nth)) if asleep else None
        yield "ticket", (
            site, ticket, self.numbers[site], requester, category, title, state,
            100 if done else 0, "[]", assignee, "en", email, "{}", opened, updated,
            updated if due else None, answered, done, due, updated if due else None, wakes, nth,
        )  # fmt: skip
        yield "ticket_search", (site, ticket, f"#{self.numbers[site]} {title} {email}")
        for row in said:
            yield "message", row
            yield "ticket_search", (site, ticket, f"{row[5]} {row[6]}")
        by = ("requester", requester, name)
        yield "event", (site, _id(at, chance), ticket, "opened", *by, "{}", None, opened)
        if done:
            closer = ("agent", str(assignee or self.team[0][0]), agent)
            yield "event", (site, _id(last, chance), ticket, "closed", *closer, "{}", None, done)
            if chance.random() < 0.2:
                yield "rating", (site, ticket, int(chance.random() < 0.85), "", done)
        if chance.random() < 0.2:
            shown = json.dumps(["article"] if chance.random() < 0.8 else [])
            outcome = chance.choice(["solved", "not_quite", None])
            yield "suggestion_showing", (
                site, _id(at, chance), _id(at, chance), category, title, shown, outcome, opened,
            )  # fmt: skip

    def person(self, site: int, nth: int, at: datetime) -> tuple[Any, ...]:
        requester, made = _id(at, self.chance), stamp(at)
        name = f"{self.chance.choice(FIRST)} {self.chance.choice(LAST)}"
        email = f"{fold(name).replace(' ', '.')}.{nth}@customers.example"
        return (site, requester, f"user-{nth}", email, made, name, "en", made, made, EACH)

    def length(self) -> int:
        return round(self.chance.gauss(self.messages + 0.4, 0.3 * self.messages))

    def taker(self, fresh: bool) -> tuple[int | None, str]:
        """Return whose a ticket is, and who answers it."""
        if fresh and self.chance.random() < UNTAKEN:
            return None, "Agent 0"
        if self.chance.random() < 0.4:
            return self.team[0]
        return self.chance.choice([*self.team, *[(None, "Agent 0")] * 3])

    def body(self, nth: int, turn: int) -> str:
        text = self.chance.choice(self.texts)
        if turn == 0 and nth % (self.many // RARELY) == 0:
            return f"{text} It is order {ORDER}."
        # No other number begins like that one, and each is of one ticket.
        return f"{text} It is order A-{OTHERS + nth}." if self.chance.random() < 0.1 else text

    def text(self) -> str:
        chance = self.chance
        return " ".join(
            saying.format(
                topic=chance.choice(TOPICS),
                other=chance.choice(TOPICS),
                days=chance.randrange(2, 9),
            )
            for saying in chance.choices(SAYINGS, k=chance.randrange(1, 4))
        )


FIRST = ["Ada", "Bruno", "Chiara", "Diego", "Elena", "Fabio", "Greta", "Hugo", "Inés", "Jana"]
LAST = ["Ferrer", "Conti", "Moreau", "García", "Schulz", "Almeida", "Rossi", "Novak", "Smith"]


def _id(at: datetime, chance: random.Random) -> str:
    """Return a public id as if it had been made then."""
    moment = int(at.timestamp() * 1_000).to_bytes(6, "big")
    return b64encode(moment + chance.randbytes(12)).translate(FROM_BASE64).decode("ascii")
