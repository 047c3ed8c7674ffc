"""Which articles mean what is asked, where a site has a model that tells. Off unless chosen.

Vectors of published articles are made by jobs. The question's is asked for while somebody writes:
it has a moment, and whatever goes wrong, articles are found by their words alone.
"""

import hashlib
import heapq
import logging
import threading
import time
from collections.abc import Sequence

from ..articles.models import Article
from ..database import execute, fetch, query, transaction
from ..jobs import enqueue, handler
from ..text import to_words
from . import endpoints
from .asking import EndpointFailed
from .embedding import Vector, embed, likeness, pack, sketch, sketched
from .endpoints import Endpoint

log = logging.getLogger(__name__)

#: Characters of an article and of a question: about what the smallest models read.
TEXT = 1_500

#: Articles a job asks for at once, and the seconds it has for them.
BATCH, SECONDS = 16, 60.0

#: Seconds a question waits for its vector at most, and that a server which failed is left alone.
PATIENCE, REST = 0.8, 30.0

#: Articles whose sketches are nearest; only theirs are compared number by number.
NEAREST = 40

#: Before vectors of another length than the question's are made again.
AGAIN = 3_600

PUBLISHED = "published_at IS NOT NULL AND removed_at IS NULL"

#: Questions of a moment ago: they are asked again at the last step, and for an answer.
LATELY = 64

_lock = threading.Lock()
_asking = 0
_resting: dict[str, float] = {}
_lately: dict[tuple[str, str], Vector] = {}


def near(site_id: int, title: str, text: str) -> dict[str, float]:
    """Return how near articles are in meaning, from 0 to 1; nothing where that is not known."""
    endpoint = endpoints.embedder_of(site_id)
    if endpoint is None:
        return {}
    space = space_of(endpoint)
    rows = query(
        "SELECT article_id, dimension, sketch FROM article_meaning WHERE site_id = ? AND space = ?",
        site_id, space,
    )  # fmt: skip
    vector = _in_time(endpoint, f"{title}\n{text}"[:TEXT]) if rows else None
    if vector is None:
        return {}
    if any(dimension != len(vector) for _, dimension, _ in rows):
        _make_again(site_id, len(vector))
    own = sketch(vector)
    differing = [
        ((int.from_bytes(signs, "big") ^ own).bit_count(), ref)
        for ref, dimension, signs in rows
        if dimension == len(vector)
    ]
    return _scaled(site_id, [ref for _, ref in heapq.nsmallest(NEAREST, differing)], vector)


def _scaled(site_id: int, refs: Sequence[str], vector: Vector) -> dict[str, float]:
    """Return likenesses from 0, the least of them, to 1: models differ in what is near."""
    if not refs:
        return {}
    rows = query(
        "SELECT article_id, vector FROM article_meaning WHERE site_id = ? AND dimension = ?"
        f" AND article_id IN ({', '.join('?' * len(refs))})",
        site_id, len(vector), *refs,
    )  # fmt: skip
    alike = {ref: likeness(packed, vector) for ref, packed in rows}
    least, most = min(alike.values(), default=0.0), max(alike.values(), default=0.0)
    return {ref: (each - least) / (most - least) for ref, each in alike.items() if most > least}


def _in_time(endpoint: Endpoint, text: str) -> Vector | None:
    """Return a question's vector if it comes within a moment; who failed is not asked for a while.

    In a thread of its own: a server that sends a byte now and then keeps no request waiting.
    """
    space = space_of(endpoint)
    known = _lately.get((space, text))
    if known is not None:
        return known
    if time.monotonic() < _resting.get(space, 0.0) or not _enter():
        return None
    seconds = min(PATIENCE, endpoint.patience / 1000)
    found: list[Vector] = []

    def ask() -> None:
        try:
            found.extend(embed(endpoint, [text], seconds))
        except EndpointFailed as error:
            log.warning("Nothing is found by meaning at %s: %s", endpoint.url, error)
        finally:
            _leave()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if not found:
        _resting[space] = time.monotonic() + REST
        return None
    with _lock:
        _lately[space, text] = found[0]
        while len(_lately) > LATELY:
            del _lately[next(iter(_lately))]
    return found[0]


