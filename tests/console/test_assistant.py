"""The assistant in the console: what it saved, what is still to be written, and who writes answers."""

import pytest

from widget_server.agents.models import Agent
from widget_server.articles import service as articles
from widget_server.assistant import endpoints
from widget_server.database import query

from ..support.writer import KEY, FakeWriter

UNKNOWN = "do you sell bicycles for children in winter"


@pytest.fixture(scope="module")
def writer():
    server = FakeWriter().start()
    server.says = "ready"
    yield server
    server.stop()


@pytest.fixture
def settings():
    return {"ANSWER_MS": 10_000}


@pytest.fixture
def administrator(agent):
    Agent.update(role="administrator", locale="en").execute()
    return agent


@pytest.fixture
def save(administrator, site, writer):
    writer.mood = "streams"

    def send(**form):
        values = {"url": writer.url, "model": "small", "key": KEY, "daily": "50", "on": "1"} | form
        return administrator.post(f"/assistant/{site.key}/writer", **values)

    return send


@pytest.fixture
def ask(visitor):
    def ask(title, showing):
        body = {"title": title, "locale": "en", "showing": showing}
        return visitor.post("/suggestions", **body).json["suggestions"]

    return ask


def test_a_site_s_writer_is_switched_on(save, site, administrator):
    assert save().status_code == 303
    chosen = endpoints.of_site(site.id)
    assert (chosen.model, chosen.key) == ("small", KEY)
    page = administrator.get("/assistant").text
    assert "small" in page
    assert KEY not in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "ftp://models.example"}, "https://api.openai.com/v1"),
        ({"url": ""}, "https://api.openai.com/v1"),
        ({"model": ""}, "Name the model"),
        ({"daily": "many"}, "A whole number"),
        ({"daily": "0"}, "A whole number"),
        ({"embeds": "1"}, "Name the embedding model"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(save, wrong, said):
    answer = save(**wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert KEY not in answer.text
    assert query("SELECT count(*) FROM assistant_writer") == [(0,)]


def test_trying_says_whether_it_answers(save, writer, monkeypatch):
    assert "It works." in save(check="1").text
    writer.mood = "errs"
    assert "The model is overloaded." in save(check="1").text
    assert "It cannot be reached" in save(check="1", url="http://127.0.0.1:9/v1").text
    monkeypatch.setattr(endpoints.Writing, "patience", 400)
    writer.mood = "stalls"
    assert "It says nothing." in save(check="1").text


def test_an_embedding_model_is_switched_on_and_tried_by_itself(site, writer, administrator):
    writer.mood = "streams"
    values = {"url": writer.url, "model": "", "key": KEY, "daily": "50"}
    values |= {"embeds": "1", "embedder": "small-vectors"}
    path = f"/assistant/{site.key}/writer"
    assert "It works." in administrator.post(path, **values, check="1").text
    assert endpoints.of_site(site.id) is None
    chosen = endpoints.embedder_of(site.id)
    assert (chosen.model, chosen.key) == ("small-vectors", KEY)
    assert 'value="small-vectors"' in administrator.get("/assistant").text
    writer.tells = "not_a_number"
    assert "something that is no vector" in administrator.post(path, **values, check="1").text
    writer.tells = "tells"


def test_only_administrators_choose_the_writer(agent, site):
    Agent.update(role="agent", locale="en").execute()
    assert agent.post(f"/assistant/{site.key}/writer", url="x").status_code == 403
    page = agent.get("/assistant").text
    assert "Written answers" in page
    assert 'name="model"' not in page
    assert query("SELECT count(*) FROM assistant_writer") == [(0,)]


def test_questions_without_an_answer_are_written_or_taken_off(administrator, site, ask):
    ask(UNKNOWN, "draft-0001")
    ask(UNKNOWN.title(), "draft-0002")
    page = administrator.get("/assistant").text
    assert "asked 2 times" in page
    assert "title=Do+You+Sell" in page or "title=Do%20You%20Sell" in page
    editor = administrator.get(f"/articles/{site.key}/new?title={UNKNOWN}").text
    assert f'value="{UNKNOWN}"' in editor
    path, both = f"/assistant/{site.key}/questions", ["draft-0001", "draft-0002"]
    gone = administrator.post(path, days="7", showing=both)
    page = administrator.get(gone.headers["Location"].removeprefix("/console")).text
    assert "<q>" not in page
    assert "Taken off the list." in page
    administrator.post(path, days="7", back="1", showing=both)
    assert "asked 2 times" in administrator.get("/assistant").text
    assert administrator.post(path, showing="draft-9999").status_code == 404


def test_articles_show_what_they_were_worth(administrator, site, ask, visitor):
    article = articles.publish(
        articles.write(
            site, locale="en", title="Send something back", author="Inés",
            body="You have 30 days. Print the label. The money is back within five days.",
        )
    )  # fmt: skip
    for number in range(3):
        assert ask("send something back, money", f"draft-000{number}")
    visitor.put("/suggestions/draft-0000/outcome", outcome="solved", article=article.id)
    page = administrator.get("/assistant").text
    row = page.partition('class="usefulness"')[2].partition("</table>")[0]
    assert "Send something back" in row
    assert "<td>3</td><td>1</td>" in row
