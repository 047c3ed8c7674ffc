"""What readers and authors are shown comes from an index, however many articles there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_server import database
from widget_server.articles import addresses, desk, reading, service
from widget_server.articles.pages.shelf import Shelf, mark
from widget_server.database import query
from widget_server.text import shorten


def test_no_read_walks_the_table(site, write, monkeypatch):
    if not database.is_sqlite():
        return
    article = write("Refunds", category="help", tags=["money"])
    asked = []
    plain = database.execute

    def listen(sql, *params):
        asked.append((sql, params))
        return plain(sql, *params)

    monkeypatch.setattr(database, "execute", listen)
    category = reading.category_of(site.id, "help")
    reading.languages(site.id)
    reading.section(site.id, "en", category, after="A~x")
    reading.section(site.id, "en", None)
    reading.at(site.id, "en", "refunds")
    reading.lines(site.id, [article.id])
    addresses.present(site.id, "en", "gone")
    addresses.is_taken(site.id, "en", "refunds", "")
    service.find_published(site.id, article.id)
    service.translations(article)
    service.of_ticket(site.id, "x")
    service.search(site.id, "refunds", "en")
    desk.rows(site.id, locale="en", state="published", before=f"{article.updated_at}~x")
    desk.source_of(article)
    mark(site.key)
    monkeypatch.undo()
    walked = []
    for sql, params in asked:
        if sql.startswith("WITH asked"):
            continue  # Walks the question's own terms, of which there are few.
        for *_, step in query(f"EXPLAIN QUERY PLAN {sql}", *params):
            if step.startswith("SCAN") and "CONSTANT ROW" not in step or "TEMP B-TREE" in step:
                walked.append((step, sql))
    assert walked == []
    assert len(asked) >= 15


def test_the_shelf_keeps_only_so_many_pages_and_the_newest_of_each():
    made = []

    def page(name):
        def make():
            made.append(name)
            return name * 600, "policy"

        return make

    shelf = Shelf(most=2)
    for path, version in (("a", "1"), ("a", "1"), ("b", "1"), ("a", "1"), ("c", "1"), ("a", "2")):
        shelf.take(path, "gzip", version, page(f"{path}{version}"))
    assert made == ["a1", "b1", "c1", "a2"]
    shelf.take("b", "gzip", "1", page("b1"))
    assert made[-1] == "b1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Short.", "Short."),
        ("One sentence is here. Another is cut off", "One sentence is here."),
        ("A. Then a long one that goes on and on", "A. Then a long one that goes…"),
        ("Words, and, more, words, and, more, words", "Words, and, more, words, and…"),
        ("x" * 50, "x" * 30 + "…"),
    ],
)
def test_what_is_shortened_ends_where_a_reader_would(text, shown):
    assert shorten(text, 30) == shown


@given(st.text(max_size=200), st.integers(1, 60))
def test_what_is_shortened_is_short(text, most):
    shown = shorten(text, most)
    assert len(shown) <= most + 1
    assert text.startswith(shown.removesuffix("…")) or text == shown
