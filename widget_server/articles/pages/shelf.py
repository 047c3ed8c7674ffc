"""Pages as they were sent last: a page is made again only when what it shows has changed."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

import brotli

from ...database import query

#: Pages kept in memory, of all sites together.
KEPT = 2_000

#: Shorter answers are not worth compressing.
SMALL = 500


ENCODINGS = ("br", "gzip")


class Answer(NamedTuple):
    """A page as it is sent, and the policy it is sent with."""

    body: bytes
    policy: str
    encoding: str
    etag: str


def mark(site_key: str) -> str | None:
    """Return a text that is another whenever a site's pages may be; one indexed read."""
    rows = query(
        "SELECT s.changed_at, c.value FROM site s LEFT JOIN counter c"
        " ON c.site_id = s.id AND c.name = 'articles' WHERE s.key = ? AND s.archived_at IS NULL",
        site_key,
    )
    return f"{rows[0][0]} {rows[0][1]}" if rows else None


class Shelf:
    """Answers by address and encoding; the longest unasked go first."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._pages: OrderedDict[tuple[str, str], tuple[str, Answer]] = OrderedDict()
        self._lock = Lock()

    def take(
        self, path: str, encoding: str, version: str, make: Callable[[], tuple[str, str]]
    ) -> Answer:
        """Return the answer kept for ``version``, or make and keep it."""
        key = (path, encoding)
        with self._lock:
            kept = self._pages.get(key)
            if kept and kept[0] == version:
                self._pages.move_to_end(key)
                return kept[1]
        answer = pack(*make(), encoding)
        with self._lock:
            self._pages[key] = (version, answer)
            self._pages.move_to_end(key)
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)
        return answer


def pack(text: str, policy: str, encoding: str) -> Answer:
    """Return a text as it is sent; each encoding has its own ETag."""
    body = text.encode()
    if len(body) < SMALL:
        encoding = ""
    if encoding == "br":
        body = brotli.compress(body, quality=5)
    elif encoding == "gzip":
        body = gzip.compress(body, 6, mtime=0)
    return Answer(body, policy, encoding, hashlib.sha256(body).hexdigest()[:20])
