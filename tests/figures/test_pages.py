"""Figures as agents and programs get them: pictures, tables, files, and who may see which."""

import csv
import io
import re

import pytest

from widget_server.agents import api_tokens
from widget_server.clock import stamp
from widget_server.console.presenters.pictures import Point, bars, line
from widget_server.figures import rolling
from widget_server.orders import book
from widget_server.sites import service as sites
from widget_server.tickets import service as tickets
from widget_server.tickets.service import Actor


@pytest.fixture
def ada_again(visit):
    """Open Ada's panel; a session lasts a day, the stories here a week."""
    return lambda: visit("ada", name="Ada Ferrer", email="ada@c.example", email_verified=True)


@pytest.fixture
def busy(clock, ada_again, site):
    """A week: five requests, four answered, three completed, two of them rated."""
    ines, made = Actor("agent", "1", "Inés"), []
    for nth in range(5):
        made.append(ada_again().open(title=f"Request {nth}"))
        clock.pass_(hours=2)
        if nth < 4:
            ticket = tickets.find_by_id(site.id, made[-1]["id"])
            tickets.post_message(ticket, ines, body="Here you are", files=[])
        clock.pass_(hours=22)
    ada = ada_again()
    for ticket in made[:3]:
        ada.put(f"/tickets/{ticket['id']}/closure")
    for ticket, good in zip(made[:2], (True, False), strict=True):
        assert ada.put(f"/tickets/{ticket['id']}/rating", good=good).status_code == 200
    book.count(site.id, "quoted", 12_345, "EUR", stamp())
    rolling.roll()
    return made


def read(answer):
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))


def sums(page):
    """Return every figure's sum by its id."""
    found = re.findall(
        r'<section class="panel figure" aria-labelledby="figure-([\w-]+)">.*?<strong>(.*?)</strong>',
        page, re.S,
    )  # fmt: skip
    return dict(found)


def test_the_page_says_what_happened(busy, agent):
    agent.post("/language", locale="en", next="/console/")
    page = agent.get("/figures?days=7").get_data(as_text=True)
    said = sums(page)
    assert said["opened"] == "5"
    assert said["answered"] == "4"
    assert said["closed"] == "3"
    assert said["backlog"] == "2"
    assert said["first_answer"] == "2 h"
    assert said["promise"] == "100 %"
    assert said["satisfaction"] == "50 %"
    assert said["quoted-EUR"] == "€123.45"
    assert 'style="' not in page
    assert page.count("<title id=") == page.count("<desc id=") > 5


def test_an_empty_desk_says_so_and_shows_no_picture(agent, site):
    page = agent.get("/figures").get_data(as_text=True)
    assert page.count('class="figure-none"') == len(sums(page)) == 10
    assert '<svg class="picture"' not in page


@pytest.mark.parametrize(
    "span",
    ["from=2026-12-01&until=2026-11-01", "from=x&until=y", "from=2001-01-01&until=2026-11-01"],
)
def test_days_that_make_no_span_are_told_and_the_last_thirty_shown(clock, agent, site, span):
    page = agent.get(f"/figures?{span}").get_data(as_text=True)
    assert 'role="alert"' in page
    assert 'value="2026-10-25"' in page


def test_every_figure_is_a_file_with_a_row_a_day(busy, agent, site):
    head, *rows = read(agent.get(f"/figures/opened.csv?days=7&site={site.key}"))
    assert head == ["day", "opened"]
    assert [int(count) for _, count in rows] == [0, 1, 1, 1, 1, 1, 0]
    head, *rows = read(agent.get("/figures/first_answer.csv?days=7"))
    assert head == ["day", "median_minutes", "slowest_minutes", "answered"]
    assert ["2026-11-24", "120", "120", "1"] in rows
    assert read(agent.get("/figures/quoted-EUR.csv?days=7"))[-1] == ["2026-11-28", "123.45"]
    assert agent.get("/figures/nothing.csv").status_code == 404


def test_a_category_is_no_formula_in_a_spreadsheet(busy, agent, site):
    (help_,) = [each for each in sites.categories(site.id) if each.id == "help"]
    help_.name = {"es": "=1+1", "en": "=1+1"}
    help_.save()
    assert read(agent.get("/figures/categories.csv?days=7"))[1] == ["'=1+1", "5"]


def test_programs_read_the_same_numbers(busy, app, agent, site):
    _, secret = api_tokens.create(agent.record, name="P", scopes=["tickets:read"])
    told = app.test_client().get(
        "/api/v1/agent/figures?from=2026-11-22&until=2026-11-28",
        headers={"Authorization": f"Bearer {secret}"},
    )
    total = told.json["total"]
    assert (total["opened"], total["answered"], total["closed"]) == (5, 4, 3)
    assert total["satisfaction"] == {"good": 1, "bad": 1}
    assert total["first_answer"] == {"median_minutes": 120, "p90_minutes": 120}
    assert total["money"]["EUR"]["quoted"] == 12_345
    assert total["categories"] == [{"site": site.key, "category": "help", "opened": 5}]
    assert [day["backlog"] for day in told.json["days"]] == [0, 1, 2, 3, 4, 5, 2]


def test_a_program_asks_for_a_span_of_days(app, agent, site):
    _, secret = api_tokens.create(agent.record, name="P", scopes=["tickets:read"])
    for span in ("from=2026-12-01&until=2026-11-01", "from=1990-01-01&until=2026-11-01"):
        answer = app.test_client().get(
            f"/api/v1/agent/figures?{span}", headers={"Authorization": f"Bearer {secret}"}
        )
        assert answer.status_code == 422


def test_only_what_is_completed_is_rated_and_the_last_word_counts(
    busy, ada_again, bruno, agent, site
):
    ada = ada_again()
    path = f"/tickets/{busy[0]['id']}/rating"
    assert ada.put(path, good=False, comment="It broke again").json["rating"]["good"] is False
    assert bruno.put(path, good=True).status_code == 404
    waiting = ada.put(f"/tickets/{busy[4]['id']}/rating", good=True)
    assert waiting.json["error"]["code"] == "not_completed"
    page = agent.get(f"/tickets/{site.key}/{busy[0]['number']}").get_data(as_text=True)
    assert "It broke again" in page
    assert sums(agent.get("/figures?days=7").get_data(as_text=True))["satisfaction"] == "0 %"


def test_a_label_never_stands_on_its_line():
    values = [None] * 40 + [5, 6, 20, 12, 8]
    picture = line([Point(str(nth), value, str(value)) for nth, value in enumerate(values)])
    (label,) = picture.labels
    assert label.text == "8"
    assert label.y < min(min(each.y1, each.y2) for each in picture.strokes)


def test_what_is_written_under_the_ends_may_be_shorter():
    points = [Point(f"Week of {day}", 1, "1", day) for day in ("Nov 2", "Nov 9")]
    assert bars(points).ends == ("Nov 2", "Nov 9")


def test_requests_of_no_category_have_a_name_in_the_file(clock, visit, agent, site):
    agent.post("/language", locale="en", next="/console/")
    for each in sites.categories(site.id):
        sites.retire_category(site, each.id)
    visit().open(title="Anything", category=None)
    rows = read(agent.get(f"/figures/categories.csv?days=7&site={site.key}"))
    assert rows == [["category", "opened"], ["No category", "1"]]
