"""A search in steps finds what one that looks at everything at once would find."""

import random

import pytest

from widget_server.database import execute, query
from widget_server.desk import candidates, finding
from widget_server.identity import service as identity
from widget_server.tickets import search
from widget_server.tickets import service as tickets
from widget_server.tickets.search import fold
from widget_server.tickets.service import Actor

WORDS = ("refund", "lamp", "parcel", "invoice")
SEARCHES = (
    "refund",
    "lamp parcel",
    "ref",
    "from:ada",
    "from:ada refund",
    "from:conti lamp is:open",
    "has:note",
    "has:note refund",
    "has:note from:bruno parcel",
    "has:file",
    "is:waiting",
    "is:open has:note",
    "is:completed lamp",
    "is:unassigned",
    "is:mine is:open",
    "is:mentioned",
    "tag:vip",
    "tag:vip has:note",
    "priority:high",
    "priority:high refund",
    "category:bug lamp",
)


@pytest.fixture
def desk(app, agent, site):
    """Sixty requests of three people, with notes, labels and mentions by chance."""
    chance = random.Random(7)
    ines = Actor("agent", str(agent.record.id), "Inés")
    people = [
        identity.caller_for(site.id, None, email=f"{name.partition(' ')[0]}@c.example", name=name)
        for name in ("Ada Ferrer", "Bruno Conti", "Chiara Rossi")
    ]
    for _ in range(60):
        person = chance.choice(people)
        ticket = tickets.open_ticket(
            person,
            title=" ".join(chance.choices(WORDS, k=2)),
            body=" ".join(chance.choices(WORDS, k=2)),
            locale="en",
            email=person.email,
            category=chance.choice(["bug", "help"]),
        )
        if chance.random() < 0.4:
            note = chance.random() < 0.5
            tickets.post_message(ticket, ines, body=chance.choice(WORDS), files=[], internal=note)
        marked = {
            "UPDATE ticket SET assignee_id = ? WHERE site_id = ? AND id = ?": [agent.record.id],
            "UPDATE ticket SET priority = ? WHERE site_id = ? AND id = ?": ["high"],
        }
        for sql, values in marked.items():
            if chance.random() < 0.4:
                execute(sql, *values, site.id, ticket.id)
        if chance.random() < 0.4:
            execute("INSERT INTO ticket_tag VALUES (?, ?, 'vip')", site.id, ticket.id)
        if chance.random() < 0.4:
            execute(
                "INSERT INTO mention (site_id, ticket_id, agent_id, at) VALUES (?, ?, ?, ?)",
                site.id, ticket.id, agent.record.id, ticket.opened_at,
            )  # fmt: skip
        if chance.random() < 0.3:
            tickets.close(ticket, ines)
    return agent.record.id


def plainly(text, agent_id):
    """Return what a search finds, by looking at every entry of its walks one by one."""
    asked = finding.read(text)
    deep = finding.DEPTH if asked.given else finding.SHALLOW
    terms, params = finding._terms(asked, agent_id, None)
    people = [fold(each) for each in asked.given.get("from", [])]
    hits = []
    for walk in finding._walks(asked, deep, agent_id, None):
        sql, values = walk.asked(deep)
        latest = {}
        for site_id, ticket_id, place in query(sql, *values):
            latest.setdefault((site_id, ticket_id), place)
        met = []
        for (site_id, ticket_id), place in latest.items():
            for name, email in query(
                "SELECT r.name, coalesce(t.email, r.email) FROM ticket t JOIN requester r"
                " ON r.site_id = t.site_id AND r.id = t.requester_id"
                f" CROSS JOIN (SELECT {site_id} AS site_id, '{ticket_id}' AS ticket_id) hit"
                f" WHERE t.site_id = hit.site_id AND t.id = hit.ticket_id AND {' AND '.join(terms)}",
                *params,
            ):
                met.append((place, ticket_id, fold(f"{name} {email}")))
        compared = met[: finding.COMPARED] if people else met
        hits += [hit for hit in compared if all(each in hit[2] for each in people)][: finding.FOUND]
    return [ticket for _, ticket, _ in sorted(hits, reverse=True)[: finding.FOUND]]


@pytest.mark.parametrize(
    ("found", "compared", "deep", "steps"),
    [
        (50, 500, 2_000, candidates.STEPS),
        (5, 8, 25, (3, 7)),
        (3, 6, 12, (1, 2, 4)),
        (20, 9, 40, ()),
        (1, 1, 9, (2,)),
    ],
)
def test_steps_find_what_a_look_at_everything_finds(
    desk, monkeypatch, found, compared, deep, steps
):
    monkeypatch.setattr(finding, "FOUND", found)
    monkeypatch.setattr(finding, "COMPARED", compared)
    monkeypatch.setattr(finding, "DEPTH", deep)
    monkeypatch.setattr(finding, "SHALLOW", deep // 2)
    monkeypatch.setattr(candidates, "STEPS", steps)
    monkeypatch.setattr(search, "FREQUENT", 10)
    seen = 0
    for text in SEARCHES:
        told = [row.id for row in finding.find(text, desk)]
        assert told == plainly(text, desk), text
        seen += len(told)
    assert seen > len(SEARCHES) / 2
