"""What became of suggestions is counted once, honestly, and travels with the request."""

from widget_server import persons
from widget_server.assistant import outcomes
from widget_server.clock import stamp
from widget_server.database import query

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


def test_showings_of_long_ago_do_not_travel_with_a_request(clock, shelf, ask, visitor):
    ask("I want to return the shirt, money back", showing=KEY)
    clock.pass_(days=2)
    visitor.open(title="Something else")
    assert query("SELECT ticket_id FROM suggestion_showing") == [(None,)]
    assert stamp()
