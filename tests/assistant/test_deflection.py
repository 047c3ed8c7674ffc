"""Thirty people ask over three weeks; what was saved is what somebody counting on paper finds."""

import pytest

from widget_server import persons
from widget_server.assistant import outcomes
from widget_server.database import query

#: Each line: how many people, what they ask, what they say, and what they file when: days after,
#: and the category. They ask in category "help".
#:
#: shown  solved  confirmed
SCENARIO = [
    (8, "known", "solved", None, None),  # 8 8 8: solved, and never heard of again
    (2, "known", "solved", 2, "help"),  # 2 2 0: came back two days later with the same
    (1, "known", "solved", 6.9, "help"),  # 1 1 0: on the last of the seven days
    (2, "known", "solved", 7.1, "help"),  # 2 2 2: just after them
    (2, "known", "solved", 3, "bug"),  # 2 2 2: with something else
    (1, "known", "solved", 0, "help"),  # 1 1 0: changed their mind at once
    (4, "known", "not_quite", 0, "help"),  # 4 0 0
    (3, "known", None, 0, "help"),  # 3 0 0: said nothing and filed
    (2, "known", None, None, None),  # 2 0 0: said nothing and left
    (3, "unknown", None, 0, "help"),  # 0 0 0: nothing was found
    (2, "unknown", None, None, None),  # 0 0 0
]
SHOWN, SOLVED, CONFIRMED, SILENT = 25, 16, 12, 5

QUESTIONS = {
    "known": "I want to return the shirt and get my money back",
    "unknown": "do you sell bicycles for children in winter",
}


def figures(site):
    return outcomes.figures(site.id, "2000", "9999")


@pytest.fixture
def thirty(clock, shelf, ask, visit):
    """Play the scenario, one person every hour; return them, the first first."""
    people, returns = [], []
    for number, line in enumerate(each for each in SCENARIO for _ in range(each[0])):
        _, kind, says, after, category = line
        person, key = visit(), f"draft-{number:04}"
        people.append(person)
        # Typed in three pauses, it is one session.
        for cut in (30, 38, None):
            ask(QUESTIONS[kind][:cut], by=person, showing=key, category="help")
        if says:
            article = shelf["returns"].id if says == "solved" else None
            person.put(f"/suggestions/{key}/outcome", outcome=says, article=article)
        if after is not None:
            returns.append((number / 24 + after, number, category))
        clock.pass_(hours=1)
    clock.pass_(hours=-len(people))
    passed = 0.0
    for moment, number, category in sorted(returns):
        clock.pass_(hours=24 * (moment - passed))
        passed = moment
        people[number].open(category=category, email=f"person{number}@mail.example")
    clock.pass_(days=21 - passed)
    return people


def test_the_figures_are_those_counted_by_hand(thirty, site):
    assert len(thirty) == 30
    assert figures(site) == {
        "shown": SHOWN, "settled": SHOWN, "solved": SOLVED, "confirmed": CONFIRMED,
        "silent": SILENT,
    }  # fmt: skip
    assert len(outcomes.unanswered(site.id, "2000")) == SILENT
    (worth,) = [row for row in outcomes.usefulness(site.id, "2000") if row.solved]
    assert (worth.title, worth.offered, worth.solved) == ("Send something back", SHOWN, SOLVED)


def test_they_stay_when_requests_change_hands_or_go(thirty, site, visit):
    """Somebody who came back proves their address, and another is erased: what happened, happened."""
    owner = visit("person8", email="person8@mail.example", email_verified=True)
    assert owner.get("/tickets").json["tickets"]
    erased = query("SELECT requester_id FROM ticket WHERE email = 'person9@mail.example'")[0][0]
    before = figures(site)
    persons.erase(site.id, erased)
    # The erased session is gone as a whole, and nothing else moves.
    assert figures(site) == before | {
        "shown": SHOWN - 1,
        "settled": SHOWN - 1,
        "solved": SOLVED - 1,
    }


def test_what_is_not_a_week_old_is_neither_saved_nor_lost(clock, shelf, site, ask, visit):
    person = visit()
    ask(QUESTIONS["known"], by=person, showing="draft-0001", category="help")
    person.put("/suggestions/draft-0001/outcome", outcome="solved", article=shelf["returns"].id)
    clock.pass_(days=6)
    found = figures(site)
    assert (found["shown"], found["solved"], found["settled"], found["confirmed"]) == (1, 1, 0, 0)
    clock.pass_(days=1, seconds=1)
    found = figures(site)
    assert (found["settled"], found["confirmed"]) == (1, 1)
