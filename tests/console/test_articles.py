"""Agents write, import and publish articles; an answer becomes one in two clicks."""

import io
from html.parser import HTMLParser

import pytest

from widget_server import persons
from widget_server.articles import service
from widget_server.articles.models import Article
from widget_server.database import query
from widget_server.identity.models import Requester
from widget_server.sites import service as sites

FORM = {"title": "Refunds", "body": "In **three** days.", "locale": "en", "tags": "Money, cards", "category": "help"}  # fmt: skip


def place(site, article="new"):
    return f"/articles/{site.key}/{article if isinstance(article, str) else article.id}"


def only():
    (article,) = Article.select()
    return article


def offered(page):
    """Return what the editor's form would send as it stands."""
    values, area = {}, []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            told = dict(attributes)
            if tag == "input" and told.get("name"):
                values[told["name"]] = told.get("value") or ""
            if tag == "textarea" and told.get("name") == "body":
                area.append("")
            if tag == "option" and "selected" in told:
                values[{2: "locale"}.get(len(told["value"]), "category")] = told["value"]

        def handle_data(self, data):
            if area == [""]:
                area[0] = data
                values["body"] = data

    Reader().feed(page)
    return values


def test_a_new_article_sent_twice_is_one_and_another_from_the_same_form_is_another(agent, site):
    form = offered(agent.get(place(site)).text) | FORM
    first, second = (agent.post(place(site), **form, act="publish") for _ in range(2))
    assert first.location == second.location
    assert only().published_at
    agent.post(place(site), **form | {"title": "Returns"}, act="publish")
    assert sorted(article.title for article in Article.select()) == ["Refunds", "Returns"]


def test_an_article_is_written_previewed_and_published(agent, site):
    shown = agent.post(
        "/articles/preview", title="<b>", body="# A\n\n<script>x</script> **b**"
    ).text
    assert "&lt;b&gt;" in shown
    assert '<h2 id="s1-a">A</h2>' in shown
    assert "<script" not in shown
    answer = agent.post(place(site), **FORM, act="save")
    draft = only()
    assert answer.location.endswith(f"{place(site, draft)}?done=saved")
    assert (draft.published_at, draft.author) == (None, "Inés")
    assert (draft.slug, draft.tags, draft.category_id) == ("refunds", ["money", "cards"], "help")
    assert agent.post(place(site, draft), **FORM, act="publish").status_code == 303
    assert only().is_public
    assert f"/help/{site.key}/en/refunds" in agent.get(place(site, draft)).text
    agent.post(
        place(site, draft), **(FORM | {"title": "Money back"}), slug="refunds", act="withdraw"
    )
    assert (only().title, only().slug, only().is_public) == ("Money back", "refunds", False)


def test_what_makes_no_sense_is_named_and_what_was_typed_stays(agent, site):
    for change, said in (
        ({"title": ""}, "Escribe un título"),
        ({"body": " "}, "Escribe un texto"),
        ({"slug": "Not this"}, "Letras pequeñas"),
        ({"tags": "x" * 41}, "Hasta 20 etiquetas"),
        ({"category": "gone"}, "Esa categoría"),
        ({"locale": "xx"}, "Ya está en ese idioma"),
        ({"title": "a\x00b"}, "Escribe un título"),
    ):
        answer = agent.post(place(site), **(FORM | {"body": "Kept **text**"} | change))
        assert answer.status_code == 422, change
        assert said in answer.text
        assert "Kept **text**" in answer.text or "body" in change
    assert query("SELECT count(*) FROM article") == [(0,)]


def test_two_authors_are_told_of_each_other(agent, site):
    agent.post(place(site), **FORM)
    form = offered(agent.get(place(site, only())).text)
    agent.post(place(site, only()), **(form | {"body": "Theirs"}))
    answer = agent.post(place(site, only()), **(form | {"body": "Mine"}))
    assert answer.status_code == 409
    assert "Otra persona lo cambió mientras escribías" in answer.text
    assert only().body == "Theirs"
    again = offered(answer.text)
    assert again["body"] == "Mine"
    assert agent.post(place(site, only()), **again).status_code == 303
    assert only().body == "Mine"


