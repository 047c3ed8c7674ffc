"""How the text of a setting becomes its value, or what to write instead."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit


def whole(minimum: int, maximum: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = minimum - 1
        if not minimum <= number <= maximum:
            raise ValueError(f"write a whole number from {minimum} to {maximum}, not {text!r}")
        return number

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"write one of {', '.join(choices)}, not {text!r}")
        return text

    return parse


def secrets_list(text: str) -> list[str]:
    keys = [key.strip() for key in text.split(",") if key.strip()]
    if not keys or any(len(key) < 32 for key in keys):
        raise ValueError(
            "write at least 32 random characters, for example the output of "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return keys


def long_enough(text: str) -> str:
    if text and len(text) < 16:
        raise ValueError("write at least 16 random characters, or leave it out")
    return text


def listening(text: str) -> str:
    # Nothing at all would be every address there is.
    if not re.fullmatch(r"[\w.:-]+", text):
        raise ValueError(f"write 127.0.0.1, or 0.0.0.0 for every address, not {text!r}")
    return text


def database_url(text: str) -> str:
    scheme, file = urlsplit(text).scheme, text.removeprefix("sqlite:///")
    # What SQLite keeps in memory, or under no name, is gone with the connection.
    named = file not in {"", ":memory:", text}
    if scheme != "postgresql" and not (scheme == "sqlite" and named):
        raise ValueError(f"write sqlite:///file.db or postgresql://user@host/name, not {text!r}")
    return text


def origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"}:
        raise ValueError(f"write scheme and host, such as https://help.example.com, not {text!r}")
    return f"{parts.scheme}://{parts.netloc}"


def bucket_url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme != "s3" or not parts.netloc or parts.query):
        raise ValueError(f"write s3://bucket or s3://bucket/prefix, not {text!r}")
    return text


def web_address(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query):
        raise ValueError(f"write https://api.example.com/v1, not {text!r}")
    return text.rstrip("/")


def font_file(text: str) -> str:
    if not text:
        return text
    try:
        with Path(text).open("rb") as file:
            begins = file.read(4)
    except OSError as error:
        raise ValueError(f"{text} cannot be read: {error.strerror}") from error
    if begins not in (b"\x00\x01\x00\x00", b"true", b"OTTO", b"ttcf"):
        raise ValueError(f"{text} is no font; name a .ttf, .otf or .ttc file")
    return text


def limiter_url(text: str) -> str:
    if urlsplit(text).scheme not in {"memory", "redis", "rediss"}:
        raise ValueError(f"write memory:// or redis://host:6379/0, not {text!r}")
    return text


def redis_url(text: str) -> str:
    if text and urlsplit(text).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError(f"write redis://host:6379/0, not {text!r}")
    return text


def mail_url(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        parts = urlsplit(text)
        if text and (
            parts.scheme not in schemes
            or not (parts.path if parts.scheme == "folder" else parts.hostname)
        ):
            raise ValueError(f"write {schemes[0]}://user:password@host or leave it out")
        return text

    return parse


def mailbox(text: str) -> str:
    from email.utils import parseaddr  # It brings half of `email` into the parent of the processes.

    name, address = parseaddr(text)
    if text and not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise ValueError(f"write help@example.com or Help <help@example.com>, not {text!r}")
    return text
