"""Articles: their addresses, their languages, what others hear of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_server.articles import addresses, desk, events, search, service
from widget_server.articles.models import Article
from widget_server.database import is_sqlite, query, release
from widget_server.errors import Invalid, NotFound


def change(article, **changes):
    values = {
        "locale": article.locale,
        "title": article.title,
        "body": article.body,
        "tags": article.tags,
        "category": article.category_id,
        "author": "Luis",
    }
    return service.change(article, **(values | changes))


def test_an_article_is_a_draft_until_published_and_again_when_withdrawn(site, write):
    article = write("Refunds", draft=True)
    with pytest.raises(NotFound):
        service.find_published(site.id, article.id)
    service.publish(article)
    assert service.find_published(site.id, article.id).title == "Refunds"
    service.withdraw(article)
    with pytest.raises(NotFound):
        service.find_published(site.id, article.id)
    assert service.find(site.id, article.id).slug == "refunds"


def test_its_address_follows_from_the_title_and_is_nobody_elses(write, add_site):
    assert write("¿Cómo devuelvo un pedido?").slug == "como-devuelvo-un-pedido"
    assert write("Como devuelvo un PEDIDO").slug == "como-devuelvo-un-pedido-2"
    assert write("Cómo devuelvo un pedido", locale="es").slug == "como-devuelvo-un-pedido"
    assert write("Como devuelvo un pedido", at=add_site("Other")).slug == "como-devuelvo-un-pedido"
    assert write("Größe messen: Straße").slug == "grosse-messen-strasse"
    assert write("日本語").slug == "article"
    with pytest.raises(Invalid) as refused:
        write("New", slug="article")
    assert "slug" in refused.value.details["fields"]


@given(st.text(max_size=300))
def test_a_slug_of_a_slug_is_itself(text):
    slug = addresses.slug_of(text)
    assert addresses.slug_of(slug) == slug
    assert len(slug) <= addresses.LONGEST
    assert not slug.startswith("-")
    assert not slug.endswith("-")


def test_an_old_address_leads_to_the_present_one(site, write):
    article = write("Refunds")
    change(article, slug="money-back")
    assert addresses.present(site.id, "en", "refunds") == ("en", "money-back")
    change(article, slug="refunds")
    assert addresses.present(site.id, "en", "money-back") == ("en", "refunds")
    assert addresses.present(site.id, "en", "refunds") is None
    service.withdraw(article)
    assert addresses.present(site.id, "en", "money-back") is None


def test_translations_know_one_another_and_there_is_one_in_each_language(site, write):
    english = write("Refunds")
    spanish = write("Reembolsos", locale="es", topic=english.topic)
    assert [each.id for each in service.translations(english)] == [spanish.id]
    assert service.translation(site.id, english.topic, "es").id == spanish.id
    with pytest.raises(Invalid) as refused:
        write("Devoluciones", locale="es", topic=english.topic)
    assert "locale" in refused.value.details["fields"]


def test_what_makes_no_sense_is_named(write):
    with pytest.raises(Invalid) as refused:
        write(" ", locale="xx", body="", tags=["a" * 41], category="nowhere")
    assert set(refused.value.details["fields"]) == {"title", "locale", "body", "tags", "category"}


def test_two_authors_do_not_overwrite_each_other(clock, write):
    clock("2026-11-23T10:00:00Z")
    article = write("Refunds")
    clock("2026-11-23T10:00:01Z")
    change(article, body="First", expected=article.updated_at)
    with pytest.raises(service.ChangedMeanwhile):
        change(article, body="Second", expected=article.updated_at)
    assert Article.get().body == "First"


def test_a_removed_article_can_be_taken_back_for_a_month(clock, site, write):
    clock("2026-11-23T10:00:00Z")
    article = write("Refunds")
    service.remove(article)
    with pytest.raises(NotFound):
        service.find(site.id, article.id)
    write("Refunds")
    back = service.restore(site.id, article.id)
    assert (back.slug, back.published_at) == ("refunds-2", None)
    service.remove(back)
    clock("2026-12-22T10:00:00Z")
    service.empty_bin()
    assert query("SELECT count(*) FROM article") == [(2,)]
    clock("2026-12-24T10:00:00Z")
    service.empty_bin()
    assert query("SELECT count(*) FROM article") == [(1,)]


def test_others_hear_of_it_inside_the_transaction(site, write, heard):
    article = write("Refunds")
    change(article, body="Better")
    service.publish(article)
    service.withdraw(article)
    service.remove(article)
    service.restore(site.id, article.id)
    kinds = ["saved", "published", "saved", "withdrawn", "removed", "saved"]
    assert heard == [(kind, "Refunds") for kind in kinds]


def test_a_listener_that_fails_leaves_nothing_behind(write):
    def refuse(kind, article):
        raise RuntimeError

    events.listen(refuse)
    try:
        with pytest.raises(RuntimeError):
            write("Refunds")
    finally:
        events._listeners.remove(refuse)
    assert query("SELECT count(*) FROM article") == [(0,)]


def test_every_change_is_a_new_version(site, add_site, write):
    other = add_site("Other")
    seen = [service.version(site.id)]
    article = write("Refunds")
    for act in (service.withdraw, service.publish, service.remove):
        act(article)
        seen.append(service.version(site.id))
    assert sorted(set(seen)) == seen
    assert service.version(other.id) == 0


def test_each_voter_counts_once_and_may_think_again(site, write):
    article = write("Refunds")
    for voter, helpful in (("a", True), ("a", True), ("b", True), ("b", False), ("c", False)):
        service.vote(article, voter, helpful=helpful)
    now = service.find(site.id, article.id)
    assert (now.helpful, now.unhelpful) == (1, 2)


def test_the_plain_search_finds_published_articles_of_the_language(site, add_site, write):
    write("Zurückgeben", locale="de", body="refund")
    write("Secret refund", draft=True)
    write("Refunds elsewhere", at=add_site("Other"))
    write("Shipping", body="A **refund** is [paid](https://x.example) in three days. " + "x " * 200)
    wanted = write("Refunds and réturns", tags=["money"])
    hits = service.search(site.id, "When is my REFUND paid, with returns?", "en")
    assert [hit.article_id for hit in hits][0] == wanted.id
    assert len(hits) == 2
    assert hits[1].passage.startswith("A refund is paid in three days.")
    assert hits[1].passage.endswith("…")
    assert service.search(site.id, "of a in", "en") == []


def test_another_search_can_be_put_in_its_place(site, write):
    article = write("Refunds")

    def better(site_id, text, locale, most):
        return [search.Hit(article.id, f"{text} {locale} {most}")]

    service.search_with(better)
    try:
        assert service.search(site.id, "x", "en", 3) == [search.Hit(article.id, "x en 3")]
    finally:
        service.search_with(search.plain)


def at_once(act, names):
    """Run ``act`` for every name at the same moment, each on a connection of its own."""
    together = Barrier(len(names))

    def run(name):
        try:
            together.wait()
            return act(name)
        finally:
            release()

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(run, names))


def test_authors_at_the_same_moment_get_addresses_of_their_own(site, write):
    written = at_once(lambda name: write("Refunds", author=name), "abcdef")
    assert len({article.slug for article in written}) == 6
    assert service.version(site.id) == 12


def test_votes_at_the_same_moment_are_all_counted_and_none_twice(site, write):
    article = write("Refunds")
    at_once(lambda name: service.vote(article, name, helpful=True), "aaabbc")
    assert service.find(site.id, article.id).helpful == 3


def test_a_vote_while_an_author_saves_is_counted(site, write, monkeypatch):
    article = write("Refunds")
    voter = Thread(
        target=at_once, args=(lambda name: service.vote(article, name, helpful=True), "a")
    )
    checked = service._checked

    def meanwhile(*given):
        voter.start()
        if not is_sqlite():  # There writers take turns.
            voter.join()
        return checked(*given)

    monkeypatch.setattr(service, "_checked", meanwhile)
    change(article, title="Returns")
    voter.join()
    found = service.find(site.id, article.id)
    assert (found.title, found.helpful) == ("Returns", 1)


def test_an_address_that_was_public_leads_on_though_it_changed_in_a_draft(site, write):
    article = write("Refunds")
    service.withdraw(article)
    change(article, slug="money-back")
    assert addresses.present(site.id, "en", "refunds") is None
    service.publish(article)
    assert addresses.present(site.id, "en", "refunds") == ("en", "money-back")
    service.remove(article)
    service.restore(site.id, article.id)
    service.publish(change(article, slug="returns"))
    assert addresses.present(site.id, "en", "refunds") == ("en", "returns")
    assert addresses.present(site.id, "en", "money-back") == ("en", "returns")


def test_two_long_titles_that_are_alike_can_be_changed_like_any_other(site, write):
    long = "What to send back " + "when " * 8 + "you live on an island"
    assert len(addresses.slug_of(long)) >= addresses.LONGEST - 2
    write(long)
    second = write(long)
    assert second.slug.endswith("-2")
    assert change(second, body="Call us.").slug == second.slug


def test_what_a_word_finds_is_read_page_by_page(site, write):
    for nth in range(desk.PAGE + 2):
        write(f"Refunds {nth}", draft=True)
    first, after = desk.rows(site.id, text="refunds")
    rest, end = desk.rows(site.id, text="refunds", before=after)
    assert (len(first), len(rest), end) == (desk.PAGE, 2, None)
