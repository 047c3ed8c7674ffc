"""Errors the API can answer with, all in one shape.

VentanillaError
├── BadRequest        400  the request cannot be read
├── Unauthenticated   401  the token is missing, forged or stale
├── Forbidden         403  a known caller may not do this
├── NotFound          404  it does not exist, or is not theirs to see
├── Conflict          409  the current state does not allow it
├── TooLarge          413  more bytes than allowed
├── Invalid           422  the input does not make sense
├── RateLimited       429  too much, too fast
├── Unavailable       503  a part we need is away
└── StorageFull       507  there is no room to keep it
"""

import errno
import logging
from typing import Any

from flask import Flask, Response, jsonify, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from .ids import REQUEST_ID

log = logging.getLogger(__name__)


class VentanillaError(Exception):
    """Something the caller is told about: a status, a stable code and a sentence."""

    status = 500
    code = "internal_error"
    message = "Something went wrong on our side. Try again in a minute."

    def __init__(self, message: str | None = None, **details: Any) -> None:
        super().__init__(message or self.message)
        self.details = details


class BadRequest(VentanillaError):
    status, code, message = 400, "malformed_json", "The body is not valid JSON."


class Unauthenticated(VentanillaError):
    status, code, message = 401, "invalid_token", "A valid token is required."


class Forbidden(VentanillaError):
    status, code, message = 403, "forbidden", "You may not do that."


class NotFound(VentanillaError):
    status, code, message = 404, "not_found", "There is nothing here."


class Conflict(VentanillaError):
    status, code, message = 409, "conflict", "The current state does not allow it."


class TooLarge(VentanillaError):
    status, code, message = 413, "too_large", "That is more than can be sent."


class Invalid(VentanillaError):
    status, code, message = 422, "invalid", "Some fields need another look."


class RateLimited(VentanillaError):
    status, code, message = 429, "rate_limited", "Too many requests. Wait a moment."


class Unavailable(VentanillaError):
    status, code, message = 503, "unavailable", "This is not available right now."


class StorageFull(VentanillaError):
    status, code = 507, "storage_full"
    message = "There is no room left here to keep this. Try again in a few minutes."


def respond(status: int, code: str, message: str, **details: Any) -> Response:
    """Return the one shape every API error takes."""
    response = jsonify(error={"code": code, "message": message, **details})
    response.status_code = status
    if "retry_after" in details:
        response.headers["Retry-After"] = str(details["retry_after"])
    return response


#: Where a running request keeps what the database failed it with.
TROUBLE = "ventanilla.database"

#: The disk, the quota or the largest allowed file.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

#: PostgreSQL's states for: could not be serialised, deadlock, lock not available, too many callers.
BUSY = {"40001", "40P01", "55P03", "53300"}

#: What a plain HTTP error is called on the wire.
HTTP_CODES = {
    400: "malformed_json",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    411: "length_required",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "rate_limited",
}


def from_domain(error: VentanillaError) -> Response:
    return respond(error.status, error.code, str(error), **error.details)


def from_validation(error: ValidationError) -> Response:
    return respond(
        Invalid.status, Invalid.code, Invalid.message, fields=error.normalized_messages()
    )


def from_http(error: HTTPException) -> Response:
    """Dress werkzeug's exceptions; marshmallow's messages arrive through flask-smorest's 422."""
    if isinstance(error.response, Response):
        return error.response  # Whoever raised it has dressed it already.
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    fields = (
        data.get("messages", {}).get("json") if isinstance(data.get("messages"), dict) else None
    )
    if status == 400 and isinstance(fields, list):
        return respond(400, "malformed_json", BadRequest.message)
    details: dict[str, Any] = {}
    if status == 422:
        details["fields"] = _flatten(data.get("messages", {}))
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        details["retry_after"] = retry_after
    message = Invalid.message if status == 422 else error.description or error.name
    response = respond(status, HTTP_CODES.get(status, "error"), message, **details)
    if status == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _flatten(messages: Any) -> dict[str, Any]:
    """Drop the location level ("json", "query") so that fields are named as they were sent."""
    fields: dict[str, Any] = {}
    for part in messages.values() if isinstance(messages, dict) else []:
        fields.update(part if isinstance(part, dict) else {"_schema": part})
    return fields


def unexpected(error: Exception) -> Response:
    known = trouble(error)
    if known is not None:
        return from_domain(known)
    log.exception("Unhandled error")
    name = request.environ.get(REQUEST_ID)
    return respond(500, VentanillaError.code, VentanillaError.message, request_id=name)


def trouble(error: Exception, *, away: bool = False) -> VentanillaError | None:
    """Return what to answer where not we are at fault but the disk or the database is.

    Nothing was written then, and the same request may succeed later. ``away``: whoever asks knows
    the error for one of a database that cannot be reached.
    """
    found: VentanillaError
    # peewee dresses some of the driver's errors.
    bare = error.__cause__ or error.__context__
    text = str(error)
    state = getattr(error, "sqlstate", None) or getattr(bare, "sqlstate", None) or ""
    kind = type(error).__name__
    if getattr(error, "errno", None) in NO_ROOM or state == "53100" or "disk is full" in text:
        found, why = StorageFull(retry_after=30), "full"
    elif kind == "MaxConnectionsExceeded" or "is locked" in text or state in BUSY:
        found, why = Unavailable(retry_after=2), "busy"
    elif away or (kind in {"OperationalError", "InterfaceError"} and _away(text, state)):
        found, why = Unavailable(retry_after=2), "away"
    else:
        return None
    log.error("The database or disk is %s", why, exc_info=error)
    request.environ[TROUBLE] = why
    return found


def _away(text: str, state: str) -> bool:
    return (
        state.startswith(("08", "57P"))
        or "connection" in text
        or "unable to open database file" in text
        or "disk I/O error" in text
    )


def init_app(app: Flask) -> None:
    app.register_error_handler(VentanillaError, from_domain)
    app.register_error_handler(ValidationError, from_validation)
    app.register_error_handler(HTTPException, from_http)
    app.register_error_handler(Exception, unexpected)
