"""Answers as short as whoever asked can take them: a list of twenty in an eighth of its bytes.

What another page can make a browser fetch is left as it is, for its length would tell of secrets
beside that page's own words (BREACH): the API is asked with a token in a header, which no other
page can send, and the console is compressed for its own pages alone.
"""

from functools import lru_cache

import brotli
from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from .agents.guards import same_origin

#: Shorter answers fit into one packet as they are.
SMALL = 1_000

#: brotli's quickest two differ little in bytes; this one takes 12 µs for a list of twenty.
QUALITY = 1

KINDS = ("application/json", "text/html")
PLACES = ("/api/", "/console/")


def pack(response: Response) -> Response:
    """Compress a finished text for who takes brotli, as every browser does over https."""
    headers, path = response.headers, request.path
    if (
        not path.startswith(PLACES)
        or not headers.get("Content-Type", "").startswith(KINDS)
        or response.is_streamed
        or response.direct_passthrough
        or "Content-Encoding" in headers
        or "ETag" in headers  # It would name two bodies.
        or (path.startswith("/console/") and not same_origin())
    ):
        return response
    body = response.get_data()
    if len(body) < SMALL:
        return response
    headers.add("Vary", "Accept-Encoding")
    if takes_brotli(request.environ.get("HTTP_ACCEPT_ENCODING", "")):
        response.set_data(brotli.compress(body, quality=QUALITY))
        headers["Content-Encoding"] = "br"
    return response


@lru_cache(maxsize=256)
def takes_brotli(accepted: str) -> bool:
    """Read an Accept-Encoding header; browsers send few different ones, and often."""
    return parse_accept_header(accepted, Accept).quality("br") > 0
