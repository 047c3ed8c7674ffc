"""Articles for the panel: public, of one site, as a tree."""

import pytest

from widget_server.articles import service
from widget_server.database import query
from widget_server.sites import service as sites


def test_a_published_article_is_read_without_a_session(client, site, write):
    article = write("Refunds", body="**Three** days, see [here](how-long).", tags=["Money"])
    answer = client.get(f"/api/v1/articles/{site.key}/{article.id}")
    assert answer.status_code == 200
    there = f"https://help.example/help/{site.key}/en"
    link = ["a", {"href": f"{there}/how-long"}, "here"]
    assert answer.json == {
        "id": article.id,
        "title": "Refunds",
        "slug": "refunds",
        "locale": "en",
        "html_tree": [["p", None, ["strong", None, "Three"], " days, see ", link, "."]],
        "body": "**Three** days, see [here](how-long).",
        "tags": ["money"],
        "updated_at": article.updated_at,
        "url": f"{there}/refunds",
    }
    assert "max-age=60" in answer.headers["Cache-Control"]
    tag = {"If-None-Match": answer.headers["ETag"]}
    again = client.get(f"/api/v1/articles/{site.key}/{article.id}", headers=tag)
    assert again.status_code == 304


@pytest.mark.parametrize("kind", ["draft", "removed", "of another site", "unknown"])
def test_what_is_not_published_here_does_not_exist(client, site, add_site, write, ada, kind):
    article = write("Refunds", draft=kind == "draft")
    place = site
    if kind == "removed":
        service.remove(article)
    if kind == "of another site":
        place = add_site("Other")
    name = "x" * 24 if kind == "unknown" else article.id
    for answer in (
        client.get(f"/api/v1/articles/{place.key}/{name}"),
        ada.put(f"/articles/{place.key}/{name}/usefulness", helpful=True),
    ):
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")
    assert query("SELECT count(*) FROM article_vote") == [(0,)]


def test_each_requester_counts_once(site, write, ada, bruno, visitor):
    place = f"/articles/{site.key}/{write('Refunds').id}/usefulness"
    for who, helpful in ((ada, True), (ada, False), (bruno, True), (visitor, True)):
        assert who.put(place, helpful=helpful).status_code == 204
    assert query("SELECT helpful, unhelpful FROM article") == [(2, 1)]


def test_a_site_that_was_put_away_shows_nothing(client, site, write, read):
    article = write("Refunds")
    place = f"/articles/{site.key}/{article.id}"
    sites.archive_site(site)
    pages = ("", "en/", "en/?q=refunds", "en/refunds", "en/refunds?said=yes", "look.css")
    assert [read(page).status_code for page in pages] == [404] * len(pages)
    said = client.post(f"/help/{site.key}/en/refunds/usefulness", data={"helpful": "yes"})
    assert said.status_code == 404
    assert client.get(f"/api/v1{place}").status_code == 404
