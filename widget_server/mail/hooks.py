"""What mail providers post to us: is it really theirs, and where in it is the raw mail?"""

import hashlib
import hmac
import json
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from datetime import datetime

from ..errors import BadRequest, Forbidden

#: Seconds a signed call stays good.
FRESH = 300


class NotVerified(Forbidden):
    code, message = "hook_not_verified", "The signature or secret of this call is wrong."


class BadHook(BadRequest):
    code, message = "bad_hook", "The raw mail is missing."


def mailgun(form: Mapping[str, str], key: str, now: datetime) -> tuple[bytes, str]:
    """Return the mail of a Mailgun route, and the token its signature is good for once."""
    at, token = form.get("timestamp", ""), form.get("token", "")
    expected = hmac.new(_bytes(key), _bytes(at + token), hashlib.sha256).hexdigest()
    if not key or not hmac.compare_digest(expected.encode(), _bytes(form.get("signature", ""))):
        raise NotVerified()
    if not at.isdecimal() or abs(now.timestamp() - int(at[:15])) > FRESH:
        raise NotVerified("This call is older than five minutes.")
    raw = form.get("body-mime")
    if not raw:
        raise BadHook(
            "Let the route forward to an address that ends in /mime; only then the raw mail comes."
        )
    return _bytes(raw), token


def postmark(body: bytes, given: str, secret: str) -> bytes:
    """Return the mail of a Postmark inbound webhook."""
    _same(given, secret)
    try:
        data = json.loads(body)
        raw = data.get("RawEmail") if isinstance(data, dict) else None
    except (ValueError, RecursionError) as error:
        raise BadHook("This is not the JSON Postmark sends.") from error
    if not isinstance(raw, str) or not raw:
        raise BadHook("Tick “Include raw email content in JSON payload” in the inbound settings.")
    return _bytes(raw)


def sendgrid(form: Mapping[str, str], given: str, secret: str) -> bytes:
    """Return the mail of SendGrid's Inbound Parse."""
    _same(given, secret)
    raw = form.get("email")
    if not raw:
        raise BadHook("Tick “POST the raw, full MIME message” in the Inbound Parse settings.")
    if "\n" not in raw[:2_000]:
        try:
            return b64decode(raw, validate=True)
        except (Error, ValueError):
            pass
    return _bytes(raw)


def _same(given: str, secret: str) -> None:
    if not secret or not hmac.compare_digest(_bytes(given), _bytes(secret)):
        raise NotVerified()


def _bytes(text: str) -> bytes:
    """Encode whatever a stranger sent: JSON can hold halves of characters."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")
