"""What was typed and never filed is emptied one day, and what was counted stays counted."""

from widget_server.assistant import fading, outcomes
from widget_server.database import execute, query

ASKED = "I want to return the shirt, money back"


def texts():
    return query("SELECT question, written FROM suggestion_showing ORDER BY id")


def votes():
    return query("SELECT ref FROM retrieval_document WHERE shelf = 1")


def test_a_question_nobody_filed_is_emptied_and_stays_counted(clock, shelf, site, ask):
    ask(f"{ASKED}, says Ada", showing="draft-0001")
    ask("Do you repair bicycles from Saturn?", showing="draft-0002")
    execute("UPDATE suggestion_showing SET written = 'You have 30 days.' WHERE id = 'draft-0001'")
    before = outcomes.figures(site.id, "2000", "9999")
    clock.pass_(days=fading.KEPT - 1)
    fading.fade()
    assert [bool(question) for question, _ in texts()] == [True, True]
    clock.pass_(days=2)
    fading.fade()
    assert texts() == [("", None), ("", None)]
    after = outcomes.figures(site.id, "2000", "9999")
    assert after | {"settled": 0} == before | {"settled": 0}


def test_what_solved_something_votes_for_a_year(clock, shelf, ask, visitor):
    ask(f"{ASKED}, says Ada", showing="draft-0001")
    solved = {"outcome": "solved", "article": shelf["returns"].id}
    visitor.put("/suggestions/draft-0001/outcome", **solved)
    clock.pass_(days=fading.VOTES - 1)
    fading.fade()
    assert (votes(), texts()) == ([("showing:draft-0001",)], [(f"{ASKED}, says Ada\n", None)])
    clock.pass_(days=2)
    fading.fade()
    assert (votes(), texts()) == ([], [("", None)])
    assert query("SELECT term FROM retrieval_term WHERE shelf = 1") == []
    assert query("SELECT outcome FROM suggestion_showing") == [("solved",)]


def test_what_was_asked_before_a_request_goes_with_it_alone(clock, shelf, ask, visitor):
    ask(ASKED, showing="draft-0001")
    visitor.open(title="I want to return the shirt")
    clock.pass_(days=2 * fading.VOTES)
    fading.fade()
    assert texts() == [(f"{ASKED}\n", None)]
