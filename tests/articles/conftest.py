"""Articles as tests write them."""

from typing import Any

import pytest

from widget_server.articles import events, service


@pytest.fixture
def write(site):
    """Write an article; it is published unless told otherwise."""

    def make(title: str = "Returns", *, at: Any = None, draft: bool = False, **given: Any):
        values = {"locale": "en", "body": f"How {title} work.", "author": "Inés"} | given
        article = service.write(at or site, title=title, **values)
        return article if draft else service.publish(article)

    return make


@pytest.fixture
def heard():
    """What articles announced, in order."""
    told = []

    def listener(kind, article):
        told.append((kind, article.title))

    events.listen(listener)
    yield told
    events._listeners.remove(listener)


@pytest.fixture
def read(client, site):
    """Fetch a help page of the site as a browser does."""

    def fetch(path="", **options):
        return client.get(f"/help/{site.key}/{path}", **options)

    return fetch
