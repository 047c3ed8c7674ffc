"""Articles by programs."""

import pytest

from widget_server.database import query

ARTICLE = {"locale": "en", "title": "How to print", "body": "Press **print**."}


@pytest.fixture
def place(site):
    return f"/sites/{site.key}/articles"


def test_an_article_goes_through_its_life(place, program, clerk):
    api = program("tickets:read", "tickets:write", agent=clerk)
    made = api.post(place, key="article-1", tags=["Paper"], **ARTICLE)
    assert api.post(place, key="article-1", tags=["Paper"], **ARTICLE).json == made.json
    assert (made.status_code, made.json["slug"], made.json["tags"], made.json["author"]) == (
        201, "how-to-print", ["paper"], "Carlos",
    )  # fmt: skip
    one = f"{place}/{made.json['id']}"
    assert made.json["published_at"] is None
    assert api.put(f"{one}/publication").json["published_at"]
    assert [each["id"] for each in api.get(f"{place}?state=published").json["articles"]] == [
        made.json["id"]
    ]
    seen = api.get(one).json["updated_at"]
    changed = api.put(one, expected=seen, **ARTICLE | {"title": "How to scan"}).json
    assert (changed["title"], changed["slug"]) == ("How to scan", "how-to-print")
    late = api.put(one, expected=seen, **ARTICLE)
    assert (late.status_code, late.json["error"]["code"]) == (409, "changed_meanwhile")
    assert api.send("DELETE", f"{one}/publication").json["published_at"] is None
    assert api.send("DELETE", one).status_code == 204
    assert api.get(one).status_code == 404
    assert api.post(f"{one}/restoration").json["title"] == "How to scan"
    assert api.get(f"{place}?q=scan").json["articles"][0]["id"] == made.json["id"]
    assert api.get(f"{place}?q=print").json["articles"] == []


def test_a_translation_shares_its_topic(place, program):
    api = program()
    first = api.post(place, **ARTICLE).json
    other = api.post(place, **ARTICLE | {"locale": "es", "topic": first["topic"]}).json
    assert other["translations"] == [{"id": first["id"], "locale": "en"}]
    twice = api.post(place, **ARTICLE | {"topic": first["topic"]})
    assert (twice.status_code, list(twice.json["error"]["fields"])) == (422, ["locale"])


def test_files_are_imported_all_or_none(place, program):
    api = program()
    good = {"name": "print.md", "content": "---\ntitle: Print\nlanguage: en\n---\nPress it."}
    bad = {"name": "scan.md", "content": ""}
    refused = api.post(f"{place}/import", files=[good, bad])
    assert refused.status_code == 422
    assert "scan.md" in refused.json["error"]["fields"]["files"][0]
    assert query("SELECT count(*) FROM article") == [(0,)]
    done = api.post(f"{place}/import", files=[good], publish=True).json
    assert done == {"added": 1, "changed": 0, "unchanged": 0}
    assert api.post(f"{place}/import", files=[good]).json["unchanged"] == 1


def test_an_answer_becomes_an_article_without_what_is_personal(site, place, program, ada):
    number = ada.open(title="Paper jam")["number"]
    api, ticket = program(), f"/tickets/{site.key}/{number}"
    said = api.post(f"{ticket}/messages", body="Dear Ada Ferrer,\n\nopen the lid.").json
    message = said["thread"][-1] if said["thread"][-1]["type"] == "reply" else next(
        each for each in reversed(said["thread"]) if each["type"] == "reply"
    )  # fmt: skip
    proposal = api.get(f"{ticket}/messages/{message['id']}/article").json
    assert "open the lid" in proposal["body"].lower()
    assert "Ferrer" not in proposal["body"]
    names = ("title", "body", "locale", "category")
    values = {name: proposal[name] for name in names}
    made = api.post(place, ticket=number, message=message["id"], **values)
    assert (made.status_code, made.json["ticket"]) == (201, number)
    first = said["thread"][0]["id"]
    assert api.get(f"{ticket}/messages/{first}/article").status_code == 404