def _enter() -> bool:
    """Only some of a process's threads wait for a model: the others' requests need them."""
    global _asking
    with _lock:
        if _asking >= endpoints.Writing.at_once:
            return False
        _asking += 1
        return True


def _leave() -> None:
    global _asking
    with _lock:
        _asking -= 1


def rested() -> None:
    """Ask everybody again, as a process that has just begun."""
    _resting.clear()
    _lately.clear()


def space_of(endpoint: Endpoint) -> str:
    """Name what vectors have to share to be compared: the server and its model."""
    return f"{endpoint.url} {endpoint.model}"


def keep(article: Article) -> None:
    """Have an article's vector made, or forgotten, as it is now; in its writer's transaction."""
    if not article.is_public:
        execute(
            "DELETE FROM article_meaning WHERE site_id = ? AND article_id = ?",
            article.site_id, article.id,
        )  # fmt: skip
    elif endpoints.embedder_of(article.site_id):
        enqueue("assistant.embed", site_id=article.site_id, article_id=article.id)


@handler("assistant.embed")
def embed_article(site_id: int, article_id: str) -> None:
    """Make one article's vector, unless it is there."""
    found = fetch(Article, f"site_id = ? AND id = ? AND {PUBLISHED}", site_id, article_id)
    _make(site_id, found)


@handler("assistant.embed_all")
def embed_all(site_id: int, after: str = "", dimension: int | None = None) -> None:
    """Make a handful of vectors, then leave the next handful to another job."""
    wanted = f"site_id = ? AND id > ? AND {PUBLISHED} ORDER BY id LIMIT {BATCH}"
    some = fetch(Article, wanted, site_id, after)
    _make(site_id, some, dimension)
    if len(some) == BATCH and endpoints.embedder_of(site_id):
        enqueue("assistant.embed_all", site_id=site_id, after=some[-1].id, dimension=dimension)


def _make(site_id: int, some: Sequence[Article], dimension: int | None = None) -> None:
    """Make vectors of articles that have none as they are now, or one of another length."""
    endpoint = endpoints.embedder_of(site_id)
    if endpoint is None or not some:
        return
    space = space_of(endpoint)
    kept = {
        ref: (digest, length)
        for ref, digest, length in query(
            "SELECT article_id, digest, dimension FROM article_meaning WHERE site_id = ?"
            f" AND article_id IN ({', '.join('?' * len(some))})",
            site_id, *[article.id for article in some],
        )
    }  # fmt: skip
    due = []
    for article in some:
        digest, length = kept.get(article.id, ("", 0))
        if digest != _digest(space, article) or dimension not in (None, length):
            due.append(article)
    if not due:
        return
    vectors = embed(endpoint, [_text(article) for article in due], SECONDS)
    for article, vector in zip(due, vectors, strict=True):
        _store(space, article, vector)


def _store(space: str, article: Article, vector: Vector) -> None:
    """Keep a vector, unless the article was changed or withdrawn while it was made."""
    digest = _digest(space, article)
    with transaction():
        found = fetch(
            Article, f"site_id = ? AND id = ? AND {PUBLISHED}", article.site_id, article.id
        )
        if not found or _digest(space, found[0]) != digest:
            return
        execute(
            "INSERT INTO article_meaning (site_id, article_id, space, digest, dimension, sketch,"
            " vector) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site_id, article_id) DO UPDATE"
            " SET space = excluded.space, digest = excluded.digest,"
            " dimension = excluded.dimension, sketch = excluded.sketch, vector = excluded.vector",
            article.site_id, article.id, space, digest, len(vector), sketched(vector),
            pack(vector),
        )  # fmt: skip


def _make_again(site_id: int, dimension: int) -> None:
    """The model behind a name was changed: have the vectors of another length made again."""
    key = f"embed:{site_id}:{dimension}"
    with transaction():
        enqueue(
            "assistant.embed_all", delay=AGAIN, unique_key=key, site_id=site_id, dimension=dimension
        )


def _text(article: Article) -> str:
    return f"{article.title}\n{' '.join(article.tags)}\n{to_words(article.body)}"[:TEXT]


def _digest(space: str, article: Article) -> str:
    return hashlib.sha256(f"{space}\n{_text(article)}".encode()).hexdigest()[:32]
