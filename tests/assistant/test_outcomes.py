"""What became of suggestions is counted once, honestly, and travels with the request."""

import pytest

from widget_server import persons
from widget_server.assistant import outcomes
from widget_server.clock import parse, stamp
from widget_server.database import query
from widget_server.figures import rolling, service
from widget_server.identity import service as identity

KEY = "draft-0001"


def figures(site):
    return outcomes.figures(site.id, "2000", "9999")


def test_solved_files_nothing_counts_once_and_votes(shelf, site, ask, visitor):
    ask("I want to return the shirt, money back", showing=KEY)
    ask("I want to return the blue shirt, money back", showing=KEY)
    body = {"outcome": "solved", "article": shelf["returns"].id}
    for _ in range(2):
        assert visitor.put(f"/suggestions/{KEY}/outcome", **body).status_code == 204
    found = figures(site)
    assert (found["shown"], found["solved"]) == (1, 1)
    assert query("SELECT links FROM retrieval_document WHERE shelf = 1") == [(shelf["returns"].id,)]
    assert query("SELECT count(*) FROM ticket")[0][0] == 0


def test_not_quite_files_and_the_agent_sees_what_was_shown(shelf, site, ask, visitor, agent):
    ask("I want to return the shirt, money back", showing=KEY)
    visitor.put(f"/suggestions/{KEY}/outcome", **{"outcome": "not_quite"})
    ticket = visitor.open(title="I want to return the shirt")
    page = agent.get(f"/tickets/{site.key}/{ticket['number']}").get_data(as_text=True)
    assert "Send something back" in page
    assert figures(site)["solved"] == 0


def test_only_what_was_shown_can_have_solved_it(shelf, site, ask, visitor):
    ask("I want to return the shirt, money back", showing=KEY)
    visitor.put(
        f"/suggestions/{KEY}/outcome", **{"outcome": "solved", "article": shelf["invoice"].id}
    )
    assert query("SELECT article_id FROM suggestion_showing") == [(None,)]


def test_nobody_settles_what_others_were_shown(shelf, ask, visit):
    ask("I want to return the shirt, money back", showing=KEY)
    answer = visit().put(f"/suggestions/{KEY}/outcome", **{"outcome": "solved"})
    assert answer.status_code == 404


def test_solved_is_confirmed_by_a_quiet_week(clock, shelf, site, ask, visitor, visit):
    asker = visit()
    for by, key in ((visitor, "draft-000a"), (asker, "draft-000b")):
        ask("I want to return the shirt, money back", by=by, showing=key, category="help")
        by.put(
            f"/suggestions/{key}/outcome", **{"outcome": "solved", "article": shelf["returns"].id}
        )
    assert figures(site)["confirmed"] == 0
    clock.pass_(days=2)
    asker.open(category="help")
    clock.pass_(days=6)
    assert figures(site)["solved"] == 2
    assert figures(site)["confirmed"] == 1


def test_questions_without_an_answer_are_a_list_for_writers(shelf, site, ask):
    ask("do you sell bicycles for children in winter", showing=KEY)
    ((showing, question, _, ticket),) = outcomes.unanswered(site.id, "2000")
    assert question.startswith("do you sell bicycles")
    assert ticket is None
    assert figures(site) == dict.fromkeys(("shown", "settled", "solved", "confirmed"), 0) | {
        "silent": 1
    }
    outcomes.dismiss(site.id, showing)
    assert outcomes.unanswered(site.id, "2000") == []
    outcomes.dismiss(site.id, showing, dismissed=False)
    assert len(outcomes.unanswered(site.id, "2000")) == 1