def test_a_removed_article_is_taken_back_by_one_press(agent, site):
    agent.post(place(site), **FORM, act="publish")
    article = only()
    answer = agent.post(place(site, article), act="remove")
    page = agent.client.get(answer.location).text
    assert 'data-seconds="10"' in page
    assert agent.get(place(site, article)).status_code == 404
    assert agent.post(place(site, article), act="restore").status_code == 303
    assert agent.get(place(site, article)).status_code == 200


def test_a_translation_begins_with_what_it_translates(agent, site):
    agent.post(place(site), **FORM, act="publish")
    english = only()
    assert f"of={english.id}&amp;locale=es" in agent.get(place(site, english)).text
    form = offered(agent.get(f"{place(site)}?of={english.id}&locale=es").text)
    assert (form["locale"], form["category"], form["slug"]) == ("es", "help", "")
    agent.post(place(site), **(form | {"title": "Reembolsos"}))
    (spanish,) = service.translations(english)
    assert (spanish.title, spanish.locale) == ("Reembolsos", "es")
    assert "Reembolsos" in agent.get(place(site, english)).text


def test_the_list_is_of_one_site_and_can_be_narrowed(agent, site, add_site):
    other = add_site("Other")
    agent.post(place(site), **FORM, act="publish")
    agent.post(place(site), **(FORM | {"title": "Cómo", "locale": "es"}))
    agent.post(place(other), **(FORM | {"title": "Theirs"}))

    def titles(question=""):
        page = agent.get(f"/articles?site={site.key}&{question}").text
        return {name for name in ("Refunds", "Cómo", "Theirs") if f">{name}</span>" in page}

    assert titles() == {"Refunds", "Cómo"}
    assert titles("locale=es") == {"Cómo"}
    assert titles("state=published") == {"Refunds"}
    assert titles("q=ref") == {"Refunds"}
    assert titles("q=nothing") == set()
    assert agent.get(place(other, Article.get(Article.title == "Refunds"))).status_code == 404


def test_a_long_list_is_read_page_by_page(agent, site):
    for number in range(52):
        service.write(site, locale="en", title=f"Number {number}", body="x", author="Inés")
    first = agent.get("/articles").text
    assert first.count('class="article-row"') == 50
    (more,) = [part.split('"')[0] for part in first.split('href="') if "before=" in part[:300]]
    second = agent.client.get(more.replace("&amp;", "&")).text
    assert second.count('class="article-row"') == 2


@pytest.fixture
def answered(agent, ada, site):
    """A ticket of Ada's and the page after Inés answered it."""
    ticket = ada.open(title="Where is A-10422, asks Ada")
    body = "Hi Ada,\n\nYour order A-10422 is with Ada Ferrer in 2 days.\n\nRegards,\nInés"
    agent.reply(site, ticket["number"], body)
    agent.reply(site, ticket["number"], "Between us", kind="note")
    return ticket


def test_an_answer_becomes_an_article_in_two_clicks_without_what_is_personal(
    agent, site, answered, client
):
    number = answered["number"]
    page = agent.get(f"/tickets/{site.key}/{number}").text
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')
             if part.startswith(f"/console{place(site)}?ticket=")]  # fmt: skip
    (link,) = links
    editor = agent.client.get(link).text
    assert query("SELECT count(*) FROM article") == [(0,)]
    for taken in ("Hi Ada,", "A-10422", "Ada Ferrer", "Regards"):
        assert f"<del>{taken}" in editor
    form = offered(editor)
    assert form["title"] == "Where is [number], asks [name]"
    assert form["body"] == "Your order [number] is with [name] in 2 days."
    agent.post(place(site), **form, act="publish")
    article = only()
    public = client.get(f"/help/{site.key}/{article.locale}/{article.slug}").text
    assert "is with [name]" in public
    assert not {"Ada", "A-10422", "Inés"} & set(public.replace("<", " ").split())
    assert "Ver artículo" in agent.get(f"/tickets/{site.key}/{number}").text
    assert f"#{number}" in agent.get(place(site, article)).text


