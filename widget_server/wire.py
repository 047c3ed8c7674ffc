"""Field types for what people send: text that can be stored, shown and mailed."""

import re
import unicodedata
from contextlib import suppress
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

#: Control characters but tab and newline, and halves of surrogate pairs: no store keeps them.
UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Input(Schema):
    """What comes in is strict: an unknown field is an error, not a guess."""

    class Meta:
        unknown = RAISE


class Line(fields.String):
    """One line of text, 1 to ``most`` characters after trimming."""

    def __init__(self, *, most: int, least: int = 1, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {})
        kwargs["metadata"] |= {"minLength": least, "maxLength": most}
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = self.tidy(super()._deserialize(value, attr, data, **kwargs))
        if UNUSABLE.search(text):
            raise ValidationError("Contains characters that cannot be stored.")
        if len(text) < self.least:
            raise ValidationError("Write something here.")
        if len(text) > self.most:
            raise ValidationError(f"At most {self.most} characters; this has {len(text)}.")
        return text

    def tidy(self, text: str) -> str:
        return " ".join(unicodedata.normalize("NFC", _readable(text)).split())


class Prose(Line):
    """Text of several lines; line breaks are kept, as ``\\n``."""

    def tidy(self, text: str) -> str:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return unicodedata.normalize("NFC", _readable(text)).strip()


class Email(fields.String):
    """An address someone can be reached at, lower-cased."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {})
        kwargs["metadata"] |= {"format": "email", "maxLength": 254}
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return address(super()._deserialize(value, attr, data, **kwargs))


def address(text: str) -> str:
    """Return ``text`` as a normalised e-mail address or raise :exc:`ValidationError`."""
    # Compiling what an address may be takes as long as starting a twentieth of the server.
    from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

    with suppress(ValueError):
        SPECIAL_USE_DOMAIN_NAMES.remove("local")  # Many an intranet has its mailboxes there.
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
        # Nobody keeps two mailboxes that differ in case; people do type one address in two ways.
        return found.normalized.lower()
    except (EmailNotValidError, UnicodeError) as error:
        raise ValidationError("Write an address such as ana@example.com.") from error


def as_kept(text: str) -> str:
    """Return an address as :func:`address` has it, however it was typed; anything else as it is.

    Browsers send what stands behind the @ in the letters of names on the network (RFC 5891).
    """
    try:
        return address(text)
    except ValidationError:
        return text.strip().lower()


def ascii_host(name: str) -> str:
    """Return a host's name as the network has it: letters outside ASCII in ASCII (RFC 5891)."""
    if name.isascii():
        return name
    import idna  # Large tables that hardly any name needs.

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return name


def _readable(text: str) -> str:
    if UNUSABLE.search(text):
        raise ValidationError("Contains characters that cannot be stored.")
    return text