def test_a_person_s_questions_are_exported_and_erased(shelf, site, ask, ada):
    ada.open(title="Hello")
    ask("I want to return the shirt, money back", by=ada, showing=KEY)
    ada.put(f"/suggestions/{KEY}/outcome", **{"outcome": "solved", "article": shelf["returns"].id})
    person = query("SELECT id FROM requester WHERE sub = 'ada'")[0][0]
    assert "blue" not in str(persons.export(site.id, person))
    assert persons.export(site.id, person)["questions"][0]["text"].startswith("I want to return")
    persons.erase(site.id, person)
    assert query("SELECT count(*) FROM suggestion_showing")[0][0] == 0
    assert query("SELECT count(*) FROM retrieval_document WHERE shelf = 1")[0][0] == 0


@pytest.fixture
def asked(shelf, ask, visitor):
    """Ask, file all the same under an address, and find it solved after all: it votes."""

    def asked(key, email):
        ask(f"I want to return the shirt, money back, says {email}", showing=key)
        ticket = visitor.open(email=email)
        solved = {"outcome": "solved", "article": shelf["returns"].id}
        assert visitor.put(f"/suggestions/{key}/outcome", **solved).status_code == 204
        return ticket

    return asked


def left():
    """Return what is left of questions: as they were typed, and in the index."""
    questions = {row[0] for row in query("SELECT question FROM suggestion_showing")}
    return questions, query("SELECT count(*) FROM retrieval_document WHERE shelf = 1")[0][0]


def test_what_was_asked_before_the_address_was_proven_is_exported_and_erased(
    clock, asked, site, visit
):
    asked(KEY, "ana@mail.example")
    visit("ana", email="ana@mail.example", email_verified=True)
    ((person, _),) = persons.known_as(site.id, sub="ana", email=None)
    (told,) = persons.export(site.id, person)["questions"]
    assert told["text"].startswith("I want to return")
    clock.pass_(days=10)
    rolling.roll()
    day = parse(told["at"]).date()
    (before,) = service.days([site], day, day)
    assert (before.told.shown, before.told.solved) == (1, 1)
    assert persons.erase(site.id, person) == 1
    assert left() == (set(), 0)
    rolling.roll()
    (after,) = service.days([site], day, day)
    assert (after.told.shown, after.told.solved, after.told.opened) == (0, 0, 1)


def test_what_was_asked_as_who_proved_an_address_goes_with_the_account(shelf, site, visit):
    owner = identity.prove(site.id, "ana@mail.example", locale="en")
    article = shelf["returns"].id
    outcomes.show(site.id, owner.id, KEY, "My shirt\nIt is torn", None, [article])
    outcomes.settle(site.id, owner.id, KEY, "solved", article)
    visit("ana", email="ana@mail.example", email_verified=True)
    assert query("SELECT count(*) FROM requester WHERE sub IS NULL") == [(0,)]
    ((person, _),) = persons.known_as(site.id, sub="ana", email=None)
    assert len(persons.export(site.id, person)["questions"]) == 1
    persons.erase(site.id, person)
    assert left() == (set(), 0)


def test_only_what_was_asked_before_an_address_s_own_requests_goes_with_it(clock, asked, site):
    asked(KEY, "ana@mail.example")
    clock.pass_(minutes=5)
    asked("draft-0002", "bea@mail.example")
    ((visitor, filed_as),) = persons.known_as(site.id, sub=None, email="ana@mail.example")
    (told,) = persons.export(site.id, visitor, filed_as=filed_as)["questions"]
    assert "says ana@" in told["text"]
    persons.erase(site.id, visitor, filed_as=filed_as)
    questions, votes = left()
    assert ["bea@" in each for each in questions] == [True]
    assert votes == 1
    terms = {row[0] for row in query("SELECT term FROM retrieval_term WHERE shelf = 1")}
    assert any("bea" in term for term in terms)
    assert not any("ana" in term for term in terms)


def test_showings_of_long_ago_do_not_travel_with_a_request(clock, shelf, ask, visitor):
    ask("I want to return the shirt, money back", showing=KEY)
    clock.pass_(days=2)
    visitor.open(title="Something else")
    assert query("SELECT ticket_id FROM suggestion_showing") == [(None,)]
    assert stamp()
