"""When something goes wrong, a page says what and where to go; a part of it says so in place."""

import logging
from typing import Any

from flask import Response, g, make_response, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from ...database import lost
from ...errors import HTTP_CODES, Invalid, NotFound, VentanillaError, trouble
from ...logs import request_id
from ..language import Words
from .frame import bp, is_part, language, page

log = logging.getLogger(__name__)


def show_error(status: int, code: str) -> Response:
    g.words = g.get("words") or Words(language())
    if is_part():
        response = make_response(page("_failure.html", sentence=g.words.error(code)), status)
        response.headers["HX-Reswap"] = "none"
        return response
    # Whoever reports it can name it, and whoever reads the logs can find it.
    name = request_id(request.environ) if status >= 500 else None
    return make_response(page("error.html", status=status, code=code, request_id=name), status)


@bp.errorhandler(VentanillaError)
def from_domain(error: VentanillaError) -> Response:
    return show_error(error.status, error.code)


@bp.errorhandler(ValidationError)
def from_validation(error: ValidationError) -> Response:
    return show_error(Invalid.status, Invalid.code)


@bp.errorhandler(HTTPException)
def from_http(error: HTTPException) -> Any:
    if error.code is not None and error.code < 400:
        return error
    status = error.code or 500
    return show_error(status, HTTP_CODES.get(status, "internal_error"))


@bp.errorhandler(Exception)
def unexpected(error: Exception) -> Response:
    known = trouble(error, away=isinstance(error, lost()))
    if known is not None:
        return from_domain(known)
    log.exception("Unhandled error")
    return show_error(500, VentanillaError.code)


@bp.get("/<path:nowhere>")
def nothing(nowhere: str) -> str:
    """Answer an address no page has, in the console's own look."""
    raise NotFound(nowhere)
