"""Answers as short as whoever asked can take them: a list of twenty in an eighth of its bytes.

What another page can make a browser fetch is left as it is, for its length would tell of secrets
beside that page's own words (BREACH): the API is asked with a token in a header, which no other
page can send, and the console is compressed for its own pages alone.
"""

import brotli
from flask import Response, request

from .agents.guards import same_origin

#: Shorter answers fit into one packet as they are.
SMALL = 1_000

#: brotli's quickest two differ little in bytes; this one takes 12 µs for a list of twenty.
QUALITY = 1

KINDS = {"application/json", "text/html"}
PLACES = ("/api/", "/console/")


def pack(response: Response) -> Response:
    """Compress a finished text for who takes brotli, as every browser does over https."""
    if (
        not request.path.startswith(PLACES)
        or response.mimetype not in KINDS
        or response.is_streamed
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or "ETag" in response.headers  # It would name two bodies.
    ):
        return response
    if request.path.startswith("/console/") and not same_origin():
        return response
    body = response.get_data()
    if len(body) < SMALL:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("br") > 0:
        response.set_data(brotli.compress(body, quality=QUALITY))
        response.headers["Content-Encoding"] = "br"
    return response
