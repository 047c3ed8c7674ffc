"""Articles are found by their meaning where a model tells, and by their words whatever it does."""

import pytest

from widget_server import jobs
from widget_server.articles import service as articles
from widget_server.assistant import endpoints, meaning
from widget_server.assistant.embedding import likeness, pack, sketch
from widget_server.database import execute, query

from ..support.writer import KEY, FakeWriter

#: Says nothing of sizes, but means them, in the words of the model; to words it is about a shirt.
ASKED = "the shirt arrived, delivery address fine, it pinches"


@pytest.fixture(scope="module")
def running():
    model = FakeWriter().start()
    yield model
    model.stop()


@pytest.fixture
def settings():
    return {"ANSWER_MS": 10_000}


@pytest.fixture
def model(running, site, shelf, monkeypatch):
    monkeypatch.setattr(meaning, "PATIENCE", 10.0)
    running.mood, running.tells = "streams", "tells"
    running.groups = [("pinches", "chest"), ("password",), ("invoice",), ("parcel",)]
    running.embedded.clear()
    running.keys.clear()
    running.let_go.clear()
    meaning.rested()
    turn_on(site, running)
    jobs.run_due()
    yield running
    running.let_go.set()


def turn_on(site, model, **given):
    values = {
        "on": False, "url": model.url, "model": "", "key": KEY, "daily": "100",
        "embeds": True, "embedder": "small-vectors",
    } | given  # fmt: skip
    endpoints.choose(site.id, **values)


def kept():
    return dict(query("SELECT article_id, dimension FROM article_meaning"))


def found(ask, question=ASKED):
    return [each["title"] for each in ask(question)]


def test_it_is_off_unless_chosen(shelf, site, ask, running):
    running.embedded.clear()
    turn_on(site, running, embeds=False)
    jobs.run_due()
    assert found(ask)
    assert running.embedded == []
    assert kept() == {}


def test_articles_without_the_words_are_found(model, shelf, site, ask):
    by_meaning = found(ask)
    turn_on(site, model, embeds=False)
    assert by_meaning[0] == "Which size fits me"
    assert found(ask)[0] != "Which size fits me"
    assert set(model.keys) == {f"Bearer {KEY}"}


def test_silence_is_kept_and_nobody_is_asked(model, ask):
    model.embedded.clear()
    assert ask("what will the weather be in Lisbon on Sunday, invoice") == []
    assert model.embedded == []


def test_a_question_asked_again_is_not_sent_again(model, ask):
    model.embedded.clear()
    found(ask)
    found(ask)
    assert model.embedded == [f"{ASKED}\n"]


def test_vectors_follow_their_articles(model, shelf, site, write):
    assert set(kept()) == {article.id for article in shelf.values()}
    model.embedded.clear()
    draft = write("Wash a shirt", "Cold.", draft=True)
    jobs.run_due()
    assert model.embedded == []
    articles.publish(draft)
    jobs.run_due()
    assert model.embedded == ["Wash a shirt\n\nCold."]
    articles.withdraw(shelf["late"])
    articles.remove(shelf["password"])
    assert set(kept()) == {
        each.id for name, each in shelf.items() if name not in ("late", "password")
    } | {draft.id}


def test_nothing_is_made_twice_and_another_model_makes_all_anew(model, shelf, site):
    model.embedded.clear()
    turn_on(site, model)
    jobs.run_due()
    assert model.embedded == []
    turn_on(site, model, embedder="large-vectors")
    jobs.run_due()
    assert len(model.embedded) == len(shelf)
    assert {space for (space,) in query("SELECT space FROM article_meaning")} == {
        f"{model.url} large-vectors"
    }


def test_a_model_changed_behind_its_name_makes_all_anew(model, clock, shelf, ask):
    was = set(kept().values())
    model.groups.append(("shirt",))
    assert found(ask)
    clock.pass_(seconds=meaning.AGAIN + 1)
    jobs.run_due()
    assert set(kept().values()) == {was.pop() + 1}


def test_many_articles_are_done_a_handful_at_a_time(model, site, write, monkeypatch):
    monkeypatch.setattr(meaning, "BATCH", 3)
    execute("DELETE FROM article_meaning")
    turn_on(site, model)
    jobs.run_due()
    assert len(kept()) == 7


@pytest.mark.parametrize("tells", ["not_a_number", "nothing", "too_few", "drips"])
def test_what_is_no_vector_harms_nothing(model, ask, write, monkeypatch, tells):
    monkeypatch.setattr(meaning, "PATIENCE", 0.3)
    model.tells = tells
    assert "Change the delivery address" in found(ask)
    before = kept()
    write("Wash a shirt", "Cold.")
    if tells != "drips":
        jobs.run_due()
        assert kept() == before
        assert query("SELECT kind FROM job WHERE attempts = 1") == [("assistant.embed",)]


@pytest.mark.parametrize("mood", ["stalls", "errs"])
def test_a_server_that_fails_is_left_alone_for_a_while(model, ask, visitor, monkeypatch, mood):
    monkeypatch.setattr(meaning, "PATIENCE", 0.3)
    model.mood = mood
    model.embedded.clear()
    assert "Change the delivery address" in found(ask)
    assert found(ask, f"{ASKED} a lot")
    assert len(model.embedded) <= 1
    assert visitor.open(title="Filed all the same")["number"]


def test_a_failed_vector_is_made_later(model, clock, write, site):
    model.mood = "errs"
    article = write("Wash a shirt", "Cold.")
    jobs.run_due()
    assert article.id not in kept()
    model.mood = "streams"
    clock.pass_(hours=1)
    jobs.run_due()
    assert article.id in kept()


def test_an_article_changed_meanwhile_is_not_kept_as_it_was(model, shelf, site, monkeypatch):
    def changed(endpoint, texts, seconds):
        execute("UPDATE article SET title = 'Other' WHERE id = ?", shelf["late"].id)
        return meaning_embed(endpoint, texts, seconds)

    meaning_embed = meaning.embed
    monkeypatch.setattr(meaning, "embed", changed)
    execute("DELETE FROM article_meaning")
    meaning.embed_article(site.id, shelf["late"].id)
    assert kept() == {}


def test_packed_vectors_are_as_alike_as_they_were():
    one, other = [0.5, -0.25, 0.1, 0.9] * 8, [0.4, -0.3, 0.2, -0.9] * 8
    exact = sum(a * b for a, b in zip(one, other, strict=True)) / (
        sum(a * a for a in one) ** 0.5 * sum(b * b for b in other) ** 0.5
    )
    assert abs(likeness(pack(one), other) - exact) < 0.01
    assert (sketch(one) ^ sketch(other)).bit_count() == 8
