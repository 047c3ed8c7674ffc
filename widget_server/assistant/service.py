"""What may answer a request being written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..articles.models import Article
from ..articles.pages.places import article_path
from ..articles.search import Hit, passage
from ..database import fetch
from ..sites.look import complete
from ..sites.models import Site
from ..text import to_words
from . import answering, endpoints, meaning
from .answering import Sentence
from .ranking import FEWEST, Question, rank
from .wording import concepts, stem, words

MOST = 3

#: How much of the best one's score another needs to stand beside it.
NEAR = 0.45

PASSAGE = 240


def suggest(site: Site, title: str, body: str, locale: str | None) -> list[dict[str, Any]]:
    """Return the answers worth showing, best first; usually none for what nobody wrote about."""
    question = Question.of(title, body)
    return [
        {
            "id": article.id,
            "title": article.title,
            "text": fitting(article.body, question),
            "locale": article.locale,
            "url": article_path(site.key, article.locale, article.slug),
        }
        for article in fitting_articles(site.id, title, body, locale)
    ]


def fitting_articles(site_id: int, title: str, body: str, locale: str | None) -> list[Article]:
    """Return the articles worth showing, best first."""
    found = rank(site_id, title, body, locale, meaning.near)
    if not found.is_worth_showing:
        return []
    best = found.refs[0][1]
    near = [ref for ref, score in found.refs if score >= NEAR * best]
    return _readable(site_id, near[: 4 * MOST], locale)[:MOST]


@dataclass
class Written:
    """An answer that is being written. ``sentences`` may be read once, and must be closed."""

    sentences: Iterator[Sentence]
    articles: dict[str, Article]


def write_answer(site: Site, question: str, locale: str | None) -> Written | None:
    """Begin an answer from the articles that fit; ``None`` where there is nothing to say.

    Costs one of the site's answers of today. Nothing is asked before the first is wanted.
    """
    endpoint = endpoints.of_site(site.id)
    title, _, body = question.partition("\n")
    articles = fitting_articles(site.id, title, body, locale) if endpoint else []
    if endpoint is None or not articles or not endpoints.spend(site.id):
        return None
    default = complete(site.settings)["default_language"]
    sources = answering.sources_of(articles, question)
    language = answering.language_for(question, locale, default)
    sentences = answering.answer(endpoint, question, sources, language)
    return Written(sentences, {article.id: article for article in articles})


def _readable(site_id: int, refs: Sequence[str], locale: str | None) -> list[Article]:
    """Return published articles in order, one of a topic: in ``locale`` if there is one."""
    if not refs:
        return []
    marks = ", ".join("?" * len(refs))
    published = "published_at IS NOT NULL AND removed_at IS NULL"
    rows = fetch(Article, f"site_id = ? AND id IN ({marks}) AND {published}", site_id, *refs)
    by_ref = {article.id: article for article in rows}
    topics = {article.topic for article in rows if article.locale != locale}
    own = {}
    if topics and locale:
        marks = ", ".join("?" * len(topics))
        wanted = f"site_id = ? AND locale = ? AND topic IN ({marks}) AND {published}"
        own = {a.topic: a for a in fetch(Article, wanted, site_id, locale, *topics)}
    chosen: dict[str, Article] = {}
    for ref in refs:
        if ref in by_ref:
            article = by_ref[ref]
            chosen.setdefault(article.topic, own.get(article.topic, article))
    return list(chosen.values())


def fitting(body: str, question: Question) -> str:
    """Return the paragraph that says most of the question, cut at a word."""
    wanted = {stem(word) for word in question.words}
    meant = {concept for word in question.words for concept in concepts(word)}

    def worth(paragraph: str) -> int:
        said = set(words(paragraph))
        own = {concept for word in said for concept in concepts(word)}
        return 2 * len(wanted & {stem(word) for word in said}) + len(meant & own)

    paragraphs = [text for part in body.split("\n\n") if (text := to_words(part).strip())]
    if not paragraphs:
        return ""
    # The first of equals: writers begin with what matters.
    shown = max(paragraphs, key=worth)
    return shown if len(shown) <= PASSAGE else shown[:PASSAGE].rpartition(" ")[0] + "…"


def search(site_id: int, text: str, locale: str, most: int) -> list[Hit]:
    """Answer the help pages' search box: what fits best, in any language, however little."""
    refs = [ref for ref, _ in rank(site_id, text, "", locale).refs]
    found = [article for article in _readable(site_id, refs, locale) if article.locale == locale]
    folded = list(words(text))
    return [Hit(article.id, passage(article.body, folded)) for article in found[:most]]


def is_question(title: str, body: str) -> bool:
    """Has enough been written to be remembered as a question?"""
    return len(Question.of(title, body).words) >= FEWEST
