"""Every setting, declared once: its name, its default, how it is read and what it is for."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "VENTANILLA_"


class ConfigurationError(Exception):
    """One or more settings are missing or wrong. The text names each and what to write."""


@dataclass(frozen=True)
class Setting:
    """One thing an operator can choose. A default of ``None`` means it is required."""

    name: str
    default: Any
    help: str
    parse: Callable[[str], Any] = str


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


def database_url(text: str) -> str:
    if urlsplit(text).scheme not in {"sqlite", "postgresql"}:
        raise ValueError(f"write sqlite:///file.db or postgresql://user@host/name, not {text!r}")
    return text


def origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"}:
        raise ValueError(f"write scheme and host, such as https://help.example.com, not {text!r}")
    return f"{parts.scheme}://{parts.netloc}"


def web_address(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query):
        raise ValueError(f"write https://api.example.com/v1, not {text!r}")
    return text.rstrip("/")


def limiter_url(text: str) -> str:
    if urlsplit(text).scheme not in {"memory", "redis", "rediss"}:
        raise ValueError(f"write memory:// or redis://host:6379/0, not {text!r}")
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
    name, address = parseaddr(text)
    if text and not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise ValueError(f"write help@example.com or Help <help@example.com>, not {text!r}")
    return text


SETTINGS = (
    Setting(
        "SECRET_KEY",
        None,
        "Signs sessions and links. Several, separated by commas: the first signs, all verify.",
        secrets_list,
    ),
    Setting(
        "DATABASE_URL",
        "sqlite:///ventanilla.db",
        "Where tickets are kept: `sqlite:///file.db` or `postgresql://…`.",
        database_url,
    ),
    Setting("FILES_DIR", Path("files"), "Folder for uploaded files.", Path),
    Setting(
        "SERVER_URL",
        "http://127.0.0.1:8700",
        "The origin under which browsers reach this server.",
        origin,
    ),
    Setting("HOST", "127.0.0.1", "Address to listen on."),
    Setting("PORT", 8700, "Port to listen on.", whole(1, 65_535)),
    Setting("THREADS", 4, "Requests answered at the same time by one process.", whole(1, 256)),
    Setting("PROCESSES", 1, "App processes; more than one needs PostgreSQL.", whole(1, 64)),
    Setting(
        "WORKER",
        "embedded",
        "`embedded` runs jobs inside the server; `separate` leaves them to `ventanilla worker`.",
        one_of("embedded", "separate"),
    ),
    Setting(
        "RATE_LIMIT_URL",
        "memory://",
        "Where request counts are kept: `memory://` or `redis://…`.",
        limiter_url,
    ),
    Setting(
        "TRUSTED_PROXIES",
        0,
        "How many proxies in front of the server set X-Forwarded-For.",
        whole(0, 10),
    ),
    Setting(
        "SESSION_TTL", 43_200, "Seconds a signed-in user's session lasts.", whole(60, 2_592_000)
    ),
    Setting(
        "VISITOR_TTL",
        2_592_000,
        "Seconds a visitor's session lasts.",
        whole(60, 31_536_000),
    ),
    Setting(
        "SMTP_URL",
        "",
        "Where mail goes out: `smtps://user:password@host`, or `smtp://…` with STARTTLS"
        " (`?tls=none` does without), or `folder:/path` to look at. Empty: none is sent.",
        mail_url("smtps", "smtp", "folder"),
    ),
    Setting("MAIL_FROM", "", "Who mail is from: `Help <help@example.com>`.", mailbox),
    Setting(
        "MAIL_REPLY_TO",
        "",
        "Mailbox that takes answers, 10 characters before the @ at most; a token is added.",
        mailbox,
    ),
    Setting(
        "IMAP_URL",
        "",
        "Mailbox that is read: `imaps://user:password@host/INBOX`, or `imap://…` with STARTTLS.",
        mail_url("imaps", "imap"),
    ),
    Setting(
        "MAIL_HOOK_SECRET",
        "",
        "Secret in the address mail providers post to: `/hooks/mail/postmark?secret=…`.",
    ),
    Setting("MAILGUN_KEY", "", "Mailgun's webhook signing key."),
    Setting(
        "MAIL_AUTHSERV",
        "",
        "Name your mail server signs `Authentication-Results` with; only those are believed.",
    ),
    Setting(
        "PROOF_COST",
        100_000,
        "Hashes a visitor's browser tries at most before it may file; a phone does it in a second.",
        whole(1, 10_000_000),
    ),
    Setting(
        "PROOF_SECONDS",
        3,
        "Seconds a visitor's form is open at least; nobody writes faster.",
        whole(0, 60),
    ),
    Setting(
        "STRIPE_KEY",
        "",
        "Stripe's secret key, for sites that switch Stripe on and have none of their own.",
    ),
    Setting("STRIPE_HOOK_SECRET", "", "The signing secret that goes with it: `whsec_…`."),
    Setting("STRIPE_URL", "https://api.stripe.com", "Where Stripe answers.", origin),
    Setting(
        "ANSWER_URL",
        "",
        "An OpenAI-compatible server that writes answers for sites that switch it on:"
        " `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`.",
        web_address,
    ),
    Setting("ANSWER_MODEL", "", "The model it is asked for."),
    Setting("ANSWER_KEY", "", "Its key, if it wants one."),
    Setting(
        "ANSWER_MS",
        2_500,
        "Milliseconds such a server has for its first word, and for a pause.",
        whole(100, 60_000),
    ),
    Setting("FILE_BYTES", 26_214_400, "Largest file accepted, in bytes.", whole(1, 1 << 32)),
    Setting(
        "LOG_LEVEL",
        "info",
        "How much is logged: `debug`, `info`, `warning` or `error`.",
        one_of("debug", "info", "warning", "error"),
    ),
    Setting(
        "UNDO_SECONDS",
        10,
        "Seconds an agent can take a reply back before it is sent; `0` sends at once.",
        whole(0, 60),
    ),
    Setting("LOG_FORMAT", "json", "How it is logged: `json` or `text`.", one_of("json", "text")),
)


def load(
    environ: Mapping[str, str] | None = None, overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return every setting, typed.

    Raises :exc:`ConfigurationError` naming *all* that is missing or wrong, not only the first.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    faults: list[str] = []
    overrides = overrides or {}
    for setting in SETTINGS:
        if setting.name in overrides:
            values[setting.name] = overrides[setting.name]
            continue
        raw = environ.get(PREFIX + setting.name)
        try:
            values[setting.name] = setting.default if raw is None else setting.parse(raw)
        except ValueError as error:
            faults.append(f"{PREFIX}{setting.name}: {error}")
            continue
        if values[setting.name] is None:
            faults.append(f"{PREFIX}{setting.name} is not set. {setting.help}")
    known = {setting.name for setting in SETTINGS}
    faults += [f"{name} is not a setting" for name in sorted(set(overrides) - known)]
    faults += [
        f"{name} is not a setting; see the README for their names"
        for name in sorted(environ)
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in known
    ]
    faults += _contradictions(values)
    if faults:
        raise ConfigurationError("\n".join(faults))
    return values


def _contradictions(values: Mapping[str, Any]) -> list[str]:
    if values.get("PROCESSES", 1) > 1 and values.get("DATABASE_URL", "").startswith("sqlite"):
        return [f"{PREFIX}PROCESSES: SQLite serves one process; set {PREFIX}DATABASE_URL too"]
    return []