def test_only_answers_everybody_may_read_become_articles(agent, site, add_site, answered):
    messages = dict(query("SELECT body, id FROM message"))
    number = answered["number"]
    for body in ("Help", "Between us"):
        path = f"{place(site)}?ticket={number}&message={messages[body]}"
        assert agent.get(path).status_code == 404
        form = FORM | {"ticket": str(number), "message": messages[body]}
        assert agent.post(place(site), **form).status_code == 404
    assert agent.get(f"{place(add_site('Other'))}?ticket={number}&message=x").status_code == 404
    assert query("SELECT count(*) FROM article") == [(0,)]


def test_erasing_the_person_leaves_the_article_and_nothing_that_leads_to_them(
    agent, site, ada, answered
):
    article = service.publish(service.write(site, locale="en", title="T", body="B", author="I"))
    ada.put(f"/articles/{site.key}/{article.id}/usefulness", helpful=True)
    (message,) = [row[0] for row in query("SELECT id FROM message WHERE author = 'agent' AND internal_at IS NULL")]  # fmt: skip
    agent.post(place(site), **FORM, ticket=str(answered["number"]), message=message)
    person = Requester.get(Requester.sub == "ada")
    exported = persons.export(site.id, person.id)
    assert exported["votes"][0]["article"] == article.id
    persons.erase(site.id, person.id)
    rows = str(query("SELECT * FROM article")) + str(query("SELECT * FROM article_vote"))
    for trace in (answered["id"], message, person.id):
        assert trace not in rows
    assert query("SELECT count(*), sum(helpful) FROM article") == [(2, 1)]


def upload(name, data):
    return (io.BytesIO(data), name)


def test_files_are_imported_or_refused_by_line(agent, site):
    path = f"/articles/{site.key}/import"
    assert agent.get(path).status_code == 200
    folder = [upload("docs/es/a.md", b"# A\n\nTexto"), upload("docs/logo.png", b"\x89PNG")]
    answer = agent.post(path, folder=folder, publish="1")
    assert "1 nuevos, 0 cambiados" in answer.text
    assert (only().topic, only().locale, only().is_public) == ("a", "es", True)
    answer = agent.post(path, files=[upload("b.csv", b"title,body\nB,")], language="en")
    assert answer.status_code == 422
    assert "<code>b.csv:2</code> no tiene texto" in answer.text
    assert "No se importó nada" in agent.post(path).text
    assert "no es Markdown ni CSV" in agent.post(path, files=[upload("x.png", b"x")]).text
    assert query("SELECT count(*) FROM article") == [(1,)]


def test_a_folder_may_hold_many_files_that_are_no_articles(agent, site):
    folder = [upload(f"docs/pictures/{number}.png", b"x") for number in range(1_200)]
    folder.append(upload("docs/es/a.md", b"# A\n\nTexto"))
    answer = agent.post(f"/articles/{site.key}/import", folder=folder)
    assert "1 nuevos" in answer.text


def test_an_article_stays_in_a_category_that_is_offered_no_longer(agent, site):
    agent.post(place(site), **FORM, act="save")
    sites.retire_category(site, "help")
    shown = offered(agent.get(place(site, only())).text)
    agent.post(place(site, only()), **shown | {"title": "Returns"}, act="save")
    assert (only().title, only().category_id) == ("Returns", "help")
    (help_,) = [each for each in sites.categories(site.id, retired=True) if each.id == "help"]
    assert help_.label("es") in agent.get(f"/articles?site={site.key}").text


def test_what_is_written_while_another_removes_the_article_is_not_lost(agent, site):
    agent.post(place(site), **FORM, act="save")
    article = only()
    open_ = offered(agent.get(place(site, article)).text) | {"body": "An hour of writing."}
    agent.post(place(site, article), act="remove")
    answer = agent.post(place(site, article), **open_, act="save")
    assert answer.status_code == 409
    kept = offered(answer.text)
    assert kept["body"].strip() == "An hour of writing."
    agent.post(place(site), **kept, act="save")
    assert [each.body for each in Article.select() if not each.removed_at] == [
        "An hour of writing."
    ]
